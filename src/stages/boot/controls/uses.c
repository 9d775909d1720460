// SPDX-License-Identifier: GPL-2.0
/* Control: is well until its parameter is written, which says what goes wrong in use. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

static int *nowhere;
static int forever = 1;
static struct rcu_head head;

static void after_grace_period(struct rcu_head *unused)
{
}

static int wrong(const char *what, const struct kernel_param *parameter)
{
	if (sysfs_streq(what, "oops"))
		WRITE_ONCE(*nowhere, 1);
	if (sysfs_streq(what, "hang"))
		while (READ_ONCE(forever))
			msleep(100);
	if (sysfs_streq(what, "lockup")) {
		preempt_disable();
		mdelay(9000);
		preempt_enable();
	}
	/* Sleeps as a reader, which no grace period may end before (and no reader may do). */
	if (sysfs_streq(what, "stall")) {
		rcu_read_lock();
		call_rcu(&head, after_grace_period);
		schedule_timeout_uninterruptible(9 * HZ);
		rcu_read_unlock();
		rcu_barrier();
	}
	/* Sleeps for a while where no signal wakes it. */
	if (sysfs_streq(what, "sleep"))
		schedule_timeout_uninterruptible(12 * HZ);
	return 0;
}

static const struct kernel_param_ops wrong_ops = { .set = wrong };
module_param_cb(wrong, &wrong_ops, NULL, 0200);

static int __init uses_init(void)
{
	return 0;
}

static void __exit uses_exit(void)
{
}

module_init(uses_init);
module_exit(uses_exit);
MODULE_LICENSE("GPL");
