// SPDX-License-Identifier: GPL-2.0
// What functions give: converted, of void, from the middle, of what has no value, recursive, in all positions.
#include "says.h"

static int log_;
static noinline u8 narrow(int k) { return k; }
static noinline bool truth(int k) { return k & 6; }
static noinline s8 sign(u32 k) { return k; }
static noinline u64 widen(s8 k) { return k; }
static noinline long widen_u(u32 k) { return k; }
static noinline int from_long(long k) { return k; }
static noinline char letter(int k) { return 'a' + k; }
static noinline void nothing(int k) { if (k) return; log_ += 100; }
static noinline void passes(int k) { return nothing(k); }
static noinline const void *pointer(const int *p) { return p ?: (const void *)"str"; }
static noinline enum { X, Y = 3 } named(int k) { return k ? Y : X; }
static noinline int early(int k)
{
	if (k < 0)
		return -1;
	switch (k) {
	case 0:
		return 100;
	case 1:
		break;
	default:
		while (k) {
			if (k == 7)
				return 7;
			k--;
		}
		return k;
	}
	return log_++;
}
static noinline int ack(int m, int n) { return !m ? n + 1 : !n ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
static noinline bool odd(u32 n);
static noinline bool even(u32 n) { return n == 0 || odd(n - 1); }
static noinline bool odd(u32 n) { return n != 0 && even(n - 1); }
static noinline __attribute__((noreturn)) void never(int k) { for (;;) log_ += k; }
static noinline int either(int k) { if (k) return 5; never(k); }
static inline __attribute__((always_inline)) int tiny(int k) { return k * 2; }
static noinline int params(u8 a, s16 b, bool c, char d, u32 e) { a++; b--; c ^= 1; d += 1; e >>= 1; return a + b * 2 + c * 3 + d * 4 + e * 5; }
static noinline int unused(int a, int, __attribute__((unused)) int c);
static noinline int unused(int a, int b, int c) { (void)b; return a; }

int returns(void)
{
	SHOW(narrow(511) + narrow(-1));
	SHOW(truth(8) + truth(4) * 10);
	SHOW(sign(200) + sign(0xffffff7f));
	SHOW(widen(-2));
	SHOW(widen_u(-2));
	SHOW(from_long(0x1fffffffe));
	SHOW(letter(300));
	nothing(0), passes(1), passes(0);
	SHOW(log_);
	SHOW(*(const char *)pointer(NULL));
	SHOW(named(1) + named(0));
	SHOW(early(-5) + early(0) + early(1) + early(9) + early(5) + early(1));
	SHOW(ack(2, 3));
	SHOW(even(10) + odd(7) * 10);
	SHOW(either(1));
	SHOW(tiny(tiny(3)));
	SHOW(params(255, -32768, 1, 127, 3));
	SHOW(unused(1, 2, 3));
	(void)early(1);
	early(1);
	SHOW(log_);
	SHOW((int)(u8)from_long(-1) + (s8)narrow(128));
	return early(0);
}
