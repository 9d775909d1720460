// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// __builtin_types_compatible_p, in constants, array sizes and conditions.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

#define same(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define is_array(x) (!same(x, &(x)[0]))

struct a { int x; };
struct b { int x; };
enum e { ONE = 1 };
typedef struct a a_t;

static volatile int seed = 3;
static char sized[1 + __builtin_types_compatible_p(int, signed int)];
static const int table[] = { __builtin_types_compatible_p(long, long long), __builtin_types_compatible_p(u32, unsigned int) };

static int __init compatible_init(void)
{
	int array[3] = { 1, 2, seed }, *pointer = array;
	const int c = 0;
	a_t t = { 1 };

	BUILD_BUG_ON(!same(t, struct a));
	pr_info("size %zu, table %d %d\n", sizeof(sized), table[0], table[1]);
	pr_info("struct %d %d, const %d\n", same(t, struct a), same(t, struct b), same(c, int));
	pr_info("const pointer %d, array %d %d\n", __builtin_types_compatible_p(const int *, int *), is_array(array), is_array(pointer));
	pr_info("functions %d %d\n", __builtin_types_compatible_p(int(int), int(int)), __builtin_types_compatible_p(int(int), int(long)));
	pr_info("enum %d, char %d\n", __builtin_types_compatible_p(enum e, unsigned int), __builtin_types_compatible_p(char, signed char));
	if (same(pointer, char *))
		pr_info("wrong\n");
	else
		pr_info("ARRAY_SIZE %zu, last %d\n", ARRAY_SIZE(array), pointer[2]);
	return 0;
}

static void __exit compatible_exit(void)
{
}

module_init(compatible_init);
module_exit(compatible_exit);

MODULE_DESCRIPTION("types-compatible");
MODULE_LICENSE("GPL");
