// SPDX-License-Identifier: GPL-2.0
// Unions: one member written, another read; nested, anonymous, initialised by a later member.
#include "says.h"

union word {
	u32 whole;
	u16 half[2];
	u8 byte[4];
	struct { u8 low, rest[3]; };
	struct { u32 a : 4, b : 12, c : 16; } f;
};
struct tagged {
	int kind;
	union { int i; const char *s; struct { short x, y; }; union { u8 deep; u64 deeper; }; };
	union { u8 z; u64 y8; } named;
};
union floats { u64 bits; s64 signed_bits; void *p; };

static union word table[] = { { 1 }, { .half = { 2, 3 } }, { .byte[3] = 4 }, { .f.b = 5 }, { .rest = { 6, 7, 8 } } };
static struct tagged things[] = { { 1, .i = -5 }, { 2, .s = "text" }, { 3, { .x = 1, .y = 2 } }, { .deeper = 9, .named.y8 = 10 } };

static noinline union word swapped(union word w)
{
	union word r;

	r.byte[0] = w.byte[3];
	r.byte[1] = w.byte[2];
	r.byte[2] = w.low;
	r.byte[3] = w.rest[0];
	return r;
}

int unions(void)
{
	union word w = { .whole = 0x12345678 }, v;
	struct tagged t = things[1], u = { .named = { .y8 = 0x1122334455667788 } };
	union floats f = { .signed_bits = -1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		SHOW(table[i].whole);
	SHOW(w.half[1] + w.byte[1] + w.low);
	SHOW(w.f.a + w.f.b * 16 + w.f.c);
	w.f.b = 0xfff;
	SHOW(w.whole);
	w.half[0]++;
	SHOW(w.rest[1]--);
	SHOW(swapped(w).whole);
	v = swapped(swapped(w));
	SHOW(v.whole == w.whole);
	SHOW(*t.s);
	SHOW(things[2].x * 10 + things[2].y);
	SHOW(things[0].i);
	SHOW(things[3].deep);
	SHOW(u.named.z);
	t.y = 5;
	t.deep = 0xff;
	SHOW(t.x & 0xff);
	SHOW(f.bits + 1);
	SHOW(f.p == (void *)-1);
	SHOW(((union word){ .byte = { 1, 2, 3, 4 } }.whole));
	SHOW(((union floats)(void *)5).bits);
	return v.low;
}
