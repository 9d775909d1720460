// SPDX-License-Identifier: GPL-2.0
// Values that go from one kind of place to another: assignments, arguments, results, operators of two types.
#include "says.h"

struct box { u8 b; s8 sb; u16 h; bool t; u32 w; s64 q; char c; u32 f : 6; s32 sf : 6; };
static struct box box;
static noinline void take(u8 b, s8 sb, u16 h, bool t, u32 w, s64 q) { printf("%d %d %d %d %u %lld\n", b, sb, h, t, w, q); }
static noinline void all(long k)
{
	box.b = k; box.sb = k; box.h = k; box.t = k; box.w = k; box.q = k; box.c = k; box.f = k; box.sf = k;
	printf("%d %d %d %d %u %lld %d %d %d\n", box.b, box.sb, box.h, box.t, box.w, box.q, box.c, box.f, box.sf);
	take(k, k, k, k, k, k);
	take(box.sb, box.b, box.sf, box.f, box.sb, box.w);
	box.q = box.w + box.sb;
	SHOW(box.q);
	box.q = box.w * box.h;
	SHOW(box.q);
	box.q = box.b - box.h;
	SHOW(box.q);
	box.w = box.sb >> 1;
	SHOW(box.w);
	box.b += box.sb;
	box.sb -= box.h;
	box.h *= box.sb;
	box.w /= box.b | 1;
	box.q ^= box.w;
	box.t |= box.b;
	box.t &= 2;
	box.f += box.sf;
	box.c = box.t ? box.sb : box.b;
	printf("%d %d %d %d %u %lld %d %d\n", box.b, box.sb, box.h, box.t, box.w, box.q, box.c, box.f);
}
int conversions(void)
{
	long k[] = { 0, 1, -1, 127, 128, 255, 256, -128, -129, 65535, 65536, 0x7fffffff, 0x80000000, -0x80000000l, 0x123456789abcdef };
	u32 u = 5;
	int i = -6;
	s64 l = -1;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(k); n++)
		all(k[n]);
	SHOW(u + i > 0);
	SHOW(i / (int)u + i % (int)u);
	SHOW(i / u > 1000);
	SHOW(l < (u32)-1);
	SHOW(l + u);
	SHOW((u + i) / 2);
	SHOW((u64)(u + i));
	SHOW((u64)u + i);
	SHOW((u8)i + (s8)u);
	SHOW(i & 0xffu);
	SHOW(i >> 1 | u << 30);
	SHOW((i ? u : i) > 0);
	SHOW((u8)(u - 6) == (u8)-1);
	SHOW((u8)(u - 6) == -1);
	SHOW(-(u8)1 < 0 && -(u32)1 > 0);
	SHOW((short)40000 * 2);
	SHOW((u16)i * (u16)i > 0);
	SHOW(i % 4u + -7 % 3);
	SHOW((i = 300, (u8)i));
	SHOW((u = -1) == -1);
	SHOW((l = u) == -1);
	SHOW((char)(i = 0x1ff) == -1);
	return (u8)(i + u);
}
