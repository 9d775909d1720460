// SPDX-License-Identifier: GPL-2.0
/* Control: sets every taint flag that this kernel has. */
#include <linux/module.h>
#include <linux/panic.h>

static int __init taints_all_init(void)
{
	unsigned int flag;

	for (flag = 0; flag < TAINT_FLAGS_COUNT; flag++)
		add_taint(flag, LOCKDEP_STILL_OK);
	return 0;
}

static void __exit taints_all_exit(void)
{
}

module_init(taints_all_init);
module_exit(taints_all_exit);
MODULE_LICENSE("GPL");
