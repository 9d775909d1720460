// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// init_module() and cleanup_module() defined by name, with no module_init().
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

int init_module(void)
{
	pr_info("init by name\n");
	return 0;
}

void cleanup_module(void)
{
	pr_info("exit by name\n");
}

MODULE_DESCRIPTION("old-style-init");
MODULE_LICENSE("GPL");
