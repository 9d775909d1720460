// SPDX-License-Identifier: GPL-2.0
/* Variables that are aligned by an attribute of their own, by their type's name and by macros of the kernel's: at file scope and in a function. */
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/printk.h>

typedef u8 page_bytes[64] __aligned(256);

static volatile u32 seed = 3;

static u8 before[3] = { 1, 2, 3 };
static u8 dma_buffer[100] __aligned(64);
static u8 between[5] = { 4 };
static unsigned long counter ____cacheline_aligned = 3;
static const u8 key_table[20] __aligned(32) = { 1, 2, 3 };
u32 shared_word __aligned(128);
static struct pair {
	u32 a, b;
} __aligned(16) pairs[3] = { { 1, 2 } };
static page_bytes whole;
static u16 narrow __aligned(8) = 7;
static u8 late[10] __ro_after_init __aligned(64);
static DEFINE_PER_CPU_SHARED_ALIGNED(u64, hits);

#define BEHIND(object, line) ((unsigned long)&(object) & ((line) - 1))

static u32 touched(u32 n)
{
	static u8 odd = 1;
	static u8 scratch[24] __aligned(32);

	scratch[n % 24] += n + odd++;
	return scratch[3] + BEHIND(scratch, 32);
}

static int __init aligned_variables_init(void)
{
	u32 n = seed;

	dma_buffer[n] = before[n % 3] + between[n % 5];
	counter += n;
	shared_word += narrow;
	whole[n] = key_table[n % 20];
	late[1] = whole[n];
	this_cpu_add(hits, n);
	pr_info("aligned_variables: behind %lu %lu %lu %lu %lu %lu %lu %lu\n", BEHIND(dma_buffer, 64),
		BEHIND(counter, SMP_CACHE_BYTES), BEHIND(key_table, 32), BEHIND(shared_word, 128), BEHIND(pairs, 16),
		BEHIND(whole, 256), BEHIND(narrow, 8), BEHIND(late, 64));
	pr_info("aligned_variables: %u %u %lu %u %u %u\n", touched(n), dma_buffer[n], counter, shared_word,
		pairs[n % 3].b, late[1]);
	return 0;
}

static void __exit aligned_variables_exit(void)
{
	pr_info("aligned_variables: unloaded\n");
}

module_init(aligned_variables_init);
module_exit(aligned_variables_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Variables with an alignment of their own");
