// SPDX-License-Identifier: GPL-2.0
/* Control: takes a reference to itself, and gives it back a second later. */
#include <linux/module.h>
#include <linux/workqueue.h>

static void give_back(struct work_struct *work)
{
	module_put(THIS_MODULE);
}

static DECLARE_DELAYED_WORK(later, give_back);

static int __init refcount_late_init(void)
{
	__module_get(THIS_MODULE);
	schedule_delayed_work(&later, HZ);
	return 0;
}

static void __exit refcount_late_exit(void)
{
	cancel_delayed_work_sync(&later);
}

module_init(refcount_late_init);
module_exit(refcount_late_exit);
MODULE_LICENSE("GPL");
