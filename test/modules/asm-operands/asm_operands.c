// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Inline assembly: outputs, read-write, early clobber, memory only, immediate, flags, matching, modifiers, fixed registers.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct pair {
	u64 a, b;
};

static volatile u32 seed = 0x12345678;
static struct pair memory = { 1, 2 };

static noinline bool add_overflows(u32 *sum, u32 a, u32 b)
{
	bool carry;

	asm("addl %[b], %[a]" : [a] "+r" (a), "=@ccc" (carry) : [b] "rm" (b));
	*sum = a;
	return carry;
}

static noinline u64 spread(u32 x)
{
	u64 high, low;

	asm("movl %k2, %k0\n\tmovl %k2, %k1\n\tshrq $16, %q0\n\tandl %3, %k1"
	    : "=&r" (high), "=&r" (low) : "r" (x), "i" (0xffff) : "cc");
	return high << 32 | low;
}

static noinline u32 swapped(u32 x)
{
	asm("bswapl %0" : "=r" (x) : "0" (x));
	return x;
}

static noinline u16 bytes(u16 x)
{
	asm volatile("xchgb %b0, %h0" : "+Q" (x));
	return x;
}

static noinline void in_memory(struct pair *p, long n)
{
	asm volatile("addq %1, %0" : "+m" (p->a) : "er" (n) : "memory", "cc");
	asm volatile("incq %0" : "=m" (p->b) : "m" (p->b));
	asm volatile("" : : : "memory");
}

static noinline u64 divide(u64 n, u32 by, u32 *rest)
{
	u64 quotient, remainder;

	asm("divq %[by]" : "=a" (quotient), "=d" (remainder) : "a" (n), "d" (0ul), [by] "rm" ((u64)by));
	*rest = remainder;
	return quotient;
}

static noinline void fill(u8 *at, u8 value, size_t n)
{
	void *end = at;

	asm volatile("rep stosb" : "+D" (end), "+c" (n) : "a" (value) : "memory");
}

static int __init operands_init(void)
{
	u8 buffer[6] = { 0 };
	u64 quotient;
	u32 sum, rest;
	bool carry = add_overflows(&sum, ~0u, seed);

	pr_info("carry %d, sum %x; %d\n", carry, sum, add_overflows(&rest, 1, 2));
	pr_info("spread %llx, swapped %x, bytes %x\n", spread(seed), swapped(seed), bytes(0x1234));
	in_memory(&memory, 40);
	pr_info("memory %llu %llu\n", memory.a, memory.b);
	quotient = divide(1000000000007ULL, seed, &rest);
	pr_info("quotient %llu", quotient);
	pr_cont(" rest %u\n", rest);
	fill(buffer + 1, 0xee, 4);
	pr_info("filled %*ph\n", (int)sizeof(buffer), buffer);
	return 0;
}

static void __exit operands_exit(void)
{
}

module_init(operands_init);
module_exit(operands_exit);

MODULE_DESCRIPTION("asm-operands");
MODULE_LICENSE("GPL");
