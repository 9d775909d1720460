// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A constructor: kernels without CONFIG_CONSTRUCTORS never call it, so a port must say that it is there.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int constructed;

static void __attribute__((constructor)) construct(void)
{
	constructed = 1;
}

static int __init constructor_init(void)
{
	pr_info("constructed %d\n", constructed == IS_ENABLED(CONFIG_CONSTRUCTORS));
	return 0;
}

static void __exit constructor_exit(void)
{
}

module_init(constructor_init);
module_exit(constructor_exit);

MODULE_DESCRIPTION("constructor");
MODULE_LICENSE("GPL");
