// SPDX-License-Identifier: GPL-2.0
// What lies between members after copies, partial initialisers, arguments and results.
#include "says.h"

struct gap { u8 a; u64 b; };
struct tail { u32 a; u8 b; };
struct both { u8 a; u16 b; u8 c; u32 d; };
struct outer { u8 a; struct gap in; struct tail list[2]; };
union choice { u8 small; u64 large; struct tail t; };
struct bits { u8 a : 3; u32 b : 9; u64 c; };

static noinline void fill(void *p, size_t n)
{
	memset(p, 0x77, n);
}

static noinline void copy_all(struct gap *g, struct tail *t, struct both *b, struct outer *o, union choice *u, struct bits *f)
{
	struct gap g1 = *g, g2;
	struct tail t1 = *t, t2 = t1;
	struct both b1 = *b;
	struct outer o1 = *o, o2[2] = { *o, *o };
	union choice u1 = *u;
	struct bits f1 = *f, *pf = &f1, f2 = *pf;

	g2 = *(&g1);
	show_bytes("gap", &g1, sizeof(g1));
	show_bytes("gap", &g2, sizeof(g2));
	show_bytes("tail", &t2, sizeof(t2));
	show_bytes("both", &b1, sizeof(b1));
	show_bytes("outer", &o1, sizeof(o1));
	show_bytes("outer", &o2[1], sizeof(o1));
	show_bytes("choice", &u1, sizeof(u1));
	show_bytes("bits", &f2, sizeof(f2));
	o1.in = g2;
	o1.list[1] = t2;
	o1.list[0] = o1.list[1];
	*o = o1;
	show_bytes("outer", o, sizeof(*o));
	u1.t = *t;
	*u = u1;
	show_bytes("choice", u, sizeof(*u));
}

static noinline void partial(int k)
{
	struct outer o = { .in.b = k, .list[1] = { .b = k } };
	struct outer list[2] = { [1] = { .a = k } };
	union choice u = { .small = k }, v = { k };
	struct bits f = { .b = k };
	struct both b = { k, .d = k };
	struct { u8 a; struct { u16 b; u8 c; } in[2]; } anon = { k, { { k }, } };
	const struct gap g = { k, k };
	static struct gap kept = { 1, 2 };

	show_bytes("o", &o, sizeof(o));
	show_bytes("list", list, sizeof(list));
	show_bytes("u", &u, sizeof(u));
	show_bytes("v", &v, sizeof(v));
	show_bytes("f", &f, sizeof(f));
	show_bytes("b", &b, sizeof(b));
	show_bytes("anon", &anon, sizeof(anon));
	show_bytes("g", &g, sizeof(g));
	kept = g;
	show_bytes("kept", &kept, sizeof(kept));
	o = (struct outer){ .a = k };
	show_bytes("o", &o, sizeof(o));
}

static noinline void unset(int k)
{
	struct outer o;
	union choice u;
	struct both b[2];
	u8 bytes[5];
	int n;

	o.in.a = k;
	u.small = k;
	b[1].c = k;
	bytes[2] = k;
	if (k > 5)
		n = k;
	show_bytes("o", &o, sizeof(o));
	show_bytes("u", &u, sizeof(u));
	show_bytes("b", b, sizeof(b));
	show_bytes("bytes", bytes, sizeof(bytes));
	SHOW(n);
}

int padding_copies(void)
{
	struct gap g;
	struct tail t;
	struct both b;
	struct outer o;
	union choice u;
	struct bits f;

	fill(&g, sizeof(g));
	fill(&t, sizeof(t));
	fill(&b, sizeof(b));
	fill(&o, sizeof(o));
	fill(&u, sizeof(u));
	fill(&f, sizeof(f));
	g.a = t.b = b.a = o.a = 1;
	f.a = 2;
	dirty_stack();
	copy_all(&g, &t, &b, &o, &u, &f);
	dirty_stack();
	partial(3);
	dirty_stack();
	unset(4);
	return 0;
}
