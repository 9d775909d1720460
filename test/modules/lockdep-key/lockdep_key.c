// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Locks of every kind, their lock classes and the lockdep annotations.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>

struct guarded {
	spinlock_t lock;
	struct mutex mutex;
	struct rw_semaphore sem;
	rwlock_t rw;
	raw_spinlock_t raw;
	int value;
};

static struct lock_class_key spin_key, mutex_key;
static struct semaphore binary = __SEMAPHORE_INITIALIZER(binary, 1);
static struct guarded objects[2];

static void locked_add(struct guarded *g, int n)
{
	lockdep_assert_held(&g->lock);
	g->value += n;
}

static int __init fixture_init(void)
{
	unsigned long flags;
	int i;

	for (i = 0; i < ARRAY_SIZE(objects); i++) {
		spin_lock_init(&objects[i].lock);
		lockdep_set_class_and_name(&objects[i].lock, &spin_key, "fixture");
		__mutex_init(&objects[i].mutex, "fixture mutex", &mutex_key);
		init_rwsem(&objects[i].sem);
		rwlock_init(&objects[i].rw);
		raw_spin_lock_init(&objects[i].raw);
	}
	mutex_lock(&objects[0].mutex);
	mutex_lock_nested(&objects[1].mutex, SINGLE_DEPTH_NESTING);
	spin_lock_irqsave(&objects[0].lock, flags);
	spin_lock_nested(&objects[1].lock, SINGLE_DEPTH_NESTING);
	locked_add(&objects[0], 4);
	locked_add(&objects[1], 5);
	spin_unlock(&objects[1].lock);
	spin_unlock_irqrestore(&objects[0].lock, flags);
	pr_info("try %d %d\n", mutex_trylock(&objects[1].mutex), mutex_is_locked(&objects[0].mutex));
	mutex_unlock(&objects[1].mutex);
	mutex_unlock(&objects[0].mutex);
	down_read(&objects[0].sem);
	pr_info("exclusive %d\n", down_write_trylock(&objects[0].sem));
	pr_info("shared %d\n", down_read_trylock(&objects[0].sem));
	up_read(&objects[0].sem);
	up_read(&objects[0].sem);
	down_write(&objects[0].sem);
	downgrade_write(&objects[0].sem);
	up_read(&objects[0].sem);
	write_lock_bh(&objects[0].rw);
	objects[0].value *= 2;
	write_unlock_bh(&objects[0].rw);
	read_lock(&objects[0].rw);
	raw_spin_lock_irq(&objects[1].raw);
	pr_info("values %d %d\n", objects[0].value, objects[1].value);
	raw_spin_unlock_irq(&objects[1].raw);
	read_unlock(&objects[0].rw);
	pr_info("down %d\n", down_trylock(&binary));
	pr_info("down again %d\n", down_trylock(&binary));
	up(&binary);
	return 0;
}

static void __exit fixture_exit(void)
{
}

module_init(fixture_init);
module_exit(fixture_exit);

MODULE_DESCRIPTION("lockdep-key");
MODULE_LICENSE("GPL");
