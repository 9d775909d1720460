// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Instructions that may fault, with a place to go on at: an exception table of the module's own assembly, and of the kernel's macros.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/uaccess.h>
#include <asm/asm.h>
#include <asm/word-at-a-time.h>

static volatile int seed;
static const char words[] __aligned(8) = "a word, and another one";

/* Divides, or says that the processor would not. */
static noinline bool divides(int a, int b, int *quotient)
{
	int low = a, high = a >> 31;
	bool went = false;

	asm volatile("1:	idivl	%[by]\n"
		     "	movb	$1, %[went]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+a" (low), "+d" (high), [went] "+qm" (went) : [by] "r" (b) : "cc");
	if (went)
		*quotient = low;
	return went;
}

static int __init extable_init(void)
{
	int quotient = -1, i;
	long value = 0;

	for (i = -1; i <= 2; i++) {
		bool went = divides(7 + seed, i, &quotient);

		pr_info("7 / %d: %d, %d\n", i, went, quotient);
	}
	pr_info("smallest / -1: %d\n", divides(INT_MIN + seed, -1, &quotient));
	pr_info("word %d\n", load_unaligned_zeropad(words + 3 + seed) == *(unsigned long *)(words + 3));
	pr_info("user space's page: %d, own: %d\n", (int)get_kernel_nofault(value, (long *)(16L + seed)), (int)get_kernel_nofault(value, (long *)words));
	return 0;
}

static void __exit extable_exit(void)
{
}

module_init(extable_init);
module_exit(extable_exit);

MODULE_DESCRIPTION("extable");
MODULE_LICENSE("GPL");
