// SPDX-License-Identifier: GPL-2.0
// Numbers that macros name, wanted wider than they are, negative, complemented, and as one branch of two.
#include "says.h"
#define NUM_LARGE (3 << 30)
#define NUM_LARGE_U (3u << 30)
#define NUM_M 0xffffffffu
#define NUM_HALF 0x80000000
#define NUM_MINUS -1U
#define NUM_MINUS1 (-1)
#define NUM_INV (~0u)
#define NUM_INVS (~0)
#define NUM_LOW (~7u)
#define NUM_LOWS (~7)
#define NUM_PAIR (NUM_HALF | 1)
#define NUM_TIMES (NUM_M * 2)
#define NUM_SHIFTED(n) (1u << (n))
#define NUM_MASKED(x, m) ((x) & ~(m))
#define NUM_MAX 255
#define NUM_SMALL 5u
#define NUM_PAGE (1UL << 12)
#define NUM_PMASK (~(NUM_PAGE - 1))
#define NUM_SUMMED (NUM_M + 1)
#define NUM_SIZED (sizeof(int) * NUM_M)
#define NUM_CHAR 'x'
#define NUM_WIDE 0x100000000
#define NUM_NEG(x) (-(x))
#define NUM_CAST ((u8)300)
#define NUM_COND(x) ((x) ? NUM_M : 1)
#define NUM_TERN (1 ? NUM_M : -1)
static volatile u64 q = 0x123456789abcdef0ull;
static volatile s64 sq = -5;
static volatile u32 w = 0x89abcdef;
static volatile int i = -3;
static u64 table[] = { NUM_LARGE, NUM_M, ~NUM_M, NUM_MINUS, NUM_HALF, -NUM_HALF, NUM_LOW, NUM_LOWS, NUM_PAIR, NUM_TIMES, NUM_SUMMED, NUM_TERN, NUM_NEG(NUM_SMALL), NUM_NEG(5), NUM_SHIFTED(31) };
static s64 stable[] = { NUM_LARGE, NUM_M, ~NUM_M, NUM_MINUS, NUM_HALF, -NUM_HALF, NUM_LOW, NUM_LOWS, NUM_PAIR, NUM_TIMES, NUM_SUMMED, NUM_TERN, NUM_NEG(NUM_SMALL), NUM_NEG(5), NUM_SHIFTED(31) };
struct s { u64 a; s64 b; u32 c; u8 d; };
static noinline u64 take(u64 x) { return x; }
static noinline s64 stake(s64 x) { return x; }
static noinline u64 give(int k)
{
	switch (k) {
	case 0: return NUM_LARGE;
	case 1: return NUM_M;
	case 2: return ~NUM_M;
	case 3: return NUM_MINUS;
	case 4: return ~NUM_HALF;
	case 5: return -NUM_HALF;
	case 6: return NUM_LOW;
	case 7: return NUM_LOWS;
	case 8: return NUM_PAIR << 1;
	case 9: return NUM_TIMES;
	case 10: return NUM_SUMMED;
	case 11: return NUM_TERN;
	case 12: return NUM_NEG(NUM_SMALL);
	case 13: return NUM_NEG(5);
	case 14: return NUM_COND(k);
	case 15: return k ? NUM_M : -1;
	case 16: return NUM_M << 4;
	case 17: return NUM_M + NUM_SMALL;
	case 18: return NUM_SMALL - 6;
	case 19: return 5 - NUM_SMALL * 2;
	case 20: return !NUM_M - 1;
	case 21: return NUM_M / -1;
	case 22: return NUM_M * NUM_M;
	case 23: return NUM_MINUS >> 4;
	case 24: return NUM_SIZED;
	case 25: return NUM_CAST + NUM_M;
	case 26: return (NUM_M, 1u) - 2;
	case 27: return NUM_LARGE_U;
	case 28: return NUM_MASKED(~0u, NUM_SMALL);
	case 29: return NUM_MASKED(~0, NUM_SMALL);
	case 30: return NUM_MASKED(-1, 5);
	}
	return NUM_INV;
}
int untyped_macros(void)
{
	struct s s = { .a = NUM_LARGE, .b = NUM_HALF, .c = NUM_MINUS1, .d = NUM_MAX };
	u64 x;
	s64 y;
	int k;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(table); n++) {
		SHOW(table[n]);
		SHOW(stable[n]);
	}
	for (k = 0; k < 32; k++)
		SHOW(give(k));
	SHOW(s.a); SHOW(s.b); SHOW(s.c); SHOW(s.d);
	SHOW(q & NUM_M); SHOW(q & ~NUM_M); SHOW(q & NUM_LARGE); SHOW(q & NUM_LARGE_U); SHOW(q & NUM_LOW); SHOW(q & NUM_LOWS);
	SHOW(q & -NUM_HALF); SHOW(q + NUM_MINUS); SHOW(q + NUM_MINUS1); SHOW(q - NUM_M); SHOW(q * NUM_MINUS); SHOW(q ^ NUM_INV); SHOW(q ^ NUM_INVS);
	SHOW(q | NUM_HALF << 1); SHOW(q | ~NUM_HALF); SHOW(q / NUM_MINUS); SHOW(q % NUM_HALF); SHOW(q >> NUM_SMALL); SHOW(q << (NUM_MAX & 31));
	SHOW(sq & NUM_M); SHOW(sq & ~NUM_M); SHOW(sq < NUM_M); SHOW(sq < NUM_MINUS1); SHOW(sq < NUM_MINUS); SHOW(sq == NUM_MINUS); SHOW(sq / NUM_MINUS);
	SHOW(sq * NUM_MINUS); SHOW(sq > NUM_SMALL); SHOW(sq + NUM_SMALL); SHOW(sq | NUM_LOW); SHOW(sq & NUM_LOWS); SHOW(sq % NUM_SMALL);
	SHOW(w & NUM_LARGE); SHOW(w + NUM_MINUS); SHOW((u64)w + NUM_MINUS); SHOW((u64)w + NUM_MINUS1); SHOW(w == NUM_M); SHOW(w > NUM_HALF); SHOW(w < NUM_LARGE);
	SHOW(i < NUM_M); SHOW(i < NUM_SMALL); SHOW(i < NUM_MAX); SHOW(i & NUM_LOW); SHOW(i + NUM_SMALL); SHOW((u64)(i + NUM_SMALL)); SHOW((s64)i + NUM_SMALL);
	SHOW(i / NUM_SMALL); SHOW(i / NUM_MAX); SHOW(i * NUM_M); SHOW(i | NUM_HALF); SHOW((u64)i | NUM_HALF); SHOW((s64)i | NUM_HALF); SHOW(i >> NUM_SMALL);
	x = q; x &= NUM_M; SHOW(x); x = q; x &= ~NUM_M; SHOW(x); x = q; x &= NUM_LOW; SHOW(x); x = q; x &= NUM_LOWS; SHOW(x);
	x = q; x += NUM_MINUS; SHOW(x); x = q; x -= NUM_MINUS1; SHOW(x); x = q; x *= -NUM_SMALL; SHOW(x); x = q; x /= NUM_HALF; SHOW(x);
	x = q; x |= NUM_LARGE; SHOW(x); x |= NUM_LARGE_U; SHOW(x); x ^= ~NUM_SMALL; SHOW(x); x ^= ~NUM_MAX; SHOW(x); x <<= NUM_SMALL; SHOW(x); x >>= NUM_CHAR & 7; SHOW(x);
	y = q; y &= NUM_M; SHOW(y); y = sq; y &= ~NUM_M; SHOW(y); y = sq; y /= -NUM_SMALL; SHOW(y); y = sq; y %= NUM_HALF; SHOW(y); y = sq; y -= -NUM_SMALL; SHOW(y);
	y = NUM_MINUS; SHOW(y); y = -NUM_MINUS; SHOW(y); y = -NUM_HALF; SHOW(y); y = ~NUM_SMALL; SHOW(y); y = NUM_LARGE; SHOW(y); y = (i < 0) ? NUM_MINUS : NUM_MINUS1; SHOW(y);
	y = (i < 0) ? NUM_MINUS1 : NUM_SMALL; SHOW(y); y = i ?: NUM_M; SHOW(y); y = (i < 0) ? i : NUM_M; SHOW(y);
	SHOW(take(NUM_LARGE)); SHOW(take(~NUM_M)); SHOW(take(NUM_MINUS)); SHOW(take(NUM_LOWS)); SHOW(take(-NUM_SMALL)); SHOW(take(-NUM_HALF)); SHOW(take(NUM_PMASK)); SHOW(take(~NUM_SHIFTED(3)));
	SHOW(stake(NUM_LARGE)); SHOW(stake(~NUM_M)); SHOW(stake(NUM_MINUS)); SHOW(stake(NUM_LOW)); SHOW(stake(-NUM_SMALL)); SHOW(stake(-NUM_HALF)); SHOW(stake(NUM_PMASK)); SHOW(stake(~NUM_SHIFTED(31)));
	SHOW(q & NUM_PMASK); SHOW(w & NUM_PMASK); SHOW(i & NUM_PMASK); SHOW(q & ~NUM_SHIFTED(4)); SHOW(q & ~(u64)NUM_SHIFTED(4)); SHOW(q & NUM_NEG(NUM_SMALL)); SHOW(q & NUM_NEG(16));
	SHOW(NUM_MASKED(q, NUM_M)); SHOW(NUM_MASKED(q, NUM_SMALL)); SHOW(NUM_MASKED(q, NUM_MAX)); SHOW(NUM_MASKED(sq, NUM_HALF)); SHOW(NUM_MASKED(w, NUM_MAX)); SHOW(NUM_MASKED(i, NUM_SMALL));
	SHOW(q > ~NUM_M); SHOW(q == ~NUM_HALF); SHOW(~NUM_M == q); SHOW(q >= NUM_MINUS); SHOW(q != NUM_MINUS1); SHOW(NUM_MINUS1 == ~q); SHOW(NUM_MINUS == (u32)NUM_MINUS1);
	SHOW(NUM_COND(q) + q); SHOW(NUM_COND(i) + 0ull); SHOW(NUM_TERN + 0ll); SHOW((q ? NUM_M : NUM_MINUS1) + q); SHOW((q ? NUM_MINUS1 : NUM_M) + q); SHOW((q ? NUM_MINUS1 : q) + 1);
	SHOW(NUM_SUMMED + q); SHOW(NUM_TIMES + q); SHOW((NUM_M + 1) + q); SHOW(NUM_M + 1 + q); SHOW(q + NUM_M + 1); SHOW(1 + NUM_M - q); SHOW(NUM_SMALL - 6 + q); SHOW((NUM_SMALL - 6) * q); SHOW(NUM_WIDE - NUM_M); SHOW(NUM_WIDE + NUM_MINUS); SHOW(NUM_WIDE * NUM_SMALL - NUM_HALF);
	SHOW(1u - 2 < q); SHOW(1 - 2u < sq); SHOW((int)NUM_M + q); SHOW((s64)(int)NUM_M); SHOW((u64)(s32)NUM_HALF); SHOW((u64)-NUM_SMALL); SHOW((u64)-5); SHOW((u64)~NUM_SMALL); SHOW((u64)~5);
	return s.d;
}
