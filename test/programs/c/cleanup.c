// SPDX-License-Identifier: GPL-2.0
// What runs where a scope is left: in order, by every way out, with what is returned found first.
#include "says.h"

static int trail;
static noinline void closed(int *p) { trail = trail * 10 + *p; *p = 9; }
static noinline void freed(char **p) { trail = trail * 10 + (*p ? **p - '0' : 7); }
#define guarded __attribute__((cleanup(closed)))
static noinline int ways(int k)
{
	guarded int a = 1;
	int r = 0;

	for (int i = 0; i < 3; i++) {
		guarded int b = 2 + i;

		if (k == 1 && i == 1)
			continue;
		if (k == 2 && i == 1)
			break;
		if (k == 3 && i == 1)
			goto out;
		if (k == 4 && i == 1)
			return b + a;
		r += b;
	}
	{
		guarded int c = 5, d = 6;

		if (k == 5)
			return c + d;
	}
	switch (k) {
		case 6: {
			guarded int e = 7;
			r += e;
			break;
		}
		case 7: {
			guarded int f = 8;
			r -= f;
		}
		default:
			r++;
	}
out:
	return r + a;
}
static noinline int text(void)
{
	__attribute__((cleanup(freed))) char *p = "3", *q = NULL;

	return *p;
}
int cleanup(void)
{
	for (int k = 0; k < 8; k++) {
		trail = 0;
		SHOW(ways(k));
		SHOW(trail);
	}
	trail = 0;
	SHOW(text());
	SHOW(trail);
	return ({ guarded int z = 4; z + 1; }) + (trail & 7);
}
