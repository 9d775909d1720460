// SPDX-License-Identifier: GPL-2.0
// What bit-fields leave free that have no width, or no name: neither aligns its structure.
#include "says.h"

struct narrow { u8 a : 3; int : 0; u8 b; };
struct same { u32 a : 3; int : 0; u16 b; u8 c; };
struct listed { u32 a : 3, : 0; u8 b; };
struct first { u8 a; int : 0; u8 b; };
struct before { u8 a; int : 0; u8 b : 4; u16 c; };
struct several { u32 a : 3; long : 0; u32 b : 4; char : 0; int : 0; u8 c; };
struct loose { u8 x; int : 5; u8 y; };
struct wide { u8 x : 3; int : 5; int : 12; u8 y; u8 z : 2; };
typedef struct { u8 a : 3; int : 0; u8 b; } narrow_t;
typedef struct { u8 x : 3; u32 : 9; u8 y : 4; u16 z; } across_t;

static volatile int seed = 3;
static struct narrow given = { 1, 2 };

int bit_field_gaps(void)
{
	struct narrow n = { 1, 2 };
	struct same s = { 1, 2, 3 };
	struct first f = { 1, 2 };
	struct listed i = { 1, 2 };
	struct before b = { 1, 2, 3 };
	struct several v = { 1, 2, 3 };
	struct loose l = { 1, 2 };
	struct wide w = { 1, 2, 3 };
	narrow_t t = { 1, 2 };
	across_t x = { 1, 2, 3 };
	struct { u16 a : 3; int : 0; u8 b; } here = { 1, 2 };

	SHOW(sizeof(n));
	SHOW(_Alignof(struct narrow));
	SHOW(offsetof(struct narrow, b));
	SHOW(sizeof(s));
	SHOW(offsetof(struct same, b));
	SHOW(offsetof(struct first, b));
	SHOW(sizeof(i));
	SHOW(offsetof(struct listed, b));
	SHOW(offsetof(struct before, c));
	SHOW(sizeof(v));
	SHOW(offsetof(struct several, c));
	SHOW(sizeof(l));
	SHOW(_Alignof(struct loose));
	SHOW(offsetof(struct loose, y));
	SHOW(sizeof(w));
	SHOW(offsetof(struct wide, y));
	SHOW(sizeof(narrow_t));
	SHOW(offsetof(narrow_t, b));
	SHOW(sizeof(x));
	SHOW(offsetof(across_t, z));
	SHOW(sizeof(here));
	SHOW((u8 *)&here.b - (u8 *)&here);
	n.a += seed;
	s.a++;
	b.b++;
	v.b += 2;
	l.y += seed;
	w.x++;
	w.z++;
	x.y += seed;
	t.a++;
	here.b += seed;
	given.a = n.a;
	show_bytes("across", &x, 2);
	i.a += seed;
	SHOW(i.a + i.b);
	SHOW(n.a + n.b + s.a + s.b + s.c + f.a + f.b + b.a + b.b + b.c + v.a + v.b + v.c);
	SHOW(l.x + l.y + w.x + w.y + w.z + x.x + x.y + x.z + t.a + t.b + here.a + here.b + given.a + given.b);
	return 0;
}
