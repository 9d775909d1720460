// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/crc32c.h>
#include <linux/module.h>

/* libcrc32c's own init asks the kernel for the algorithm, which comes from a module that nothing depends on. */
static int __init softdep_init(void)
{
	pr_info("%08x\n", crc32c(~0u, "kport", 5));
	return 0;
}

static void __exit softdep_exit(void)
{
}

module_init(softdep_init);
module_exit(softdep_exit);
MODULE_DESCRIPTION("Needs a module that has a soft dependency");
MODULE_LICENSE("GPL");
