// SPDX-License-Identifier: GPL-2.0
/* Control: exit writes through a null pointer. */
#include <linux/module.h>

static int *nowhere;

static int __init exit_oops_init(void)
{
	return 0;
}

static void __exit exit_oops_exit(void)
{
	WRITE_ONCE(*nowhere, 1);
}

module_init(exit_oops_init);
module_exit(exit_oops_exit);
MODULE_LICENSE("GPL");
