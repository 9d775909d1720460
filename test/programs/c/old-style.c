// SPDX-License-Identifier: GPL-2.0
// Definitions in the old style: parameters that are declared behind the list, promoted by who calls.
#include "says.h"

int old_sum(a, b) int a; char b; { return a + b; }

static noinline int
narrow(c, s, u)
	signed char c;
	short s;
	unsigned char u;
{
	return c * 10000 + s * 100 + u;
}

static noinline long several(p, q, n)
	const int *p, q[3];
	unsigned n;
{
	long sum = 0;

	while (n--)
		sum = sum * 10 + p[n] + q[n];
	return sum;
}

static int none() { return 7; }

struct box { int w, h; };

static noinline struct box twice(b) struct box b; {
	b.w *= 2;
	b.h *= 2;
	return b;
}

static int (*chosen())() { return none; }

int old_style()
{
	static const int p[] = { 1, 2, 3 };
	int q[] = { 4, 5, 6 };
	struct box b = { 3, 4 };

	SHOW(old_sum(40, 2));
	SHOW(narrow(300, 70000, 511));
	SHOW(narrow(-1, -2, -3));
	SHOW(several(p, q, 3u));
	SHOW(none());
	SHOW(twice(b).w + twice(b).h);
	SHOW(chosen()());
	return 3;
}
