// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Files under /proc: a single one, a sequence, one with its own operations.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

static const int values[] = { 2, 3, 5, 7, 11 };
static char stored[16] = "nothing";

static int single_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%zu values, %s\n", ARRAY_SIZE(values), stored);
	return 0;
}

static void *values_start(struct seq_file *m, loff_t *pos)
{
	return *pos < ARRAY_SIZE(values) ? (void *)&values[*pos] : NULL;
}

static void *values_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return values_start(m, pos);
}

static void values_stop(struct seq_file *m, void *v)
{
}

static int values_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%td: %d%c", (const int *)v - values, *(const int *)v, '\n');
	return *(const int *)v == 5 ? SEQ_SKIP : 0;
}

static const struct seq_operations values_ops = { values_start, values_stop, values_next, values_show };

static ssize_t stored_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	size_t n = min(count, sizeof(stored) - 1);

	if (copy_from_user(stored, buf, n))
		return -EFAULT;
	stored[n] = '\0';
	return count;
}

static ssize_t stored_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, stored, strlen(stored));
}

static const struct proc_ops stored_ops = { .proc_read = stored_read, .proc_write = stored_write, .proc_lseek = default_llseek };
static struct proc_dir_entry *dir;

static int __init proc_init(void)
{
	dir = proc_mkdir("kport_fixture", NULL);
	if (!dir)
		return -ENOMEM;
	proc_create_single("single", 0444, dir, single_show);
	proc_create_seq("values", 0444, dir, &values_ops);
	proc_create("stored", 0644, dir, &stored_ops);
	pr_info("made\n");
	return 0;
}

static void __exit proc_exit(void)
{
	proc_remove(dir);
	pr_info("removed, stored %s\n", stored);
}

module_init(proc_init);
module_exit(proc_exit);

MODULE_DESCRIPTION("proc-seq-file");
MODULE_LICENSE("GPL");
