// SPDX-License-Identifier: GPL-2.0
/* Asks the kernel for a module that no kernel has. */
#include <linux/kmod.h>
#include <linux/module.h>

static int __init asks_module_init(void)
{
	pr_info("asks_module: %s\n", request_module("kport-no-kernel-has-this") ? "not there" : "there");
	return 0;
}

static void __exit asks_module_exit(void)
{
}

module_init(asks_module_init);
module_exit(asks_module_exit);
MODULE_DESCRIPTION("Asks for a module that is not there");
MODULE_LICENSE("GPL");
