// SPDX-License-Identifier: GPL-2.0
// Functions that stay C, declared before they are used, and what they share with those that become Rust.
#include "says.h"

struct shape { int (*area)(int, int); int sides; };
static int seen, *last = &seen;
static u8 kept[4] = { 1, 2, 3, 4 };
static noinline int area(int a, int b);
static int helper(int k);
static const struct shape square = { area, 4 };

static noinline int before(int k)
{
	return area(k, k) + helper(k);
}

static noinline int area(int a, int b)
{
	register int c __asm__("ebx") = a;

	__asm__("imull %1, %0" : "+r"(c) : "r"(b));
	seen += c;
	kept[1]++;
	return c + helper(1) + *last;
}

static int helper(int k)
{
	static int times = 10;

	return times++ + k + kept[1];
}

int stays_in_c(void)
{
	SHOW(before(3));
	SHOW(square.area(4, 5) + square.sides);
	SHOW(seen);
	SHOW(area(2, 2));
	show_bytes("kept", kept, sizeof(kept));
	return *last & 63;
}
