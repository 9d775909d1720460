// SPDX-License-Identifier: GPL-2.0
// Side effects happen in clang's order in every place that an expression can stand in.
#include "says.h"

static int step, trail;
static int cells[8];
struct rec { int a; u8 b; struct { int c[3]; } in; u32 f : 4; };
static struct rec recs[4];

static noinline int s(int k)
{
	trail = trail * 7 + k;
	return step++ + k;
}

static noinline int *cell(int k)
{
	trail = trail * 7 + k;
	return &cells[k & 7];
}

static noinline int three(int a, int b, int c)
{
	return a * 100 + b * 10 + c + step;
}

static int (*pick(int k))(int, int, int)
{
	trail = trail * 5 + k;
	return three;
}

static noinline struct rec *rec(int k)
{
	trail = trail * 3 + k;
	return &recs[k & 3];
}

static noinline int returns(int k)
{
	return k++ + k * k--;
}

#define MARK(e) do { SHOW(e); SHOW(trail); } while (0)

static noinline void fields(void)
{
	MARK(rec(3)->f = s(9));
	MARK(rec(3)->f += s(9) + rec(3)->f);
	MARK(rec(2)->f++ + rec(2)->f);
}

int order(void)
{
	int x = 1, y = 2, *p = cells;
	u8 b = 250;
	u16 h;
	u64 q = 5;
	struct rec local = { x++, x++, { { x, x++, x } }, x };
	int list[] = { x++, [3] = x++, [1] = x++ }, later = list[0] + x++, last = later + x;

	MARK(local.a + local.b * 10 + local.in.c[0] * 100 + local.in.c[1] * 1000 + local.in.c[2] * 10000 + local.f * 100000);
	MARK(list[0] + list[1] * 10 + list[3] * 100 + last * 1000);
	MARK(s(1) - s(2) * s(3));
	MARK(*cell(1) = s(4));
	MARK(*cell(2) += s(5) * *cell(1));
	MARK((*cell(3))++ + s(1));
	MARK(pick(1)(s(1), s(2), s(3)));
	MARK(three(x, x = 5, x));
	MARK(three(*p, (*p)++, *p));
	MARK(three(x++, x++, x++));
	MARK(rec(1)->a = rec(2)->b = s(300));
	MARK(rec(s(1))->in.c[s(1) % 3] += s(2));
	MARK(cells[x++ & 7] = x++);
	MARK(cells[x & 7] + (x = 3) + cells[x & 7]);
	MARK((x = 4, x++) + x);
	MARK(x + (x += 2) * x);
	MARK((x += x++) + x);
	MARK((x ^= y) ^ (y ^= x));
	MARK(x = y = x + (y -= 1));
	MARK(b += b + (b = 10));
	MARK((b++, h = b++ * 300, h >> b));
	MARK(q -= q++ + s(2));
	MARK(q <<= q & (q = 3));
	MARK(s(1) && s(-step) || s(2));
	MARK((x && (y = x++)) + y + (x || (y = 99)) + y);
	MARK(x ? x++ : x--);
	MARK(x + (x ? x = 9 : 0) + x);
	MARK(!x++ + !!x);
	MARK(-x-- - -x);
	MARK(~x & x++);
	MARK((u8)x++ + (u8)x);
	MARK(x < x++ == x-- > x);
	MARK(p[0] + *p++ + *p-- + p[0]);
	MARK(*++p + *p++ + *--p);
	MARK(p++ - cells + (p - cells));
	p = cells;
	MARK(*p++ = *p + 1);
	MARK(p - cells);
	MARK(&cells[s(0) & 1] == cell(step & 1));
	MARK(returns(3));
	MARK((recs[0] = *rec(1)).a + rec(1)->a++);
	MARK((trail & 1 ? rec(0) : rec(1))->a + s(1));
	MARK(sizeof(x++) + x);
	for (x = s(0), y = 0; x-- > y++; x += s(0) & 1)
		trail += x * y;
	MARK(x * 10 + y);
	while (s(step & 1) < step && step < 60)
		trail ^= step++;
	MARK(step);
	do
		x = x * 2 + y--;
	while (y > 0 && s(y));
	MARK(x);
	switch (s(1) + s(2)) {
	default:
		MARK(x);
	}
	fields();
	if (s(1) == (x = s(2)) - 2)
		MARK(x);
	return trail & 63;
}
