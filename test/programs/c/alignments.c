// SPDX-License-Identifier: GPL-2.0
// Alignments that a name gives, or a declaration: C's own number, where Rust's type has another.
#include "says.h"

typedef u64 low_u64 __attribute__((aligned(4)));
typedef low_u64 lower_u64;
typedef u64 two_u64 __attribute__((aligned(2)));
typedef u16 wide_u16 __attribute__((aligned(8)));
struct pair { u32 a; u64 b; };
typedef struct pair low_pair __attribute__((aligned(4)));
struct held { u8 a; u32 b __attribute__((aligned(16))); };
#define ALIGNED(x, a) (((x) + (a) - 1) & ~((a) - 1))

static u8 lined[3] __attribute__((aligned(16)));
static const size_t table[] = { _Alignof(low_u64), __alignof__(wide_u16), _Alignof(u64), 2 * __alignof__(lined) };
static volatile int seed = 3;

static noinline size_t of_a_local(void)
{
	u32 here __attribute__((aligned(32))) = seed;

	return __alignof__(here) + __alignof__(lined) + here;
}

int alignments(void)
{
	u64 plain = 2;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		SHOW(table[i]);
	SHOW(_Alignof(low_u64));
	SHOW(__alignof__(lower_u64));
	SHOW(__alignof__(two_u64));
	SHOW(__alignof__(wide_u16));
	SHOW(__alignof__(low_u64[2]));
	SHOW(_Alignof(low_pair));
	SHOW(_Alignof(u64) + _Alignof(u8 *) + _Alignof(struct pair) + _Alignof(int (*)(void)));
	SHOW(__alignof__(lined));
	SHOW(__alignof__(plain));
	SHOW(__alignof__(((struct held *)0)->b));
	SHOW(__alignof__(struct held));
	SHOW(ALIGNED(seed, _Alignof(low_u64)));
	printf("%zu %zu\n", _Alignof(two_u64), _Alignof(u32));
	switch (seed + 1) {
	case _Alignof(low_u64):
		return of_a_local();
	}
	return plain;
}
