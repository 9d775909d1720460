// SPDX-License-Identifier: GPL-2.0
// Structures by value: small, large, of odd sizes, nested, chained, in arrays, changed by who is called.
#include "says.h"

struct s1 { u8 a; };
struct s3 { u8 a[3]; };
struct s5 { u32 a; u8 b; } __attribute__((packed));
struct s8 { u32 a, b; };
struct s12 { u32 a, b, c; };
struct s16 { u64 a; u32 b; };
struct s24 { u64 a, b, c; };
struct mix { u8 a; struct s12 in; u16 f : 5; };
union u8s { u64 all; u8 each[8]; };

#define PASS(t, m) static noinline struct t pass_##t(struct t v, int k) { v.m += k; return v; }
PASS(s1, a)
PASS(s3, a[1])
PASS(s5, b)
PASS(s8, b)
PASS(s12, c)
PASS(s16, b)
PASS(s24, c)
PASS(mix, in.b)
static noinline union u8s pass_u(union u8s v, int k) { v.each[k] = k; return v; }
static noinline int many(struct s3 a, struct s24 b, u8 c, struct s16 d, struct s1 e, struct s12 f, struct s5 g, struct s8 h)
{
	return a.a[2] + b.b * 2 + c * 3 + d.b * 5 + e.a * 7 + f.b * 11 + g.b * 13 + h.a * 17;
}
static noinline struct s24 *point(struct s24 *p) { p->a++; return p; }

int by_value(void)
{
	struct s1 a = { 250 };
	struct s3 b = { { 1, 2, 3 } };
	struct s5 c = { 4, 5 };
	struct s8 d = { 6, 7 };
	struct s12 e = { 8, 9, 10 };
	struct s16 f = { 11, 12 };
	struct s24 g = { 13, 14, 15 }, list[3] = { g, g };
	struct mix h = { 16, e, 17 }, k;
	union u8s u = { 0x0102030405060708 };

	SHOW(pass_s1(a, 10).a);
	SHOW(pass_s3(b, 254).a[1]);
	SHOW(pass_s5(c, 2).b);
	SHOW(pass_s8(pass_s8(d, 1), 2).b);
	SHOW(pass_s12(e, 3).c);
	SHOW(pass_s16(f, 4).b);
	SHOW(pass_s24(g, 5).c + g.c);
	SHOW(pass_mix(h, 6).in.b + h.in.b);
	SHOW(pass_u(u, 3).all);
	SHOW(many(b, g, 1, f, a, e, c, d));
	SHOW(many(pass_s3(b, 1), *point(&g), 2, pass_s16(f, 1), pass_s1(a, 1), h.in, pass_s5(c, 1), (struct s8){ g.a, 3 }));
	list[2] = list[0] = pass_s24(list[1], 7);
	SHOW(list[2].c);
	k = h = pass_mix(h, 1);
	SHOW(k.in.b + k.f);
	h.in = (struct s12){ .b = h.in.c, .c = h.in.b };
	SHOW(h.in.b * 100 + h.in.c);
	*point(&list[1]) = *point(&list[0]);
	SHOW(list[1].a);
	SHOW((a.a ? g : list[0]).a);
	SHOW((list[0] = g, list[0]).b);
	SHOW((point(&g), g).a);
	return sizeof(struct mix);
}
