// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Per-CPU data: static, arrays, structures, allocated; read, added to, exchanged, summed.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

struct counters {
	u64 hits;
	u32 kinds[3];
};

static DEFINE_PER_CPU(int, plain) = 7;
static DEFINE_PER_CPU(struct counters, counters);
static DEFINE_PER_CPU(u16[4], words);
static DEFINE_PER_CPU_ALIGNED(u64, lined);
static DEFINE_PER_CPU(void *, pointer);
static struct counters __percpu *allocated;

static int __init percpu_init(void)
{
	struct counters *c;
	u64 hits = 0;
	int cpu, sum = 0, old;

	allocated = alloc_percpu(struct counters);
	if (!allocated)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		per_cpu(plain, cpu) += 1;
		per_cpu_ptr(allocated, cpu)->hits = 2;
		sum += per_cpu(plain, cpu) - 8;
	}
	preempt_disable();
	this_cpu_add(counters.hits, 40);
	this_cpu_inc(counters.hits);
	__this_cpu_write(counters.kinds[2], 9);
	this_cpu_or(plain, 0x100);
	old = this_cpu_xchg(plain, 3);
	pr_info("old %x, now %d\n", old, this_cpu_read(plain));
	old = this_cpu_cmpxchg(plain, 3, 4);
	pr_info("cmpxchg %d, now %d\n", old, __this_cpu_read(plain));
	pr_info("added %llu, kinds %u\n", this_cpu_add_return(lined, 5), this_cpu_read(counters.kinds[2]));
	c = this_cpu_ptr(&counters);
	c->kinds[0]++;
	this_cpu_ptr(words)[1] = 600;
	__this_cpu_write(pointer, c);
	pr_info("kinds %u, words %u, pointer %d\n", c->kinds[0], *this_cpu_ptr(&words[1]), this_cpu_read(pointer) == c);
	preempt_enable();
	c = get_cpu_ptr(allocated);
	c->hits += 8;
	put_cpu_ptr(allocated);
	get_cpu_var(plain) = 1;
	put_cpu_var(plain);
	for_each_possible_cpu(cpu)
		hits += per_cpu(counters, cpu).hits + per_cpu_ptr(allocated, cpu)->hits - 2;
	pr_info("hits %llu, sum %d\n", hits, sum);
	return 0;
}

static void __exit percpu_exit(void)
{
	free_percpu(allocated);
}

module_init(percpu_init);
module_exit(percpu_exit);

MODULE_DESCRIPTION("per-cpu");
MODULE_LICENSE("GPL");
