// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Enumerations: named before they are defined, negative, wide, used as index and bit mask, anonymous.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

enum later;
struct owner {
	enum later *at;
	enum early { EARLY_A = -3, EARLY_B, EARLY_C = 7 } early;
};

static int read_later(const enum later *l);

/* Mentioned, and never defined. */
typedef int (*picks_t)(enum nowhere which, int value);
struct picker {
	picks_t pick;
	int value;
};

enum later { LATER_ZERO, LATER_ONE, LATER_TEN = 10, LATER_NEXT };
enum wide { WIDE = 1ULL << 40, WIDER };
enum __packed small { SMALL = 200 };
typedef enum __packed { ONE = 1, LAST = 0xffff } anonymous_t;
enum mask { MAY_LOOK = BIT(0), MAY_TOUCH = BIT(1), MAY_BOTH = MAY_LOOK | MAY_TOUCH };
enum { COUNT = LATER_NEXT + 1, OTHER = sizeof(struct owner) };

static const char *const names[COUNT] = { [LATER_ZERO] = "zero", [LATER_TEN] = "ten", [LATER_NEXT] = "next" };
static volatile int seed = 10;
static struct picker picker = { .value = 31 };

static int read_later(const enum later *l)
{
	return *l;
}

static enum early step(enum early e)
{
	switch (e) {
	case EARLY_A:
		return EARLY_B;
	case EARLY_B:
		return EARLY_C;
	case EARLY_C:
		break;
	}
	return EARLY_A;
}

static int __init enum_init(void)
{
	enum later l = seed;
	struct owner u = { .at = &l, .early = step(EARLY_A) };
	enum mask m = MAY_LOOK;

	enum small s = SMALL;
	anonymous_t a = ONE;

	l++;
	m |= MAY_TOUCH;
	s -= seed;
	s |= 0x101;
	a ^= seed;
	a <<= 1;
	pr_info("small %d %d\n", s, a);
	pr_info("%d %s %d %d\n", read_later(u.at), names[l], u.early, step(step(u.early)));
	pr_info("%llx %llx, sizes %zu %zu %zu\n", (u64)WIDE, (u64)WIDER, sizeof(enum wide), sizeof(enum small), sizeof(enum later));
	pr_info("%d %d, below zero %d, count %d %d\n", m == MAY_BOTH, m & ~MAY_LOOK, u.early < 0, COUNT, OTHER);
	pr_info("picks %d, %d\n", picker.pick != NULL, picker.value + seed);
	return 0;
}

static void __exit enum_exit(void)
{
}

module_init(enum_init);
module_exit(enum_exit);

MODULE_DESCRIPTION("enum-forward");
MODULE_LICENSE("GPL");
