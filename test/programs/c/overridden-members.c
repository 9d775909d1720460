// SPDX-License-Identifier: GPL-2.0
// Initialisers that put members into what they have as a whole already.
#include "says.h"
struct range { int from, to; };
struct padded { u8 k; long v; };
struct tagged { char tag[6]; int z; };
static struct tagged named = { .tag = "abc", .tag[1] = 'Z' };
struct region { struct range all; struct padded pad; const char *name; struct range parts[2]; };
struct deep { struct region r; int z; };
union either { struct range r; u64 wide; };
static int calls;
static noinline int count(int x) { calls = calls * 10 + x; return x; }
static noinline struct range made(int x) { return (struct range){ x, x + 1 }; }
static noinline int told(const struct region *r) { return r->all.from * 1000 + r->all.to * 100 + r->pad.k * 10 + r->pad.v + r->parts[1].to; }
static struct region whole = { .all = { 1, 2 }, .all.to = 3, .parts = { { 4, 5 }, { 6, 7 } }, .parts[1].from = 8 };
static struct region literal = { .all = (struct range){ 1, 2 }, .all.to = 3, .pad = (const struct padded){ 4, 5 }, .pad.k = 6 };
static const struct range table[] = { [0 ... 2] = { 1, 2 }, [1].to = 9, [2] = (struct range){ 3, 4 }, [2].from = 7 };

int overridden_members(void)
{
	struct range l = { 3, 4 };
	struct padded p = { 5, 6 };
	struct region s = { .all = l, .all.to = count(1), .pad = p, .pad.v = count(2), .parts[0] = l, .parts[0].from = count(3) };
	struct region t = { .parts = { l, l }, .parts[1].to = 9, .all = made(count(4)), .all.from = 0 };
	struct range list[3] = { [2] = l, [2].to = count(5), [0] = made(6), [0].from = count(7) };
	struct deep deep = { .r = s, .r.all.to = 2, .r.parts[1] = l, .r.parts[1].from = 1, .z = count(8) };
	union either u = { .r = l, .r.to = count(9) };
	struct region *q = &(struct region){ .all = l, .all.from = count(1), .name = "q" };

	struct tagged g = { .tag = "hello", .tag[1] = count(3), .z = 1 }, h = { "xy", .tag[4] = 'q' };

	show_bytes("named", &named, sizeof(named)); show_bytes("g", &g, sizeof(g)); show_bytes("h", &h, sizeof(h));
	SHOW(told(&s)); SHOW(told(&t)); SHOW(told(q)); SHOW(told(&deep.r)); SHOW(told(&whole)); SHOW(told(&literal));
	show_bytes("list", list, sizeof(list)); show_bytes("table", table, sizeof(table)); show_bytes("parts", s.parts, sizeof(s.parts)); show_bytes("t", t.parts, sizeof(t.parts));
	show_bytes("deep", deep.r.parts, sizeof(deep.r.parts)); show_bytes("pad", &s.pad, sizeof(s.pad)); show_bytes("u", &u, sizeof(u));
	t = (struct region){ .all = s.all, .all.to = t.all.to, .pad = { 1, 2 }, .pad.k = count(2) };
	SHOW(told(&t));
	s = (struct region){ .all = t.all, .all.from = s.all.to };
	SHOW(told(&s));
	SHOW(calls);
	return deep.z;
}
