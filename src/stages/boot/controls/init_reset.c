// SPDX-License-Identifier: GPL-2.0
/* Control: init resets the machine without a word. */
#include <linux/module.h>
#include <linux/reboot.h>

static int __init init_reset_init(void)
{
	emergency_restart();
	return 0;
}

module_init(init_reset_init);
MODULE_LICENSE("GPL");
