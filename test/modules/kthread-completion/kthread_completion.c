// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Kernel threads, completions and wait queues.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/wait.h>

static DECLARE_COMPLETION(ready);
static DECLARE_WAIT_QUEUE_HEAD(turns);
static struct task_struct *thread;
static int turn, seen;

/* What macros without parameters stand for: a call, a place, a statement. */
#define ME current
#define LAST_SEEN (*&seen)
#define AGAIN reinit_completion(&ready)

static int worker(void *data)
{
	int *start = data;

	seen = *start;
	complete(&ready);
	while (!kthread_should_stop()) {
		wait_event_interruptible(turns, READ_ONCE(turn) || kthread_should_stop());
		if (READ_ONCE(turn)) {
			seen += turn;
			WRITE_ONCE(turn, 0);
			wake_up(&turns);
		}
	}
	return seen;
}

/* What macros declare on the stack. */
static noinline long waited(void)
{
	DECLARE_COMPLETION_ONSTACK(now);
	DEFINE_WAIT(entry);
	long left;

	prepare_to_wait(&turns, &entry, TASK_INTERRUPTIBLE);
	left = schedule_timeout(1);
	finish_wait(&turns, &entry);
	LAST_SEEN++;
	complete(&now);
	return left + try_wait_for_completion(&now) + (entry.private == ME);
}

static int __init kthread_init(void)
{
	static int start = 100;
	int i;

	thread = kthread_run(worker, &start, "kport-%d", 1);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	wait_for_completion(&ready);
	for (i = 1; i <= 3; i++) {
		WRITE_ONCE(turn, i);
		wake_up(&turns);
		wait_event(turns, !READ_ONCE(turn));
	}
	pr_info("seen %d, comm %s\n", seen, thread->comm);
	pr_info("timed out %ld, done %d\n", wait_event_timeout(turns, turn == 9, 2), completion_done(&ready));
	pr_info("waited %ld\n", waited());
	AGAIN;
	pr_info("no completion: %lu\n", wait_for_completion_timeout(&ready, 1));
	return 0;
}

static void __exit kthread_exit_fixture(void)
{
	pr_info("ended with %d\n", kthread_stop(thread));
}

module_init(kthread_init);
module_exit(kthread_exit_fixture);

MODULE_DESCRIPTION("kthread-completion");
MODULE_LICENSE("GPL");
