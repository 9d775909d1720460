// SPDX-License-Identifier: GPL-2.0
/* Control: leaves behind a device node, a sysctl, a folder in /sys and one in debugfs, which its memory does not go with. */
#include <linux/debugfs.h>
#include <linux/kobject.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysctl.h>

#ifndef register_sysctl /* until 6.5, where the size came */
#define register_sysctl_sz(path, table, size) register_sysctl(path, table)
#endif

static int __init leaves_init(void)
{
	struct miscdevice *device = kzalloc(sizeof(*device), GFP_KERNEL);
	/* Two, of which the second is the empty one that ended tables until 6.11. */
	struct ctl_table *table = kzalloc(2 * sizeof(*table), GFP_KERNEL);
	int *value = kzalloc(sizeof(*value), GFP_KERNEL);
	char *name = kstrdup("kport-left-behind", GFP_KERNEL);
	char *path = kstrdup("kport-left-behind", GFP_KERNEL);

	if (!device || !table || !value || !name || !path)
		return -ENOMEM;
	device->minor = MISC_DYNAMIC_MINOR;
	device->name = name;
	table->procname = name;
	table->data = value;
	table->maxlen = sizeof(*value);
	table->mode = 0444;
	table->proc_handler = proc_dointvec;
	debugfs_create_dir(name, NULL);
	if (!kobject_create_and_add(name, kernel_kobj) || !register_sysctl_sz(path, table, 1))
		return -ENOMEM;
	return misc_register(device);
}

static void __exit leaves_exit(void)
{
}

module_init(leaves_init);
module_exit(leaves_exit);
MODULE_LICENSE("GPL");
