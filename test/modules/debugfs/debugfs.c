// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Files under debugfs of every simple type.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>

static u8 octet = 200;
static u16 word = 0xabcd;
static u32 number = 32;
static u64 wide = 1ULL << 40;
static bool yes = true;
static atomic_t counter = ATOMIC_INIT(-1);
static struct debugfs_blob_wrapper blob = { .data = "blob\n", .size = 5 };
static u32 list[] = { 1, 2, 3 };
static struct debugfs_u32_array array = { .array = list, .n_elements = ARRAY_SIZE(list) };
static struct dentry *dir;

static int shown_show(struct seq_file *m, void *v)
{
	seq_printf(m, "private %u\n", *(u32 *)m->private);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(shown);

static int doubled_get(void *data, u64 *value)
{
	*value = *(u32 *)data * 2;
	return 0;
}

static int doubled_set(void *data, u64 value)
{
	if (value & 1)
		return -EINVAL;
	*(u32 *)data = value / 2;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(doubled_fops, doubled_get, doubled_set, "%llu\n");

static int __init debugfs_fixture_init(void)
{
	dir = debugfs_create_dir("kport_fixture", NULL);
	debugfs_create_u8("octet", 0644, dir, &octet);
	debugfs_create_x16("word", 0444, dir, &word);
	debugfs_create_u32("number", 0644, dir, &number);
	debugfs_create_u64("wide", 0444, dir, &wide);
	debugfs_create_bool("yes", 0644, dir, &yes);
	debugfs_create_atomic_t("counter", 0644, dir, &counter);
	debugfs_create_blob("blob", 0444, dir, &blob);
	debugfs_create_u32_array("array", 0444, dir, &array);
	debugfs_create_file("shown", 0444, dir, &number, &shown_fops);
	debugfs_create_file_unsafe("doubled", 0644, dir, &number, &doubled_fops);
	debugfs_create_symlink("link", dir, "number");
	pr_info("made %d\n", !IS_ERR_OR_NULL(dir));
	return 0;
}

static void __exit debugfs_fixture_exit(void)
{
	debugfs_remove_recursive(dir);
	pr_info("number %u, octet %u\n", number, octet);
}

module_init(debugfs_fixture_init);
module_exit(debugfs_fixture_exit);

MODULE_DESCRIPTION("debugfs");
MODULE_LICENSE("GPL");
