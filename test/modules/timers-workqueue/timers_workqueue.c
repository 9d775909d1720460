// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Timers, work, delayed work and a work queue of its own; jiffies.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define timer_delete_sync(t) del_timer_sync(t)
#endif

struct task {
	struct timer_list timer;
	struct completion done;
	int fired;
};

static struct task task;
static struct workqueue_struct *queue;
static unsigned long started;
static int worked;

static void timer_fired(struct timer_list *t)
{
	struct task *p = container_of(t, struct task, timer);

	if (++p->fired < 3)
		mod_timer(&p->timer, jiffies + msecs_to_jiffies(4));
	else
		complete(&p->done);
}

static void work_run(struct work_struct *work)
{
	worked = worked * 10 + 1;
}
static DECLARE_WORK(work, work_run);

static void delayed_run(struct work_struct *w)
{
	worked = worked * 10 + (to_delayed_work(w)->timer.expires != 0);
}
static DECLARE_DELAYED_WORK(delayed, delayed_run);

static int __init timers_workqueue_init(void)
{
	queue = alloc_ordered_workqueue("kport-%s", WQ_MEM_RECLAIM, "fixture");
	if (!queue)
		return -ENOMEM;
	init_completion(&task.done);
	timer_setup(&task.timer, timer_fired, 0);
	started = jiffies;
	mod_timer(&task.timer, started + HZ / 100);
	wait_for_completion(&task.done);
	pr_info("fired %d, late enough %d, pending %d\n", task.fired, time_after_eq(jiffies, started + 2), timer_pending(&task.timer));
	queue_work(queue, &work);
	flush_work(&work);
	queue_delayed_work(queue, &delayed, msecs_to_jiffies(5));
	flush_delayed_work(&delayed);
	pr_info("worked %d, again %d\n", worked, cancel_work_sync(&work));
	pr_info("units %u %lu %d\n", jiffies_to_msecs(HZ), msecs_to_jiffies(1500) / HZ, time_before(jiffies, jiffies + 1));
	usleep_range(100, 200);
	return 0;
}

static void __exit timers_workqueue_exit(void)
{
	timer_delete_sync(&task.timer);
	destroy_workqueue(queue);
}

module_init(timers_workqueue_init);
module_exit(timers_workqueue_exit);

MODULE_DESCRIPTION("timers-workqueue");
MODULE_LICENSE("GPL");
