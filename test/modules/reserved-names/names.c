// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Words that Rust reserves, that c2rust writes and that kport writes, as names of everything that C names.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include "names.h"

static int n = 3;
module_param(n, int, 0644);
MODULE_PARM_DESC(n, "input of the computation");

/* Names that Rust reserves, names that c2rust makes itself, and a local that hides a constant. */
enum { LIMIT = 5, None = 7, Some = 8 };

struct type {
	int match;
	int self;
	int impl;
	struct type *ref;
	int (*fn)(struct type *self, int mut);
	union {
		int async;
		int await;
	};
};

static int crate = 3;
static int c2rust_fresh0 = 11;
static int (*as_table[2])(int);

static int loop(int let)
{
	static int crate = 100;
	int c2rust_fresh1 = let++;
	int c2rust_lvalue = c2rust_fresh0++;

	crate += let;
	return crate + c2rust_fresh1 + c2rust_lvalue;
}

static int where(int LIMIT)
{
	int *unsized = &(int){ LIMIT };
	int None = *unsized + 1;

	{
		int Some = None * 2;
		int u32 = Some + 1;

		(*unsized)++;
		return Some + u32 + *unsized;
	}
}

static int *dyn = &(int){ 42 };
static int *virtual = (int []){ 1, 2, 3 };

static int method(struct type *self, int mut)
{
	self->match += mut;
	return self->match * LIMIT + self->impl;
}

static unsigned int compute(int k)
{
	struct type self = { .match = k, .self = 2, .impl = 3, .fn = method };
	struct type *super = &self;
	unsigned int Self = 1;
	int i32 = k, usize = 4, core = 0, c2rust_padding = 9;

	crate = 3;
	c2rust_fresh0 = 11;
	self.ref = &self;
	super->await = 6;
	as_table[0] = loop;
	as_table[1] = where;
	goto yield;
trait:
	core += 100;
	goto end;
yield:
	core++;
	if (core < 3)
		goto yield;
	goto trait;
end:
	Self = Self * 31 + (unsigned int)as_table[1](i32);
	Self = Self * 31 + (unsigned int)as_table[0](i32);
	Self = Self * 31 + (unsigned int)self.fn(super->ref, usize);
	Self = Self * 31 + (unsigned int)(self.async + core + crate + *dyn + virtual[2] + c2rust_padding);
	return Self * 31 + LIMIT + None + Some;
}

static int result_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%u\n", compute(n));
}

static const struct kernel_param_ops result_ops = {
	.get = result_get,
};
module_param_cb(result, &result_ops, NULL, 0444);

/* What kport calls its own in the functions that it rewrites. */
static noinline int kport_value(int kport_old, int kport_new)
{
	int kport_common = kport_old ?: kport_new, kport_result = 0, kport_value_0 = 3;
	struct kport_pad { int kport_pad_0, kport_align; } kport_literal_1 = { .kport_pad_0 = kport_new };

	switch (kport_common + kport_value_0) {
	case 3 ... 7:
		kport_result = 1;
		break;
	case 8 ... 12:
		kport_result = kport_literal_1.kport_pad_0;
		break;
	}
	return kport_result + kport_value_0 + kport_literal_1.kport_align;
}

/* A bit-field that is named like the setter of another, and one that Rust reserves. */
struct modes {
	u32 mode : 3, set_mode : 4, await : 5;
	bool set_gen : 1, gen : 1;
};

static noinline int modes(struct modes *m, int impl)
{
	m->mode = impl;
	m->set_mode = impl + 1;
	m->await += impl;
	m->set_gen = impl & 1;
	m->gen = !m->set_gen;
	return m->mode + m->set_mode * 8 + m->await * 128 + m->gen * 4096 + m->set_gen * 8192;
}

/* A constant, a structure, a member and a label of one name. */
struct table {
	const char *table;
	struct table *next;
};
static const char *const table[] = { "first", "second" };

static noinline const char *named(struct table *table_0, int i)
{
	struct table _ = { .table = table[i & 1], .next = table_0 };

	if (i > 1)
		goto table;
	return _.table;
table:
	return ((struct table *)_.next)->table;
}

/* `__func__` says what C calls the function. */
static noinline const char *await(int dyn)
{
	return dyn ? __func__ : "none";
}

static enum gen { gen_a = 3, try, abstract = 9 } override(enum gen become)
{
	return become == try ? abstract : gen_a;
}

static int type = 5;
module_param(type, int, 0444);
static bool box;
module_param(box, bool, 0444);

static void others(void)
{
	struct table one = { .table = "third" };
	struct modes m = { .await = 2 };

	pr_info("kport: %d %d\n", kport_value(0, n), kport_value(n, 7));
	pr_info("modes: %d\n", modes(&m, n));
	pr_info("table: %s %s %s\n", named(&one, 0), named(&one, 1), named(&one, 2));
	pr_info("functions: %s %s %d\n", await(n), await(0), override(try));
	pr_info("parameters: %d %d\n", type, box);
	pr_info("other units: %d %d %d %d\n", final(n), unsized, virtual_of(n), u_all(n));
}

static int __init bug_init(void)
{
	int i;

	for (i = -2; i < 8; i++)
		pr_info("compute(%d) = %u\n", i, compute(i));
	others();
	return 0;
}

static void __exit bug_exit(void)
{
	pr_info("last compute(%d) = %u\n", n, compute(n));
}

module_init(bug_init);
module_exit(bug_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Names that Rust reserves");
