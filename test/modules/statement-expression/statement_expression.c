// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Statement expressions: nested, with control flow out of them, void, a structure's member, in a condition; assignments in conditions.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

#define must(x) ({ int _r = (x); if (_r < 0) return _r; _r; })
#define orelse(x, label) ({ int _r = (x); if (_r < 0) goto label; _r; })

struct pair {
	int a, b;
};

static volatile int seed = 5;

static int half(int x)
{
	return x & 1 ? -EINVAL : x / 2;
}

static int quarter(int x)
{
	return must(half(must(half(x))));
}

static int tries(int x)
{
	int r = orelse(half(x), odd);

	return r;
odd:
	return 1000 + x;
}

/* Left from where nothing can be evaluated before: the function stays C. */
static int search(const int *p, int n)
{
	int at = 0;

	while (({ if (p[at] == n) goto found; p[at] > 0; }))
		at++;
	return -ENOENT;
found:
	return at;
}

struct node {
	int weight;
	struct pair pair;
};

static struct node nodes[2] = { { 1, { 2, 3 } }, { 4, { 5, 6 } } };
static struct pair *chosen;

static struct pair *choose(struct node *n)
{
	if (!n)
		return NULL;
	n->weight++;
	return &n->pair;
}

/* What a condition begins with is done before it; what stands behind && or || is done or not. */
static int assigned(int x)
{
	int r, more, rounds = 0;
	struct pair *p;

	if ((r = half(x)) < 0)
		return r;
	if (!r || (r = half(r)) < 0)
		rounds = 100;
	else if ((more = half(r)) >= 0)
		rounds += more;
	while ((r = r - 1) > 0)
		rounds++;
	do
		rounds++;
	while ((more = half(rounds)) < 0 && rounds < 9);
	if (unlikely(!(p = choose(x > 40 ? NULL : &nodes[rounds & 1]))))
		return rounds;
	if (!(chosen = choose(&nodes[more & 1])))
		return -ENOENT;
	if ((r = p->a) && (more = chosen->b))
		rounds += more * 10;
	return rounds + p->b * 100;
}

static int __init statement_init(void)
{
	int i, sum = 0;

	pr_info("quarters %d %d %d\n", quarter(20), quarter(6), quarter(7));
	pr_info("tries %d %d\n", tries(8), tries(9));
	pr_info("found %d %d\n", search((int[]){ 4, seed, 6, 0 }, 5), search((int[]){ 4, 0 }, seed));
	pr_info("member %d\n", ({ struct pair p = { seed, seed * 2 }; p; }).b);
	for (i = 0; ({ int more = i < seed; more; }); i++)
		sum += ({ if (i == 3) continue; int v = i * i; v; });
	pr_info("sum %d\n", sum);
	({ sum += 100; });
	pr_info("shadowed %d\n", ({ int sum = 1; ({ int sum = 2; sum; }) + sum; }));
	while (({ sum -= 50; sum > 0; }))
		if (({ sum < 30; }))
			break;
	pr_info("left %d\n", sum);
	pr_info("assigned %d %d %d %d %d\n", assigned(7), assigned(0), assigned(12), assigned(36), assigned(44));
	return 0;
}

static void __exit statement_exit(void)
{
}

module_init(statement_init);
module_exit(statement_exit);

MODULE_DESCRIPTION("statement-expression");
MODULE_LICENSE("GPL");
