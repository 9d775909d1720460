// SPDX-License-Identifier: GPL-2.0
// Numbers that macros name, wanted wider than they are, negative, complemented, and as one branch of two.
#include "says.h"
#define LARGE (3 << 30)
#define LARGE_U (3u << 30)
#define M 0xffffffffu
#define HALF 0x80000000
#define MINUS -1U
#define MINUS1 (-1)
#define INV (~0u)
#define INVS (~0)
#define LOW (~7u)
#define LOWS (~7)
#define PAIR (HALF | 1)
#define TIMES (M * 2)
#define SHIFTED(n) (1u << (n))
#define MASKED(x, m) ((x) & ~(m))
#define MAX 255
#define SMALL 5u
#define PAGE (1UL << 12)
#define PMASK (~(PAGE - 1))
#define SUMMED (M + 1)
#define SIZED (sizeof(int) * M)
#define CHAR 'x'
#define WIDE 0x100000000
#define NEG(x) (-(x))
#define CAST ((u8)300)
#define COND(x) ((x) ? M : 1)
#define TERN (1 ? M : -1)
static volatile u64 q = 0x123456789abcdef0ull;
static volatile s64 sq = -5;
static volatile u32 w = 0x89abcdef;
static volatile int i = -3;
static u64 table[] = { LARGE, M, ~M, MINUS, HALF, -HALF, LOW, LOWS, PAIR, TIMES, SUMMED, TERN, NEG(SMALL), NEG(5), SHIFTED(31) };
static s64 stable[] = { LARGE, M, ~M, MINUS, HALF, -HALF, LOW, LOWS, PAIR, TIMES, SUMMED, TERN, NEG(SMALL), NEG(5), SHIFTED(31) };
struct s { u64 a; s64 b; u32 c; u8 d; };
static noinline u64 take(u64 x) { return x; }
static noinline s64 stake(s64 x) { return x; }
static noinline u64 give(int k)
{
	switch (k) {
	case 0: return LARGE;
	case 1: return M;
	case 2: return ~M;
	case 3: return MINUS;
	case 4: return ~HALF;
	case 5: return -HALF;
	case 6: return LOW;
	case 7: return LOWS;
	case 8: return PAIR << 1;
	case 9: return TIMES;
	case 10: return SUMMED;
	case 11: return TERN;
	case 12: return NEG(SMALL);
	case 13: return NEG(5);
	case 14: return COND(k);
	case 15: return k ? M : -1;
	case 16: return M << 4;
	case 17: return M + SMALL;
	case 18: return SMALL - 6;
	case 19: return 5 - SMALL * 2;
	case 20: return !M - 1;
	case 21: return M / -1;
	case 22: return M * M;
	case 23: return MINUS >> 4;
	case 24: return SIZED;
	case 25: return CAST + M;
	case 26: return (M, 1u) - 2;
	case 27: return LARGE_U;
	case 28: return MASKED(~0u, SMALL);
	case 29: return MASKED(~0, SMALL);
	case 30: return MASKED(-1, 5);
	}
	return INV;
}
int untyped_macros(void)
{
	struct s s = { .a = LARGE, .b = HALF, .c = MINUS1, .d = MAX };
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
	SHOW(q & M); SHOW(q & ~M); SHOW(q & LARGE); SHOW(q & LARGE_U); SHOW(q & LOW); SHOW(q & LOWS);
	SHOW(q & -HALF); SHOW(q + MINUS); SHOW(q + MINUS1); SHOW(q - M); SHOW(q * MINUS); SHOW(q ^ INV); SHOW(q ^ INVS);
	SHOW(q | HALF << 1); SHOW(q | ~HALF); SHOW(q / MINUS); SHOW(q % HALF); SHOW(q >> SMALL); SHOW(q << (MAX & 31));
	SHOW(sq & M); SHOW(sq & ~M); SHOW(sq < M); SHOW(sq < MINUS1); SHOW(sq < MINUS); SHOW(sq == MINUS); SHOW(sq / MINUS);
	SHOW(sq * MINUS); SHOW(sq > SMALL); SHOW(sq + SMALL); SHOW(sq | LOW); SHOW(sq & LOWS); SHOW(sq % SMALL);
	SHOW(w & LARGE); SHOW(w + MINUS); SHOW((u64)w + MINUS); SHOW((u64)w + MINUS1); SHOW(w == M); SHOW(w > HALF); SHOW(w < LARGE);
	SHOW(i < M); SHOW(i < SMALL); SHOW(i < MAX); SHOW(i & LOW); SHOW(i + SMALL); SHOW((u64)(i + SMALL)); SHOW((s64)i + SMALL);
	SHOW(i / SMALL); SHOW(i / MAX); SHOW(i * M); SHOW(i | HALF); SHOW((u64)i | HALF); SHOW((s64)i | HALF); SHOW(i >> SMALL);
	x = q; x &= M; SHOW(x); x = q; x &= ~M; SHOW(x); x = q; x &= LOW; SHOW(x); x = q; x &= LOWS; SHOW(x);
	x = q; x += MINUS; SHOW(x); x = q; x -= MINUS1; SHOW(x); x = q; x *= -SMALL; SHOW(x); x = q; x /= HALF; SHOW(x);
	x = q; x |= LARGE; SHOW(x); x |= LARGE_U; SHOW(x); x ^= ~SMALL; SHOW(x); x ^= ~MAX; SHOW(x); x <<= SMALL; SHOW(x); x >>= CHAR & 7; SHOW(x);
	y = q; y &= M; SHOW(y); y = sq; y &= ~M; SHOW(y); y = sq; y /= -SMALL; SHOW(y); y = sq; y %= HALF; SHOW(y); y = sq; y -= -SMALL; SHOW(y);
	y = MINUS; SHOW(y); y = -MINUS; SHOW(y); y = -HALF; SHOW(y); y = ~SMALL; SHOW(y); y = LARGE; SHOW(y); y = (i < 0) ? MINUS : MINUS1; SHOW(y);
	y = (i < 0) ? MINUS1 : SMALL; SHOW(y); y = i ?: M; SHOW(y); y = (i < 0) ? i : M; SHOW(y);
	SHOW(take(LARGE)); SHOW(take(~M)); SHOW(take(MINUS)); SHOW(take(LOWS)); SHOW(take(-SMALL)); SHOW(take(-HALF)); SHOW(take(PMASK)); SHOW(take(~SHIFTED(3)));
	SHOW(stake(LARGE)); SHOW(stake(~M)); SHOW(stake(MINUS)); SHOW(stake(LOW)); SHOW(stake(-SMALL)); SHOW(stake(-HALF)); SHOW(stake(PMASK)); SHOW(stake(~SHIFTED(31)));
	SHOW(q & PMASK); SHOW(w & PMASK); SHOW(i & PMASK); SHOW(q & ~SHIFTED(4)); SHOW(q & ~(u64)SHIFTED(4)); SHOW(q & NEG(SMALL)); SHOW(q & NEG(16));
	SHOW(MASKED(q, M)); SHOW(MASKED(q, SMALL)); SHOW(MASKED(q, MAX)); SHOW(MASKED(sq, HALF)); SHOW(MASKED(w, MAX)); SHOW(MASKED(i, SMALL));
	SHOW(q > ~M); SHOW(q == ~HALF); SHOW(~M == q); SHOW(q >= MINUS); SHOW(q != MINUS1); SHOW(MINUS1 == ~q); SHOW(MINUS == (u32)MINUS1);
	SHOW(COND(q) + q); SHOW(COND(i) + 0ull); SHOW(TERN + 0ll); SHOW((q ? M : MINUS1) + q); SHOW((q ? MINUS1 : M) + q); SHOW((q ? MINUS1 : q) + 1);
	SHOW(SUMMED + q); SHOW(TIMES + q); SHOW((M + 1) + q); SHOW(M + 1 + q); SHOW(q + M + 1); SHOW(1 + M - q); SHOW(SMALL - 6 + q); SHOW((SMALL - 6) * q); SHOW(WIDE - M); SHOW(WIDE + MINUS); SHOW(WIDE * SMALL - HALF);
	SHOW(1u - 2 < q); SHOW(1 - 2u < sq); SHOW((int)M + q); SHOW((s64)(int)M); SHOW((u64)(s32)HALF); SHOW((u64)-SMALL); SHOW((u64)-5); SHOW((u64)~SMALL); SHOW((u64)~5);
	return s.d;
}
