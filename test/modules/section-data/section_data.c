// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Data in sections of its own, aligned, read-mostly, used although nothing names it.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/cache.h>

static int placed __section(".data.kport") = 3;
static const u32 constants[3] __section(".rodata.kport") = { 1, 2, 3 };
static u8 zeroed[16] __section(".bss.kport");
static int mostly __read_mostly = 4;
static int after_init __ro_after_init = 5;
static u64 lined[2] ____cacheline_aligned = { 6, 7 };
static struct {
	u8 a;
} page __aligned(256) = { 8 };
static const char kept[] __used __section(".kport_note") = "nothing names this";
static const int unused __maybe_unused = 9;

static volatile int seed = 2;

static int __init section_init(void)
{
	static int __used __initdata within = 10;

	within += seed;
	placed += seed;
	zeroed[seed] = 1;
	mostly *= seed;
	after_init <<= seed;
	lined[1] += seed;
	page.a += seed;
	pr_info("%d %u %u %d %d %llu %u\n", placed, constants[seed], zeroed[2], mostly, after_init, lined[1], page.a);
	pr_info("within %d\n", within);
	pr_info("aligned %d %d\n", IS_ALIGNED((unsigned long)lined, L1_CACHE_BYTES), IS_ALIGNED((unsigned long)&page, 256));
	return 0;
}

static void __exit section_exit(void)
{
	pr_info("after init still %d\n", after_init);
}

module_init(section_init);
module_exit(section_exit);

MODULE_DESCRIPTION("section-data");
MODULE_LICENSE("GPL");
