// SPDX-License-Identifier: GPL-2.0
/* Control: leaves a folder in /proc behind, so that it cannot be loaded a second time. */
#include <linux/module.h>
#include <linux/proc_fs.h>

static int __init proc_left_init(void)
{
	return proc_mkdir("kport-left-behind", NULL) ? 0 : -ENOMEM;
}

static void __exit proc_left_exit(void)
{
}

module_init(proc_left_init);
module_exit(proc_left_exit);
MODULE_LICENSE("GPL");
