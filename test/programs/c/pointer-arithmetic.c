// SPDX-License-Identifier: GPL-2.0
// Pointers moved back and forth, compared, and taken apart.
#include "says.h"

struct three { u8 a, b, c; };
struct item { int v; struct three t[4]; struct { short x, y; } in; };

static int numbers[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
static struct item items[5];
static int grid[3][4] = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 10, 11, 12 } };
static volatile int two = 2;
static volatile u32 small = 1;

#define container_of(p, type, m) ((type *)((char *)(p) - offsetof(type, m)))

int pointer_arithmetic(void)
{
	int *p = numbers + 5, *end = numbers + ARRAY_SIZE(numbers), (*row)[4] = grid;
	const char *s = "letters";
	struct item *it = &items[4];
	void *v = p;
	u8 k = 3;
	s8 back = -3;
	unsigned long address = (unsigned long)p;

	SHOW(*(p - two));
	SHOW(p[-3]);
	SHOW(p[back]);
	SHOW((-2)[p]);
	SHOW(two[p]);
	SHOW(*(two + p));
	SHOW(*(p - k));
	SHOW(*(p + -1));
	SHOW(p[-(int)small]);
	SHOW(p[two - 4]);
	SHOW(*--p * 100 + *p++ * 10 + *p);
	SHOW(*p-- + *++p);
	p += -2;
	SHOW(*p);
	p -= -4;
	SHOW(*p);
	p -= small;
	SHOW(*p);
	SHOW(end - p);
	SHOW(p - end);
	SHOW(p - numbers);
	SHOW((char *)end - (char *)numbers);
	SHOW(&items[4] - &items[1]);
	SHOW(it - items);
	SHOW(it[-1].v = 44);
	SHOW((--it)->v);
	SHOW(it-- - items);
	SHOW(it->t - items->t);
	SHOW(v + 4 == (void *)((int *)v + 1));
	SHOW(*(int *)(v - 4));
	SHOW(*(int *)(address + 8));
	SHOW(((unsigned long)p - (unsigned long)numbers) / sizeof(int));
	SHOW(p > numbers && p < end && p <= p && !(p >= end));
	SHOW(!p || p == NULL);
	SHOW(*s++);
	SHOW(s[-1]);
	SHOW("constant"[two]);
	SHOW(*("abc" + two));
	SHOW(strlen(s));
	SHOW((*row)[1] + (*(row + 1))[2] + row[2][-1]);
	row++;
	SHOW(**row);
	SHOW(*(*row - 1));
	SHOW(&grid[2][0] - &grid[0][0]);
	SHOW(*(*(grid + 1) + 1));
	SHOW(sizeof(grid) / sizeof(*grid));
	SHOW(sizeof(row[0]));
	SHOW(container_of(&items[2].in.y, struct item, in.y) - items);
	SHOW((long)&((struct item *)0)->in.y);
	SHOW((u8 *)&items[1].t[2].b - (u8 *)&items[1]);
	SHOW(&*p == p && &p[0] == p);
	return *p;
}
