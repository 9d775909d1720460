// SPDX-License-Identifier: GPL-2.0
// Conditions: of pointers, of bytes, of assignments and commas, negated, nested, and with values of their own.
#include "says.h"

static int hits;
static noinline bool yes(int k) { hits = hits * 3 + k; return k & 1; }
static noinline int num(int k) { hits++; return k; }
static noinline void *ptr(int k) { return k ? &hits : NULL; }
static noinline void act(int k) { hits += k; }
struct flags { bool a, b; u8 n : 1; };

int logic(void)
{
	int x = 2, y;
	u8 b = 0;
	void *p = ptr(0);
	struct flags f = { 5, 0, 3 };
	bool t = x, u = &x, v = p;

	SHOW(t + u + v);
	SHOW(!x + !!x * 10 + !p * 100 + !&x * 1000);
	SHOW(!!(x & 4) + !!(x & 2) * 10);
	SHOW(x == 2 == 1);
	SHOW(3 > x > 1);
	SHOW((x > 1) + (x < 1) - (x != 2));
	SHOW(x && yes(2) && yes(3));
	SHOW(x || yes(2));
	SHOW((yes(1) || yes(3)) && (yes(2) || yes(5)));
	SHOW(!(yes(1) && !yes(2)));
	SHOW(yes(1) ? yes(2) ? 1 : 2 : yes(4) ? 3 : 4);
	SHOW(hits);
	SHOW((x ? y = 5, y + 1 : 0));
	SHOW((x = 0) || (y = 0) || (x = 7));
	SHOW((p = ptr(1)) != NULL);
	SHOW((p && *(int *)p) + (p ? 10 : 0));
	if ((y = num(4)) > 3 && (y -= 4, !y))
		SHOW(y);
	if (!(b = 256 + x) == 0)
		SHOW(b);
	while (y++, y < 3)
		;
	SHOW(y);
	x ? act(1) : act(2);
	x && (act(4), 1);
	(void)(x || (act(8), 0));
	SHOW(hits);
	SHOW(f.a + f.b + f.n);
	f.b |= 4;
	f.a &= 2;
	SHOW(f.a * 10 + f.b);
	SHOW(-t + ~t + (t << 2));
	t = x & 8;
	SHOW(t);
	t = x & 1 ? 0x100 : 0;
	SHOW(t);
	t += 5;
	SHOW(t);
	t -= 1;
	SHOW(t);
	t *= -1;
	SHOW(t);
	SHOW(t ? -1 : 1u);
	SHOW((t ? (u8)1 : (s8)-1) - 2);
	SHOW((t ? 0 : p) != NULL);
	SHOW(x ? ({ act(1); x; }) : 0);
	SHOW(x > 0 ? x > 5 ? 'a' : 'b' : 'c');
	SHOW(x & 1 && x & 2 || x & 4);
	SHOW(x & 1 == 1);
	SHOW(1 << 2 + 1);
	SHOW(x ^ 3 | 4 & 6);
	SHOW(-x % 4 + -x / 2);
	SHOW(!x == !y);
	SHOW(x != y != 1);
	SHOW((act(1), act(2), hits));
	return p ? f.n : 9;
}
