// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Atomics, bit operations, exchanges and barriers.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/refcount.h>

static atomic_t a = ATOMIC_INIT(5);
static atomic64_t b = ATOMIC64_INIT(1LL << 40);
static atomic_long_t c;
static refcount_t references = REFCOUNT_INIT(2);
static DECLARE_BITMAP(map, 100);
static unsigned long word;
static int plain = 3;
static u64 published;

static int __init atomics_init(void)
{
	int expected = 6, old;
	u8 byte = 1;

	atomic_add(3, &a);
	atomic_dec(&a);
	old = atomic_fetch_sub(1, &a);
	pr_info("a %d, old %d\n", atomic_read(&a), old);
	pr_info("cmpxchg %d\n", atomic_cmpxchg(&a, 6, 60));
	pr_info("add_return %d\n", atomic_add_return(4, &a));
	old = atomic_try_cmpxchg(&a, &expected, 1);
	pr_info("try %d, expected %d\n", old, expected);
	old = atomic_xchg(&a, 0);
	pr_info("xchg %d, unless %d\n", old, atomic_add_unless(&a, 1, 0));
	old = atomic_inc_and_test(&a);
	pr_info("zero %d, negative %d\n", old, atomic_add_negative(-9, &a));
	atomic64_inc(&b);
	atomic64_or(0xf0, &b);
	atomic_long_set(&c, 7);
	pr_info("b %lld, c %ld\n", atomic64_fetch_add(1, &b), atomic_long_inc_return(&c));
	old = xchg(&plain, 8);
	expected = cmpxchg(&plain, 8, 9);
	pr_info("b %llx, plain %d %d %d\n", (u64)atomic64_read(&b), old, expected, plain);
	old = xchg(&byte, 200);
	pr_info("byte %d %u\n", old, byte);
	old = refcount_inc_not_zero(&references);
	expected = refcount_dec_and_test(&references);
	pr_info("references %d %d %u\n", old, expected, refcount_read(&references));
	set_bit(3, &word);
	__set_bit(70, map);
	old = test_and_set_bit(3, &word) | test_and_clear_bit(5, &word) << 1;
	old |= test_and_change_bit(9, &word) << 2;
	pr_info("bits %d %lx\n", old, word);
	bitmap_set(map, 10, 5);
	pr_info("map %lu %lu %u\n", find_first_bit(map, 100), find_next_zero_bit(map, 100, 10), bitmap_weight(map, 100));
	pr_info("ffs %d fls %d __ffs %lu fls64 %d weight %lu rol %x\n", ffs(0x50), fls(0x50), __ffs(0x800), fls64(1ULL << 50), hweight_long(word), rol32(0x80000001, 4));
	smp_store_release(&published, 42);
	smp_mb();
	smp_wmb();
	barrier();
	pr_info("published %llu\n", smp_load_acquire(&published));
	return 0;
}

static void __exit atomics_exit(void)
{
}

module_init(atomics_init);
module_exit(atomics_exit);

MODULE_DESCRIPTION("atomics");
MODULE_LICENSE("GPL");
