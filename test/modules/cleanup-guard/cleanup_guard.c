// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// The cleanup attribute: order, early return, goto, break out of a loop, as guard() and __free() use it.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define scoped __attribute__((__cleanup__(leave)))
#define freed __attribute__((__cleanup__(free_pointer)))

static DEFINE_SPINLOCK(lock);
static volatile int seed = 3;
static int order;

static void leave(int *what)
{
	order = order * 10 + *what;
}

static void free_pointer(char **p)
{
	kfree(*p);
}

static void unlock(spinlock_t **l)
{
	spin_unlock(*l);
}

static int early(int x)
{
	scoped int a = 1;
	scoped int b = 2;

	if (x > 2)
		return order + a + b;
	{
		scoped int c = 3;

		if (x == 2)
			goto out;
	}
	a = 7;
out:
	return b;
}

static int __init cleanup_init(void)
{
	freed char *text = kasprintf(GFP_KERNEL, "seed %d", seed);
	int i;

	for (i = 0; i < 3; i++) {
		order = 0;
		pr_info("returns %d", early(i + 1));
		pr_cont(", order %d\n", order);
	}
	order = 0;
	for (i = 4; i < 9; i++) {
		scoped int turn = i;

		if (i == 5)
			continue;
		if (i == 7)
			break;
		turn++;
	}
	pr_info("turns %d\n", order);
	{
		spinlock_t *held __attribute__((__cleanup__(unlock))) = &lock;

		spin_lock(held);
		pr_info("locked %d\n", spin_is_locked(&lock));
	}
	pr_info("unlocked %d, text %s\n", !spin_is_locked(&lock), text ?: "none");
	return 0;
}

static void __exit cleanup_exit(void)
{
}

module_init(cleanup_init);
module_exit(cleanup_exit);

MODULE_DESCRIPTION("cleanup-guard");
MODULE_LICENSE("GPL");
