// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// switch: ranges, errors, fall-through, default in the middle, 64-bit and signed cases, a loop inside (Duff), jumps into blocks.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int seed = 6;

static int class(int c)
{
	switch (c) {
	case -5 ... -1:
		return 1;
	case '0' ... '9':
	case 'x':
		return 2;
	default:
		return 0;
	case 1000 ... 1000000:
		return 3;
	}
}

static int falls(int n)
{
	int r = 0;

	switch (n) {
	case 1:
		r += 1;
		fallthrough;
	case 2:
		r += 20;
		if (seed > 100)
			break;
		fallthrough;
	default:
		r += 300;
		break;
	case 4:
		r += 4000;
	}
	return r;
}

/* What the last case does by calls, another runs on into: written twice, it is other code. */
static noinline long runs_on(unsigned int n, unsigned long by)
{
	long r = 0;

	switch (n) {
	case 5:
		if (by > 100) {
			r = -ERANGE;
			break;
		}
		seed += (int)by;
		r = by;
		fallthrough;
	default:
		if (seed)
			pr_info("runs on %u %ld\n", n, r);
		if (!r)
			r = -ENOTTY;
	}
	return r;
}

static int wide(u64 v)
{
	switch (v) {
	case 0x100000000ULL ... 0x1ffffffffULL:
		return 1;
	case ~0ULL:
		return 2;
	}
	return 0;
}

/* Both ends are of the switch's type: of these the first is empty, and so is the one that goes down. */
static noinline int converted(u64 v)
{
	switch (v) {
	case -1 ... 1:
		return 1;
	case 9 ... 7:
		return 2;
	case -9 ... -8:
		return 3;
	default:
		return 4;
	}
}

static noinline int narrow(u32 v)
{
	switch (v) {
	case -4 ... -1:
		return 1;
	case 0x100000001 ... 0x100000003:
		return 2;
	default:
		return 3;
	}
}

static noinline int failed(int err)
{
	switch (err) {
	case 0:			/* well */
		break;
	case -ENOENT:
	case -ESHUTDOWN:	/* gone */
		return 1;
	/* what may be tried again */
	case -EPIPE:
		return seed;
	default:
		return err;
	}
	return 2;
}

static int duff(int n)
{
	int done = 0;

	switch (n % 4)
	do {
	case 0:
		done++;
		fallthrough;
	case 3:
		done += 10;
		fallthrough;
	case 2:
		done += 100;
		fallthrough;
	case 1:
		done += 1000;
	} while ((n -= 4) > 0);
	return done;
}

static int __init switch_init(void)
{
	int i;

	pr_info("class %d %d %d %d %d\n", class(-3), class('7'), class('x'), class(0), class(5000));
	for (i = 0; i < 5; i++)
		pr_info("falls %d: %d, duff %d\n", i, falls(i), duff(seed + i));
	pr_info("wide %d %d %d\n", wide(0x180000000ULL), wide(~0ULL), wide(5));
	pr_info("converted %d %d %d %d\n", converted(-1), converted(9), converted(-8), converted(1));
	pr_info("narrow %d %d %d\n", narrow(-2), narrow(2), narrow(4));
	pr_info("failed %d %d %d %d\n", failed(0), failed(-ESHUTDOWN), failed(-EPIPE), failed(EPIPE));
	pr_info("runs on to %ld\n", runs_on(5, 101));
	pr_info("runs on to %ld\n", runs_on(6, 1));
	pr_info("runs on to %ld\n", runs_on(5, 0));
	return 0;
}

static void __exit switch_exit(void)
{
}

module_init(switch_init);
module_exit(switch_exit);

MODULE_DESCRIPTION("switch-ranges");
MODULE_LICENSE("GPL");
