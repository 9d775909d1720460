// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Macros that have a function's name and call it with its arguments in another order: text that was expanded meets none again.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Functions of the kernel's, inline and not. */
#define kmalloc(flags, size) kmalloc(size, flags)
#define atomic_cmpxchg(v, to, from) atomic_cmpxchg(v, from, to)
#define memscan(p, n, c) memscan(p, c, n)
#define atomic_add_unless(v, u, a) atomic_add_unless(v, a, u)

static atomic_t state = ATOMIC_INIT(1);
static volatile int n = 3;

/* Functions of the module's own, which helpers call. */
static noinline int minus(int a, int b)
{
	return a - b;
}
#define minus(b, a) minus(a, b)

int divided(int a, int b)
{
	return a / b;
}
#define divided(b, a) divided(a, b)

/* A member, a variable and a type that are macros of the same names, and of others. */
struct level {
	int level, old_level;
};
static struct level level = { 10, 20 };
#define level level

static int sizes[4] = { 1, 2, 3, 4 };
static int sizes_of_old[2] = { 5, 6 };
#define sizes sizes_of_old

static noinline int warned(int x)
{
	return WARN_ON_ONCE(minus(x, level.level) < -100) + WARN_ON_ONCE(divided(3, x) > 100) + WARN_ON_ONCE(sizes[0] != 5);
}

/* Stays C as a whole: a variable with an alignment of its own. */
static noinline int whole(int x)
{
	int list[8] __aligned(64);
	int i;

	for (i = 0; i <= x && i < 8; i++)
		list[i] = minus(i, 10);
	return list[x] + atomic_cmpxchg(&state, 7, 99) + level.old_level + (int)sizeof(sizes);
}

#define LIMIT 5
#define above(x) WARN_ON_ONCE((x) > LIMIT)
static noinline int before(int x)
{
	return above(x);
}
/* From here on it means something else, and so does everything made of it. */
#undef LIMIT
#define LIMIT 1
#undef pr_fmt
#define pr_fmt(fmt) "again " KBUILD_MODNAME ": " fmt

static noinline int after(int x)
{
	return x > LIMIT ? 40 : 20;
}

static int __init macro_twice_init(void)
{
	char *p = kmalloc(GFP_KERNEL | __GFP_ZERO, 64);
	char *q = kmalloc(GFP_KERNEL, n + 10);

	if (!p || !q)
		return -ENOMEM;
	p[n] = 'x';
	pr_info("room %zu %zu\n", ksize(p), ksize(q));
	pr_info("scan %td\n", (char *)memscan(p, 64, 'x') - p);
	atomic_cmpxchg(&state, 5, 1);
	pr_info("state %d\n", atomic_read(&state));
	pr_info("unless %d\n", atomic_add_unless(&state, 6, 2));
	pr_info("unless %d\n", atomic_add_unless(&state, 7, 2));
	pr_info("state %d\n", atomic_read(&state));
	pr_info("warned %d\n", warned(n));
	pr_info("whole %d\n", whole(n));
	pr_info("limit %d %d\n", before(n), after(n));
	pr_info("own %d %d\n", minus(n, 10), divided(n, 10));
	atomic_set(&state, 1);
	kfree(p);
	kfree(q);
	return 0;
}

static void __exit macro_twice_exit(void)
{
	pr_info("state %d\n", atomic_read(&state));
}

module_init(macro_twice_init);
module_exit(macro_twice_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Macros of functions' names, which expand to calls of them");
