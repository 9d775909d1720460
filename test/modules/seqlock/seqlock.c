// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Sequence counters and locks, read and written.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/seqlock.h>

static DEFINE_SEQLOCK(lock);
static seqcount_t count = SEQCNT_ZERO(count);
static DEFINE_SPINLOCK(outer);
static seqcount_spinlock_t tied = SEQCNT_SPINLOCK_ZERO(tied, &outer);
static struct { u64 a, b; } pair;
static volatile int seed = 5;

static u64 read_pair(void)
{
	unsigned int seq;
	u64 sum;

	do {
		seq = read_seqbegin(&lock);
		sum = pair.a + pair.b;
	} while (read_seqretry(&lock, seq));
	return sum;
}

static void write_pair(u64 a)
{
	unsigned long flags;

	write_seqlock_irqsave(&lock, flags);
	pair.a = a;
	pair.b = a * 10;
	write_sequnlock_irqrestore(&lock, flags);
}

static int __init fixture_init(void)
{
	unsigned int before, seq;

	write_pair(seed);
	pr_info("pair %llu\n", read_pair());
	before = raw_read_seqcount(&count);
	preempt_disable();
	write_seqcount_begin(&count);
	seq = raw_read_seqcount(&count);
	write_seqcount_end(&count);
	preempt_enable();
	pr_info("odd %u, moved %u, retry %d\n", seq & 1, raw_read_seqcount(&count) - before, read_seqcount_retry(&count, before));
	spin_lock(&outer);
	write_seqcount_begin(&tied);
	pair.a++;
	write_seqcount_end(&tied);
	spin_unlock(&outer);
	seq = read_seqcount_begin(&tied);
	pr_info("tied %llu %d\n", pair.a, read_seqcount_retry(&tied, seq));
	read_seqlock_excl(&lock);
	pr_info("alone %llu\n", pair.b);
	read_sequnlock_excl(&lock);
	return 0;
}

static void __exit fixture_exit(void)
{
}

module_init(fixture_init);
module_exit(fixture_exit);

MODULE_DESCRIPTION("seqlock");
MODULE_LICENSE("GPL");
