// SPDX-License-Identifier: GPL-2.0
/* Control: exit never comes back. */
#include <linux/delay.h>
#include <linux/module.h>

static int __init exit_hang_init(void)
{
	return 0;
}

static void __exit exit_hang_exit(void)
{
	for (;;)
		msleep(1000);
}

module_init(exit_hang_init);
module_exit(exit_hang_exit);
MODULE_LICENSE("GPL");
