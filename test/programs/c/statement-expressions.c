// SPDX-License-Identifier: GPL-2.0
// Statement expressions in conditions, arguments, initialisers, loops, and left by jumps.
#include "says.h"

#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define swap(a, b) do { __typeof__(a) _t = (a); (a) = (b); (b) = _t; } while (0)
#define clamp(v, lo, hi) max(lo, -max(-(v), -(hi)))

static int counter;

static noinline int count(void)
{
	return ++counter;
}

static noinline int leaves(int k)
{
	int sum = 0, i;

	for (i = 0; i < 5; i++) {
		sum += ({ if (i == k) continue; i * 10; });
		sum += ({ if (i == k + 1) break; 1; });
	}
	return sum * 10 + ({ if (k == 9) return -1; k; });
}

static noinline int jumped(int k)
{
	int r = 1;

	r = r * 10 + ({ if (k) goto out; 2; });
	r = r * 10 + 3;
out:
	return r;
}

struct two { int a, b; };

int statement_expressions(void)
{
	int i = 0, x = 3, y = 4;
	struct two t = ({ struct two u = { x, y }; swap(u.a, u.b); u; });
	int list[] = { ({ x++; }), ({ int z = x; z * 2; }), max(x++, y++) };

	SHOW(t.a * 10 + t.b);
	SHOW(list[0] * 100 + list[1] * 10 + list[2]);
	SHOW(x * 10 + y);
	SHOW(max(count(), count()) + max(counter, 1));
	SHOW(max(max(count(), 2), max(1, count())));
	SHOW(clamp(50, 1, 9));
	while (({ int c = count(); c < 9; }))
		i++;
	SHOW(i);
	do
		i += 2;
	while (({ i < 9; }));
	SHOW(i);
	for (({ i = 0; }); ({ i < 3; }); ({ i++; }))
		SHOW(i);
	SHOW(leaves(2));
	SHOW(leaves(9));
	SHOW(jumped(0));
	SHOW(jumped(1));
	SHOW(({ struct two w = { 5, 6 }; w; }).b);
	SHOW(({ int w[3] = { 1, 2, 3 }; w[1]; }));
	SHOW(i ? ({ count(); }) : ({ -count(); }));
	SHOW(i && ({ count(); 0; }));
	SHOW(counter);
	SHOW(({ ({ ({ i; }) + 1; }) + 1; }) + 1);
	(void)({ i = 9; });
	({ i += 1; }), ({ i += 2; });
	SHOW(i);
	switch (({ i & 3; })) {
	default: SHOW(1);
	}
	return ({ 5; });
}
