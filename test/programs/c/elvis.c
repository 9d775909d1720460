// SPDX-License-Identifier: GPL-2.0
// What a ?: b has in common is found once, before what is right of it, in every place.
#include "says.h"

static int calls;
static u8 bytes[] = { 0, 1, 0, 3 };

static noinline int next(int by)
{
	calls += by;
	return calls & 3;
}

static noinline int mix(int a, int b, int c)
{
	return a * 100 + b * 10 + c;
}

static noinline const char *name(int k)
{
	calls++;
	return k ? "name" : NULL;
}

int elvis(void)
{
	int x = 0, i = 0;
	u8 *p = bytes;
	volatile int v = 0;
	bool flag;

	SHOW(next(1) ?: 9);
	SHOW(next(3) ?: next(1) ?: 8);
	SHOW(mix(x ?: 1, x++ ?: 2, x ?: 3));
	SHOW(mix(calls, next(1) ?: 4, calls));
	SHOW(*p++ ?: *p);
	SHOW(p - bytes);
	SHOW(bytes[i++] ?: i);
	SHOW(i);
	printf("%s %s\n", name(0) ?: "none", name(1) ?: "none");
	for (i = 3; i-- ?: 0;)
		SHOW(i);
	while (next(1) ?: 0)
		SHOW(calls);
	flag = next(1) ?: 0;
	SHOW(flag);
	SHOW(v ?: -1);
	SHOW((x = 0) ?: (x = 5));
	SHOW(x);
	if (next(2) ?: next(1))
		SHOW(calls);
	switch (next(0) ?: 6) {
	case 6:
		SHOW(6);
		break;
	default:
		SHOW(calls);
	}
	SHOW((u8)(calls << 6) ?: -5);
	SHOW(((u8 *)0 ?: p) == p);
	SHOW(*(NULL ?: p));
	SHOW((0 ?: NULL ?: p)[1]);
	SHOW((p ?: NULL) == (const void *)p);
	calls += next(1) ?: calls;
	SHOW(calls);
	bytes[next(1) ?: 2] += next(1) ?: 7;
	show_bytes("bytes", bytes, sizeof(bytes));
	return next(1) ?: 4;
}
