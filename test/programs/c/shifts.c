// SPDX-License-Identifier: GPL-2.0
// Shifts of all types by all types, and as the operand of others.
#include "says.h"

static volatile int n = 5;
static volatile u64 wide = 40;
static volatile s8 tiny = 3;

int shifts(void)
{
	int a = -1000;
	u32 u = 0x80000001u;
	u64 q = 0x8000000000000001ull;
	s64 sq = q;
	u8 b = 0x81;
	s8 sb = 0x81;
	u16 h = 0x8001;
	bool f = true;
	int k;

	SHOW(a >> n);
	SHOW(a << n);
	SHOW(u >> n);
	SHOW(u << n);
	SHOW(q >> wide);
	SHOW(q << wide);
	SHOW(sq >> wide);
	SHOW(b >> tiny);
	SHOW(b << tiny);
	SHOW(sb >> tiny);
	SHOW(sb << tiny);
	SHOW(h << 16);
	SHOW(h << 15 < 0);
	SHOW(f << n);
	SHOW(1 << n);
	SHOW(1u << 31);
	SHOW(1ull << wide);
	SHOW((u32)1 << (u8)n);
	SHOW(-1 >> 1);
	SHOW(-1 >> 31);
	SHOW(~0u >> 1);
	SHOW((u8)~0 >> 1);
	SHOW((u8)(~0 >> 1));
	b <<= 1;
	SHOW(b);
	b >>= tiny - 2;
	SHOW(b);
	sb >>= 1;
	SHOW(sb);
	sb <<= 3;
	SHOW(sb);
	h <<= n;
	SHOW(h);
	f <<= 1;
	SHOW(f);
	f >>= 1;
	SHOW(f);
	a >>= wide - 38;
	SHOW(a);
	q <<= (s8)1;
	SHOW(q);
	sq >>= 'c' - 'a';
	SHOW(sq);
	for (k = 0; k < 32; k += 7) {
		SHOW((u << k | u >> (32 - k & 31)));
		SHOW(a << k >> k);
		SHOW((u64)1 << (63 - k));
	}
	return 1 << n;
}
