// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Atomic operations of the compiler's, with orders that are constants and others, and objects that C calls atomic.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static int n = 3;
module_param(n, int, 0644);
MODULE_PARM_DESC(n, "input of the computation");

static int word;
static u64 wide;
static bool flag;
static _Atomic int c11 = 3;

struct state {
	u8 tag;
	_Atomic u16 small;
	_Atomic(u64) wide;
	_Atomic(struct state *) next;
	u8 plain;
};
static struct state state;
typedef _Atomic int atomic_number;

static noinline unsigned int objects(struct state *s, int k)
{
	static _Atomic bool seen;
	_Atomic int local = k;
	atomic_number other = 4, *p = &other;
	u8 byte = 200;
	u64 big = 1ULL << 33, copy;
	void *pointer = &big, *was;
	unsigned int out;

	s->small = k;
	s->small += 2;
	s->small <<= 1;
	s->wide++;
	s->wide ^= s->small;
	s->next = k & 1 ? s : NULL;
	local -= s->small;
	out = (unsigned int)local++ + (unsigned int)--local;
	(*p)++;
	other *= k + 1;
	out = out * 31 + (unsigned int)other + (s->next == s) + (seen ? 1 : 0) + (unsigned int)s->wide + s->small;
	seen = k > 2;
	out = out * 31 + __sync_fetch_and_add(&byte, 100) + __sync_sub_and_fetch(&byte, 3) + byte;
	out = out * 31 + (unsigned int)(__sync_lock_test_and_set(&big, 77) >> 32) + (unsigned int)__sync_xor_and_fetch(&big, k);
	__sync_lock_release(&big);
	__sync_synchronize();
	was = __atomic_exchange_n(&pointer, s, __ATOMIC_ACQ_REL);
	out = out * 31 + (was == &big) + (pointer == s) + __sync_bool_compare_and_swap(&pointer, s, NULL) + !pointer;
	if (__atomic_load_n(&s->plain, __ATOMIC_ACQUIRE) < 3 || !__atomic_fetch_add(&s->plain, 1, __ATOMIC_SEQ_CST))
		out += 5;
	__atomic_load(&big, &copy, k & 1 ? __ATOMIC_ACQUIRE : __ATOMIC_RELAXED);
	return out * 31 + (unsigned int)(big + copy) + __atomic_is_lock_free(sizeof(long), &big) + __atomic_always_lock_free(4, 0);
}

static unsigned int compute(int k)
{
	int order = k & 1 ? __ATOMIC_SEQ_CST : __ATOMIC_RELAXED;
	int expected = 10, got;
	unsigned int out;
	bool done;

	__atomic_store_n(&word, 10, __ATOMIC_RELEASE);
	wide = 1ULL << 40;
	out = (unsigned int)__atomic_load_n(&word, order);
	done = __atomic_compare_exchange_n(&word, &expected, k, 0, order, order);
	out = out * 31 + done + (unsigned int)expected;
	done = __atomic_compare_exchange_n(&word, &expected, 99, 1, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	out = out * 31 + done + (unsigned int)expected;
	got = __atomic_fetch_add(&word, 7, order);
	out = out * 31 + (unsigned int)got + (unsigned int)__atomic_add_fetch(&word, 2, order);
	out = out * 31 + (unsigned int)__atomic_exchange_n(&word, 64, order);
	out = out * 31 + (unsigned int)__sync_fetch_and_or(&word, 3) + (unsigned int)__sync_val_compare_and_swap(&word, 67, 5);
	out = out * 31 + __sync_bool_compare_and_swap(&word, 67, 6) + (unsigned int)__atomic_fetch_nand(&word, 4, order);
	out = out * 31 + (unsigned int)(__atomic_sub_fetch(&wide, 5, order) >> 8);
	out = out * 31 + __atomic_test_and_set(&flag, __ATOMIC_ACQUIRE);
	__atomic_clear(&flag, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_signal_fence(__ATOMIC_ACQ_REL);
	c11 += k;
	c11++;
	out = out * 31 + (unsigned int)c11;
	c11 = 3;
	return out * 31 + (unsigned int)word + flag + objects(&state, k);
}

static int result_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%u\n", compute(n));
}

static const struct kernel_param_ops result_ops = {
	.get = result_get,
};
module_param_cb(result, &result_ops, NULL, 0444);

static int __init bug_init(void)
{
	int i;

	for (i = -2; i < 8; i++)
		pr_info("compute(%d) = %u\n", i, compute(i));
	return 0;
}

static void __exit bug_exit(void)
{
	pr_info("last compute(%d) = %u\n", n, compute(n));
}

module_init(bug_init);
module_exit(bug_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Atomic operations of the compiler");
