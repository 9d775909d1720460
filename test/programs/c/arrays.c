// SPDX-License-Identifier: GPL-2.0
// Arrays of variable length, of many dimensions, as parameters, flexible, of arrays of pointers.
#include "says.h"

struct list { int n; struct { u8 a; u16 b; } items[]; };
static int fixed[2][3][4] = { { { 1 }, { [2] = 2 } }, { [2] = { 3, 4, 5, 6 } } };
static u8 room[64] __attribute__((aligned(8)));

static noinline int sum(int n, const int a[n])
{
	int s = 0;

	while (n--)
		s = s * 3 + a[n];
	return s;
}

static noinline int grid(int rows, int cols, int g[rows][cols])
{
	int s = 0;

	for (int i = 0; i < rows; i++)
		for (int j = 0; j < cols; j++)
			s = s * 2 + g[i][j];
	return s + sizeof(g[0]);
}

static noinline int at_least(int a[static 3], char *const argv[restrict])
{
	return a[2] + argv[1][0];
}

static noinline int variable(int n)
{
	int a[n], total = 0;
	char text[n + 1];

	for (int i = 0; i < n; i++) {
		int inner[i + 1];

		a[i] = i * i;
		inner[i] = a[i];
		total += inner[i] + sizeof(inner);
		text[i] = 'a' + i;
	}
	text[n] = 0;
	printf("%s\n", text);
	return total + sum(n, a) + sizeof(a) + sizeof(text);
}

int arrays(void)
{
	int a[] = { 1, 2, 3, 4, 5 }, g[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } }, (*p)[3] = g, *flat = &g[0][0], i;
	char *words[] = { "ab", "cd" };
	struct list *l = (struct list *)room;
	int *ptrs[2] = { a + 1, a + 3 }, **pp = ptrs;

	SHOW(sum(5, a));
	SHOW(grid(2, 3, g));
	SHOW(at_least(a, words));
	SHOW(variable(4));
	SHOW(fixed[1][2][3] + fixed[0][1][2]);
	SHOW(sizeof(fixed[0]) + sizeof(fixed[0][0]) * 100);
	SHOW((*++p)[1] + flat[4]);
	SHOW(**pp++ + **pp);
	SHOW(pp[-1][1]);
	SHOW(&fixed[1] - fixed);
	SHOW(fixed[1] - fixed[0]);
	l->n = 3;
	for (i = 0; i < l->n; i++)
		l->items[i].b = (l->items[i].a = i + 250) + 10;
	SHOW(l->items[2].b);
	SHOW((u8 *)&l->items[2] - (u8 *)l);
	SHOW(sizeof(*l) + offsetof(struct list, items[1].b));
	i = 0;
	a[i] = a[i + 1] = a[a[i + 2]];
	SHOW(a[0] + a[1] * 10);
	SHOW(a[a[a[2] - 3]]);
	SHOW(*(a + *(a + 2)) + 1[a]);
	SHOW(sizeof a / sizeof *a);
	memcpy(a, (int[]){ 9, 8 }, sizeof(int[2]));
	SHOW(sum(3, a));
	__builtin_memset(g, 1, sizeof(g[0]));
	SHOW(g[0][2] + g[1][0]);
	return a[1];
}
