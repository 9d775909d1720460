// SPDX-License-Identifier: GPL-2.0
// Numbers that nothing around them gives a type: in branches, below signs, added to, in macros, and wanted wider than they are.
#include "says.h"
#define size(n) (1u << (n))
#define locks(n) ((n) < 10 ? 1 : size((n) - 10))
#define five(n) 5u

static noinline u64 alone(u8 b) { return 1u << b; }
static noinline u64 below(u8 b) { return ~(1u << b); }
static noinline u64 negative(u8 b) { return -(1u << b); }
static noinline u64 either(u8 b) { return b ? 1u << b : 7u; }
static noinline u64 not_either(u8 b) { return ~(b ? 1u << b : 7u); }
static noinline u64 sum(u8 b, u32 x) { return (1u << b) + x; }
static noinline u64 either_sum(u8 b, u32 x) { return (b ? 1u << b : 7u) + x; }
static noinline u64 named(u8 b) { return locks(b) * sizeof(long); }
static noinline u64 not_named(u8 b) { return ~size(b); }
static noinline u64 constant(u8 b) { return five(b); }
static noinline u64 narrow_then_wide(u8 b) { return (u8)(1u << b) + five(b); }

int numbers_alone(void)
{
	u32 b;

	for (b = 0; b < 32; b += 31) {
		SHOW(alone(b));
		SHOW(below(b));
		SHOW(negative(b));
		SHOW(either(b));
		SHOW(not_either(b));
		SHOW(sum(b, ~0u));
		SHOW(either_sum(b, ~0u));
		SHOW(named(b));
		SHOW(not_named(b));
		SHOW(constant(b));
		SHOW(narrow_then_wide(b));
	}
	return 0;
}
