// SPDX-License-Identifier: GPL-2.0
/* Control: has an init function and no exit function, so the kernel keeps it. */
#include <linux/module.h>

static int __init exit_absent_init(void)
{
	return 0;
}

module_init(exit_absent_init);
MODULE_LICENSE("GPL");
