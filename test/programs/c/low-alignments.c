// SPDX-License-Identifier: GPL-2.0
// Types that their names align lower than Rust aligns them, as what 32 bit programs say to the kernel has it: wherever a structure can hold one.
#include "says.h"

typedef u64 low_u64 __attribute__((aligned(4)));
typedef low_u64 lower_u64;
typedef u64 two_u64 __attribute__((aligned(2)));
struct plain { u32 a; u64 b; };
typedef struct plain low_plain __attribute__((aligned(4)));
typedef struct plain high_plain __attribute__((aligned(32)));

struct counters { low_u64 packets, bytes; };
struct told { u32 a; low_u64 b; };
struct entry { u32 head; u16 sizes[2]; struct counters counters; u8 elements[]; };
struct list { u32 a; lower_u64 b[2]; u16 c; };
struct nested { u16 x; struct list list; u64 y; };
/* Of two alignments: no packing of the whole lays it out. */
struct mixed { u32 a; low_u64 b; u64 c; two_u64 d, e; u8 f; low_u64 g[2]; };
struct ends { u32 n; low_u64 rest[]; };
struct rows { u8 n; struct { u32 a; low_u64 b; } rest[]; };
union either { low_u64 a; u32 b; };
struct holds { u32 x; union either u; union { low_u64 c; u8 d[12]; }; struct { u32 e; low_u64 f; } in; u16 z; };
struct lower { u32 x; low_plain s; u16 y; low_plain t[2]; };
struct higher { u32 x; high_plain s; u16 y; };
struct bits { u32 a : 3; low_u64 b; u32 c : 7; };
typedef struct { u8 a; low_u64 b[3]; u8 z; } untagged;

static volatile int seed = 3;
static struct list given[2] = { { 1, { 2, 3 }, 4 }, { .b = { [1] = 6 } } };
static struct { u32 a; low_u64 b; } alone = { 1, 2 };
static union either global = { .a = 5 };
static const struct mixed fixed = { 1, 2, 3, 4, 5, 6, { 7, 8 } };

static noinline void sizes(void)
{
	SHOW(sizeof(struct counters));
	SHOW(_Alignof(struct counters));
	SHOW(sizeof(struct entry));
	SHOW(offsetof(struct entry, counters));
	SHOW(sizeof(struct list));
	SHOW(offsetof(struct list, b[1]));
	SHOW(sizeof(struct nested));
	SHOW(offsetof(struct nested, list));
	SHOW(offsetof(struct nested, y));
	SHOW(sizeof(struct mixed));
	SHOW(offsetof(struct mixed, b));
	SHOW(offsetof(struct mixed, c));
	SHOW(offsetof(struct mixed, e));
	SHOW(offsetof(struct mixed, g));
	SHOW(sizeof(struct ends));
	SHOW(offsetof(struct ends, rest[seed]));
	SHOW(sizeof(struct rows));
	SHOW(offsetof(struct rows, rest));
	SHOW(sizeof(((struct rows *)0)->rest[0]));
	SHOW(sizeof(union either));
	SHOW(_Alignof(union either));
	SHOW(sizeof(struct holds));
	SHOW(offsetof(struct holds, c));
	SHOW(offsetof(struct holds, in.f));
	SHOW(sizeof(struct lower));
	SHOW(offsetof(struct lower, s));
	SHOW(offsetof(struct lower, t[1].b));
	SHOW(sizeof(struct higher));
	SHOW(offsetof(struct higher, y));
	SHOW(sizeof(struct bits));
	SHOW(offsetof(struct bits, b));
	SHOW(sizeof(untagged));
	SHOW(offsetof(untagged, z));
	SHOW(sizeof(alone));
	SHOW(sizeof(struct { u32 a; low_u64 b; }));
	SHOW(offsetof(struct { u8 a; low_u64 b; }, b));
	SHOW(sizeof(union { low_u64 a; u8 c[9]; }));
	SHOW(sizeof(struct { int : -!!(0); }));
}

static noinline u64 change(struct nested *n, struct holds *h, low_u64 *at)
{
	n->list.b[seed & 1] += seed;
	n->y = ++n->list.b[0];
	h->u.a <<= seed;
	h->c = h->in.f--;
	*at += h->u.b;
	return n->list.b[1] * h->c + *at;
}

static noinline u64 of_its_own(void)
{
	struct own { u32 a; low_u64 b; } own = { 1, 2 }, list[2] = { { 3, 4 }, { 5, 6 } };
	struct { u32 p; low_u64 q; } here = { 5, 6 };
	union inner { low_u64 a; u32 b; } u = { 7 };

	own.b += seed;
	u.a += own.b;
	here.q += list[seed & 1].b;
	SHOW(sizeof(struct own));
	SHOW(sizeof(list));
	SHOW(sizeof(here));
	SHOW((u8 *)&here.q - (u8 *)&here);
	SHOW(_Alignof(union inner));
	return own.b + u.b + here.q;
}

/* Stays C for what it defines: what it is given by value comes from Rust. */
static noinline u64 literal(struct told t, struct counters c, union either u)
{
	return ((struct { u32 a; low_u64 b; }){ 1, seed }).b + t.b * 3 + c.bytes * 5 + u.a * 7;
}

int low_alignments(void)
{
	struct nested n = { 1, { 2, { 3, 4 }, 5 }, 6 };
	struct holds h = { 1, { 2 }, { 3 }, { 4, 5 }, 6 };
	struct mixed m = fixed;
	struct lower l = { 1, { 2, 3 }, 4, { { 5, 6 }, { 7, 8 } } };
	struct higher high = { 1, { 2, 3 }, 4 };
	struct bits b = { 1, 2, 3 };
	untagged t = { 1, { 2, 3, 4 }, 5 };

	sizes();
	SHOW(change(&n, &h, &m.b));
	SHOW(n.x + n.list.a + n.list.c + n.y + h.x + h.d[0] + h.in.e + h.z);
	m.c++;
	m.e = m.d++;
	m.g[seed & 1] *= m.e;
	show_bytes("mixed", &m.b, 8);
	SHOW(m.a + m.c + m.d + m.e + m.f + m.g[1]);
	l.s.b += seed;
	l.t[seed & 1].b++;
	high.s.b++;
	SHOW(l.s.b + l.t[1].b + l.y + high.s.b + high.y);
	b.b += b.c++;
	SHOW(b.a + b.b + b.c);
	t.b[1] += seed;
	SHOW(t.b[1] + t.z);
	given[1].b[1] += given[0].b[0];
	SHOW(given[1].b[1] + given[0].c);
	alone.b += given[1].b[1];
	global.a += alone.b;
	SHOW(global.b);
	SHOW(of_its_own());
	SHOW(literal((struct told){ 1, 2 }, (struct counters){ 3, 4 }, global));
	return 0;
}
