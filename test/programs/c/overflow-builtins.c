// SPDX-License-Identifier: GPL-2.0
// Builtins that compute: overflow, bits, bytes, constants, expectations.
#include "says.h"

static volatile int si = 2000000000;
static volatile u32 ui = 4000000000u;
static volatile u64 ul = 0xfedcba9876543210ull;
static volatile s8 tiny = 100;
static int at;
static noinline int *where(int k) { static int r[4]; at = at * 10 + k; return &r[k & 3]; }
static noinline int val(int k) { at = at * 10 + k; return k; }

int overflow_builtins(void)
{
	int r;
	u8 b;
	s8 sb;
	u16 h;
	u64 q;
	s64 sq;
	u32 u;
	unsigned long ulong;

	SHOW(__builtin_add_overflow(si, si, &r));
	SHOW(r);
	SHOW(__builtin_sub_overflow(-si, si, &r));
	SHOW(r);
	SHOW(__builtin_mul_overflow(si, 3, &sq));
	SHOW(sq);
	SHOW(__builtin_add_overflow(tiny, 100, &sb));
	SHOW(sb);
	SHOW(__builtin_add_overflow(200, 55, &b) + b);
	SHOW(__builtin_add_overflow(200, 56, &b) + b);
	SHOW(__builtin_sub_overflow(1, 2, &u));
	SHOW(u);
	SHOW(__builtin_mul_overflow(ui, ui, &q));
	SHOW(q);
	SHOW(__builtin_mul_overflow(ul, -1, &sq));
	SHOW(sq);
	SHOW(__builtin_add_overflow(-1, 1u, &r) + r);
	SHOW(__builtin_sub_overflow(0, ul, &q));
	SHOW(__builtin_mul_overflow((u8)255, (u8)255, &h) + h);
	SHOW(__builtin_uaddl_overflow(-1ul, 1, &ulong) + ulong);
	SHOW(__builtin_smul_overflow(-65536, 32768, &r));
	SHOW(r);
	SHOW(__builtin_add_overflow(val(1), val(2), where(3)));
	SHOW(at);
	if (__builtin_add_overflow(r, 1, &r) || __builtin_sub_overflow(r, -2, &r))
		SHOW(-r);
	SHOW(r);
	SHOW(__builtin_clz(ui) + __builtin_ctz(ui) * 100 + __builtin_popcount(ui) * 10000);
	SHOW(__builtin_clzll(ul >> 20) + __builtin_ctzll(ul) * 100 + __builtin_popcountll(ul) * 10000);
	SHOW(__builtin_ffs(0) + __builtin_ffs(-16) * 10 + __builtin_ffsll(1ll << 40) * 100);
	SHOW(__builtin_parity(7) + __builtin_parityl(3) * 10);
	SHOW(__builtin_clrsb(-1) + __builtin_clrsb(5) * 100);
	SHOW(__builtin_bswap16(0x1234) + (u64)__builtin_bswap32(0x12345678) * 0x10000);
	SHOW(__builtin_bswap64(ul));
	SHOW(__builtin_abs(-si) + __builtin_labs(-5l));
	SHOW(__builtin_constant_p(5) + __builtin_constant_p(si) * 10);
	SHOW(__builtin_expect(si > 3, 1) + __builtin_expect(!!tiny, 0));
	SHOW(__builtin_object_size(&r, 0));
	SHOW(__builtin_strlen("four"));
	SHOW(__builtin_offsetof(struct { char a; int b[4]; }, b[2]));
	SHOW(__builtin_memcmp("abc", "abd", 3) < 0);
	SHOW(__builtin_strcmp("b", "a") > 0);
	SHOW(*(char *)__builtin_memset(&b, 'q', 1));
	SHOW(__builtin_rotateleft32(ui, 5));
	SHOW(sizeof(__int128));
	SHOW((s64)(((__int128)ul * ul) >> 64));
	SHOW((u64)(((unsigned __int128)ul * ul) >> 64));
	return r & 15;
}
