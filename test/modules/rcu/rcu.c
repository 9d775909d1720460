// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// RCU: pointers, lists, callbacks, kfree_rcu, sleepable RCU.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>

struct entry {
	int value;
	struct list_head node;
	struct rcu_head rcu;
};

static struct entry __rcu *current_entry;
static LIST_HEAD(entries);
static DEFINE_SPINLOCK(lock);
DEFINE_STATIC_SRCU(sleepable);
static atomic_t freed = ATOMIC_INIT(0);

static void entry_free(struct rcu_head *head)
{
	struct entry *e = container_of(head, struct entry, rcu);

	atomic_add(e->value, &freed);
	kfree(e);
}

static int sum(void)
{
	struct entry *e;
	int s = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &entries, node)
		s += e->value;
	e = rcu_dereference(current_entry);
	if (e)
		s += 1000 * e->value;
	rcu_read_unlock();
	return s;
}

static void drop_all(void)
{
	struct entry *e, *next;

	spin_lock(&lock);
	list_for_each_entry_safe(e, next, &entries, node) {
		list_del_rcu(&e->node);
		call_rcu(&e->rcu, entry_free);
	}
	e = rcu_replace_pointer(current_entry, NULL, lockdep_is_held(&lock));
	spin_unlock(&lock);
	kfree_rcu(e, rcu);
}

static int __init fixture_init(void)
{
	struct entry *e;
	int i, index;

	for (i = 1; i <= 4; i++) {
		e = kzalloc(sizeof(*e), GFP_KERNEL);
		if (!e)
			break;
		e->value = i;
		if (i == 4)
			rcu_assign_pointer(current_entry, e);
		else
			list_add_tail_rcu(&e->node, &entries);
	}
	pr_info("sum %d\n", sum());
	index = srcu_read_lock(&sleepable);
	srcu_read_unlock(&sleepable, index);
	synchronize_srcu(&sleepable);
	synchronize_rcu();
	drop_all();
	rcu_barrier();
	pr_info("sum %d, freed %d\n", sum(), atomic_read(&freed));
	return 0;
}

static void __exit fixture_exit(void)
{
	rcu_barrier();
}

module_init(fixture_init);
module_exit(fixture_exit);

MODULE_DESCRIPTION("rcu");
MODULE_LICENSE("GPL");
