// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Structures that are packed to two and four bytes, within each other and within plain ones; types that have an alignment by their name.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/stddef.h>
#include <linux/string.h>

static volatile int seed = 3;

#pragma pack(push, 2)
struct header {
	u8 kind;
	u32 length;
	u16 flags;
	u64 place;
	struct {
		u8 minor;
		u32 major;
	} version;
};
#pragma pack(4)
struct entry {
	u8 kind;
	u64 place;
	u16 flags;
	u64 size;
};
#pragma pack(pop)

struct plain {
	u8 kind;
	struct header header;
	struct entry entries[2];
	u64 last;
};

/* As asm-generic/compat.h has it for what 32 bit programs say. */
typedef u64 __aligned(4) loose_u64;
typedef u8 __aligned(8) wide_u8;

struct compat {
	u32 kind;
	loose_u64 place;
	wide_u8 tag;
	u32 count;
	loose_u64 list[2];
};

struct told {
	u32 kind;
	loose_u64 place;
};

/* Of two alignments, as x_tables' entries have counters in them; a union, and what has no name. */
struct counters {
	loose_u64 packets, bytes;
};

struct mixed {
	u32 kind;
	loose_u64 place;
	u64 size;
	u32 tight __packed;
	union {
		loose_u64 at;
		u8 bytes[12];
	};
	struct {
		u16 n;
		loose_u64 of[2];
	} parts;
	struct counters counters;
	u8 rest[];
};

#pragma pack(push, 4)
union choice {
	u8 kind;
	u64 place;
};
#pragma pack(pop)

struct __packed __aligned(2) frame {
	u8 control;
	u32 address;
};

struct __packed outer_frame {
	u8 kind;
	struct frame frame;
	union choice choice;
};

static struct {
	u32 kind;
	loose_u64 place;
} nameless = { 7, 8 };

static struct told told[2] = { { 1, 2 }, { 3, 1ULL << 40 } };

static struct header given = { 1, 2, 3, 4, { 5, 6 } };

static noinline u32 sum(const void *bytes, size_t n)
{
	const u8 *b = bytes;
	u32 s = 0;

	while (n--)
		s = s * 31 + *b++;
	return s;
}

static noinline void change(struct plain *p, int by)
{
	u64 *place = &p->entries[1].place;

	p->header.length += by;
	p->header.place *= by;
	p->header.version.major--;
	p->entries[0].size ^= (u64)by << 40;
	*place = by;
}

static noinline u64 change_mixed(struct mixed *m, struct outer_frame *f)
{
	struct local { u32 kind; loose_u64 place; } local = { 1, seed };

	m->place += seed;
	m->tight += m->place;
	m->at = ++m->size;
	m->parts.of[seed & 1] -= seed;
	m->counters.bytes += local.place;
	f->frame.address += seed;
	f->choice.place--;
	nameless.place <<= seed;
	return nameless.place + m->tight + m->bytes[0] + m->parts.of[1] + f->frame.address + f->choice.place + sizeof(local);
}

static int __init pragma_pack_init(void)
{
	struct mixed m = { 1, 2, 3, 4, { 5 }, { 6, { 7, 8 } }, { 9, 10 } };
	struct outer_frame f = { 1, { 2, 3 }, { .place = 4 } };
	struct compat c;
	struct plain p = { .kind = seed, .header = given, .entries = { { 1, 2, 3, 4 }, { .size = seed } }, .last = 9 };

	change(&p, seed);
	given.flags += seed;
	pr_info("header %zu %zu %zu, entry %zu %zu, plain %zu %zu\n", sizeof(struct header), __alignof__(struct header), offsetof(struct header, version.major), sizeof(struct entry), offsetof(struct entry, size), sizeof(p), offsetof(struct plain, last));
	pr_info("values %u %llu %u %llu %llu\n", p.header.length, p.header.place, p.header.version.major, p.entries[0].size, p.entries[1].place);
	pr_info("bytes %08x %08x\n", sum(&p.header, sizeof(p.header)), sum(&given, sizeof(given)));
	memset(&c, 0, sizeof(c));
	c.place = told[seed & 1].place + seed;
	c.tag = seed;
	c.list[seed & 1] = seed;
	pr_info("compat %zu %zu, %zu %zu, told %zu\n", sizeof(c), __alignof__(c), offsetof(struct compat, place), offsetof(struct compat, list), sizeof(told));
	pr_info("bytes %08x %08x\n", sum(&c, sizeof(c)), sum(told, sizeof(told)));
	pr_info("mixed %zu %zu, %zu %zu %zu %zu %zu\n", sizeof(m), __alignof__(m), offsetof(struct mixed, size), offsetof(struct mixed, tight), offsetof(struct mixed, at), offsetof(struct mixed, parts.of), offsetof(struct mixed, counters));
	pr_info("nameless %zu %zu, choice %zu %zu, frames %zu %zu\n", sizeof(nameless), sizeof(struct { u32 kind; loose_u64 place; }), sizeof(union choice), __alignof__(union choice), sizeof(f), offsetof(struct outer_frame, choice));
	pr_info("changed %llu, bytes %08x %08x\n", change_mixed(&m, &f), sum(&m, sizeof(m)), sum(&f, sizeof(f)));
	return 0;
}

static void __exit pragma_pack_exit(void)
{
}

module_init(pragma_pack_init);
module_exit(pragma_pack_exit);
MODULE_DESCRIPTION("kport fixture: pragma-pack");
MODULE_LICENSE("GPL");
