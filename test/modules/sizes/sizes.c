// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Sizes, alignments and offsets where nothing says which type is expected: in arrays, in statement expressions, with an index.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct cell {
	u8 kind;
	u16 values[6];
};

struct table {
	u64 head;
	struct cell cells[4];
};

typedef u64 __aligned(4) loose_u64;
typedef u16 __aligned(8) wide_u16;

static volatile int seed = 2;
static u8 lined[3] __aligned(32);
#define COLUMN(m) { #m, offsetof(struct table, m), sizeof_field(struct table, m) }

static const struct {
	char name[8];
	u16 at;
	u8 size;
} columns[] = { COLUMN(head), COLUMN(cells), { "kind", offsetof(struct cell, kind), sizeof_field(struct cell, kind) } };
static const size_t needed[] = { 4, 8 + sizeof(struct cell), sizeof(struct table), __alignof__(struct table) };

#define rounded(x) ({ typeof(x) __x = (x); sizeof(__x) * 2; })

static void show_columns(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		pr_info("column %s at %u, of %u bytes\n", columns[i].name, columns[i].at, columns[i].size);
	pr_info("of a member %zu, of nobody's %zu %zu\n", sizeof_field(struct table, cells), sizeof(((struct cell *)0)->values[seed]), sizeof(((struct cell *)0)->values[0]));
}

static int __init sizes_init(void)
{
	size_t local[3] = { sizeof(local), 1 + sizeof(struct cell), _Alignof(u16) };
	size_t at = offsetof(struct table, cells[seed].values[seed + 1]);

	pr_info("constant %zu %zu %zu %zu\n", needed[seed - 2], needed[seed - 1], needed[seed], needed[seed + 1]);
	pr_info("local %zu %zu %zu\n", local[seed - 2], local[seed - 1], local[seed]);
	pr_info("of a value %zu %zu\n", rounded(seed), rounded((u64)seed));
	pr_info("offsets %zu %zu %zu\n", at, offsetof(struct table, cells[seed]), offsetof(struct table, cells[1].values[2]));
	pr_info("by name %zu %zu %zu, of objects %zu %zu\n", _Alignof(loose_u64), __alignof__(wide_u16), __alignof__(loose_u64[2]), __alignof__(lined), __alignof__(at));
	show_columns();
	pr_info("defined here %zu %zu\n", sizeof(struct { u32 a; loose_u64 b; }) + seed, offsetof(struct { u8 a; loose_u64 b; }, b));
	pr_info("masked %zx, shifted %zx\n", 0x1234 & ~(sizeof(at) - 1), sizeof(at) << seed);
	return 0;
}

static void __exit sizes_exit(void)
{
}

module_init(sizes_init);
module_exit(sizes_exit);

MODULE_DESCRIPTION("sizes");
MODULE_LICENSE("GPL");
