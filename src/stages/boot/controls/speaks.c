// SPDX-License-Identifier: GPL-2.0
/* Control: says what a kernel with sanitizers would; a distribution's kernel has none. */
#include <linux/module.h>

static int __init speaks_init(void)
{
	pr_err("BUG: KASAN: slab-out-of-bounds in speaks_here+0x10/0x20 [speaks]\n");
	pr_err("UBSAN: array-index-out-of-bounds in speaks.c:7:3\n");
	pr_warn("WARNING: possible circular locking dependency detected\n");
	pr_err("BUG: sleeping function called from invalid context at speaks.c:7\n");
	pr_info("kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)\n");
	return 0;
}

static void __exit speaks_exit(void)
{
}

module_init(speaks_init);
module_exit(speaks_exit);
MODULE_LICENSE("GPL");
