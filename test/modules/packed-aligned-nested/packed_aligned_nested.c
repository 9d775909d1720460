// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Packed and aligned structures nested in each other, as xregs_state does: sizes, offsets and values.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct inner {
	u8 a;
	u32 b;
	u16 c;
} __packed;

struct legacy {
	u16 control;
	u8 space[30];
} __attribute__((packed, aligned(16)));

struct header {
	u64 features;
	u64 reserved[7];
} __attribute__((packed));

struct xregs {
	struct legacy legacy;
	struct header header;
	u8 extended[];
} __attribute__((packed, aligned(64)));

struct outer {
	u8 tag;
	struct inner inner;
	struct xregs *next;
	u8 x __aligned(8);
	struct {
		u8 p;
		u64 q;
	} __packed __aligned(4) pair;
	union {
		struct legacy legacy;
		u8 bytes[40];
	};
};

/* Members with an alignment of their own, initialised by position. */
struct spread {
	u32 a;
	u8 b __aligned(8);
	u16 c __aligned(32);
	u8 d;
};

/* The same without a tag. */
typedef struct {
	u16 a;
	u8 b[3] __aligned(8);
	u8 c __aligned(16);
} untagged_t;

/* Members that are packed, in a structure that is not. */
struct disk {
	u16 count;
	u32 first __attribute__((packed, aligned(2)));
	u8 kind;
	u64 time;
	u8 tail;
	u32 last __packed;
};

/* A structure that only its bit-fields align, defined within a union. */
union extent {
	u8 raw[8];
	struct cooked {
		u32 magic : 8, block : 24;
		u32 length : 8, offset : 24;
	} cooked;
};

/* Unions that are aligned, as libata's: by themselves, without a name, and for one member's sake. */
union __aligned(32) wide {
	u16 words[6];
	u8 first;
};

struct device_like {
	u32 number;
	union {
		u16 id[6];
		u32 pages[4];
	} ____cacheline_aligned;
	u8 log[20] ____cacheline_aligned;
	u8 kind;
	union wide wide;
	union {
		u8 byte;
		u16 word __aligned(16);
	} last[2];
	u8 tail;
};

/* Function pointers that may be misaligned. */
typedef int op_fn(int);
struct ops {
	u8 id;
	op_fn *op;
	int (*other)(int);
} __packed;

static volatile int seed = 11;
static struct outer here = { .tag = 1, .inner = { 2, 0x01020304, 5 }, .x = 6, .pair = { 7, 8 } };
static u64 __aligned(32) lined[2];
static struct spread spread = { 1, 2, 3, 4 };
static struct spread alike[3] = { [0 ... 1] = { 1, 2, 3, 4 }, [2] = { 5 } };
static untagged_t untagged = { 1, { 2, 3 }, 4 };

static struct device_like drive = { 1, { { 2, 3 } }, "log", 4, { { 5 } }, { { 6 }, { .word = 700 } }, 8 };

static struct outer *hidden_in(void *private)
{
	return private;
}

#define OUTER(p) ((struct outer *)(p)->private)

struct holder {
	void *private;
};

static int twice(int n)
{
	return 2 * n;
}

static const struct ops ops[] = { { 1, twice, NULL }, { 2, NULL, twice } };

static int run(const struct ops *o, int n)
{
	if (!o->op)
		return o->other ? -o->other(n) : 0;
	return o->op == o->other ? 1 : o->op(n);
}

static int __init packed_init(void)
{
	struct holder holder = { &here }, *at = &holder;
	u32 *unaligned = (u32 *)((u8 *)&here.inner + 1);
	union extent extent = { .raw = { 1, 2, 3, 4, 5, 6, 7, 8 } };
	struct disk disk = {};

	here.inner.b += seed;
	here.pair.q <<= seed;
	here.legacy.control = seed;
	pr_info("inner %zu, legacy %zu, header %zu, xregs %zu, outer %zu\n", sizeof(struct inner), sizeof(struct legacy),
		sizeof(struct header), sizeof(struct xregs), sizeof(struct outer));
	pr_info("offsets %zu %zu %zu %zu\n", offsetof(struct outer, inner.b), offsetof(struct outer, x),
		offsetof(struct outer, pair.q), offsetof(struct outer, bytes));
	pr_info("offsets %zu %zu, alignment %zu %zu\n", offsetof(struct xregs, header), offsetof(struct xregs, extended),
		__alignof__(struct xregs), __alignof__(struct outer));
	pr_info("values %x %llx %u %u\n", here.inner.b, here.pair.q, here.bytes[0], here.inner.c);
	pr_info("spread %u %u %u %u over %zu\n", spread.a, spread.b, spread.c, spread.d + seed, sizeof(spread));
	pr_info("alike %u %u %u %u\n", alike[0].d, alike[1].c, alike[2].a, alike[2].b);
	pr_info("spread at %zu %zu %zu\n", offsetof(struct spread, b), offsetof(struct spread, c), offsetof(struct spread, d));
	pr_info("through a pointer %x, aligned %d\n", *unaligned, IS_ALIGNED((unsigned long)lined, 32));
	drive.pages[0] += seed;
	drive.last[0].byte += seed;
	pr_info("unions %zu %zu, at %zu %zu %zu %zu\n", sizeof(struct device_like), sizeof(union wide), offsetof(struct device_like, id),
		offsetof(struct device_like, kind), offsetof(struct device_like, wide), offsetof(struct device_like, tail));
	pr_info("unions %u %u %s %u %u %u %u %u\n", drive.id[0], drive.id[1], drive.log, drive.kind, drive.wide.first,
		drive.last[0].word, drive.last[1].word, drive.tail);
	OUTER(at)->inner.c |= seed;
	OUTER(at)->inner.b += OUTER(at)->inner.c++;
	OUTER(at)->pair.q -= --OUTER(at)->inner.c;
	hidden_in(at->private)->inner.a += 3;
	pr_info("changed %u %u %u %llu\n", here.inner.a, here.inner.b, here.inner.c, here.pair.q);
	disk.count = seed;
	disk.first = seed + 1;
	disk.time = seed + 2;
	disk.last = disk.first * 3;
	pr_info("disk %u %u %llu %u at %zu %zu %zu over %zu, alignment %zu\n", disk.count, disk.first, disk.time, disk.last,
		offsetof(struct disk, first), offsetof(struct disk, time), offsetof(struct disk, last), sizeof(disk), __alignof__(disk));
	untagged.b[2] = untagged.c + seed;
	pr_info("untagged %u %u %u %u at %zu %zu over %zu\n", untagged.a, untagged.b[1], untagged.b[2], untagged.c,
		offsetof(untagged_t, b), offsetof(untagged_t, c), sizeof(untagged));
	pr_info("extent %x %x %x %x over %zu, alignment %zu\n", extent.cooked.magic, extent.cooked.block, extent.cooked.length,
		extent.cooked.offset, sizeof(extent), __alignof__(extent));
	pr_info("ops %d %d\n", run(&ops[seed & 1], seed), run(&ops[~seed & 1], seed));
	return 0;
}

static void __exit packed_exit(void)
{
}

module_init(packed_init);
module_exit(packed_exit);

MODULE_DESCRIPTION("packed-aligned-nested");
MODULE_LICENSE("GPL");
