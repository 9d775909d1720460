// SPDX-License-Identifier: GPL-2.0
/* Control: uses a symbol exported to GPL-compatible modules; its licence is overwritten after the build (modpost refuses it otherwise). */
#include <linux/kobject.h>
#include <linux/module.h>

static int __init gpl_only_init(void)
{
	return kernel_kobj ? 0 : -ENODEV;
}

static void __exit gpl_only_exit(void)
{
}

module_init(gpl_only_init);
module_exit(gpl_only_exit);
MODULE_LICENSE("GPL");
