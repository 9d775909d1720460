// SPDX-License-Identifier: GPL-2.0
// How long compound literals live, and that each pass makes them anew.
#include "says.h"

struct node { struct node *next; int v; };

static int *kept;
static const int *const table = (const int[]){ 10, 20, 30 };
static struct node list = { &(struct node){ &(struct node){ NULL, 3 }, 2 }, 1 };

static noinline int sum(const struct node *n)
{
	int s = 0;

	for (; n; n = n->next)
		s = s * 10 + n->v;
	return s;
}

static noinline int *pass(int *p)
{
	*p += 1;
	return p;
}

int compound_literals(void)
{
	int i, *p, *q = NULL;
	struct node *n = NULL;

	SHOW(table[2]);
	SHOW(sum(&list));
	for (i = 0; i < 3; i++) {
		p = (int[]){ i, i + 1 };
		p[0] += 100;
		SHOW(p[0] + p[1]);
	}
	p = &(int){ 5 };
	q = &(int){ *p + 1 };
	*p += *q;
	SHOW(*p * 100 + *q);
	n = &(struct node){ n, 1 };
	n = &(struct node){ n, 2 };
	n = &(struct node){ .next = n, .v = 3 };
	SHOW(sum(n));
	if ((p = pass(&(int){ 7 })) && *p == 8)
		SHOW(*p);
	while (*(p = pass(&(int){ i++ })) < 7)
		SHOW(*p);
	SHOW(*p);
	SHOW(*pass((int[2]){ [1] = 4 }));
	SHOW(((int[]){ 1, 2, 3, 4 }[i & 3]));
	SHOW(((struct node){ .v = 9 }).v);
	SHOW(sizeof((char[]){ "four" }));
	kept = pass(&(int){ 1 });
	(*kept)++;
	SHOW(*kept);
	SHOW((*((const char *[]){ "ab", "cd" })[1]));
	for (p = (int[]){ 1, 2, 3, 0 }; *p; p++)
		SHOW(*p);
	for (struct node *m = &(struct node){ &(struct node){ NULL, 1 }, 2 }; m; m = m->next)
		SHOW(m->v);
again:
	p = &(int){ 0 };
	(*p)++;
	SHOW(*p);
	if (i++ < 9)
		goto again;
	switch (i) {
	default:
		p = &(int){ i };
		SHOW(*p);
	}
	return (int){ 2 };
}
