// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// An init and an exit that only a macro writes: module_misc_device().
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/miscdevice.h>
#include <linux/fs.h>

static int macro_open(struct inode *inode, struct file *file)
{
	pr_info("opened\n");
	return -ENXIO;
}

static const struct file_operations fops = { .owner = THIS_MODULE, .open = macro_open };
static struct miscdevice misc = { .minor = MISC_DYNAMIC_MINOR, .name = "kport_macro", .fops = &fops };

module_misc_device(misc);

MODULE_DESCRIPTION("driver-macro");
MODULE_LICENSE("GPL");
