// SPDX-License-Identifier: GPL-2.0
/* Control: sets a taint flag and says nothing. */
#include <linux/module.h>
#include <linux/panic.h>

static int __init tainter_init(void)
{
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	return 0;
}

static void __exit tainter_exit(void)
{
}

module_init(tainter_init);
module_exit(tainter_exit);
MODULE_LICENSE("GPL");
