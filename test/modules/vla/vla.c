// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Variable-length arrays: locals, parameters, two dimensions, sizeof, a loop that makes them anew; and what their functions share with
// the rest of the file: statics declared before and behind them, arrays without a length, calls both ways.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/string.h>

static volatile int seed = 4;
static const char letters[] = "abcdef";
static int calls;

static int doubled(int x);
static int trace(int n, int m[n][n]);

static int trace(int n, int m[n][n])
{
	int i, sum = 0;

	for (i = 0; i < n; i++)
		sum += doubled(m[i][i]);
	calls++;
	return sum + ARRAY_SIZE(letters);
}

/* No array of variable length of its own. */
static noinline int fixed(int by)
{
	int m[2][2] = { { by, 0 }, { 0, by } };

	return trace(2, m);
}

static int doubled(int x)
{
	static int seen;

	return x * 2 + seen++;
}

static int reversed(int n, const char *s, int (*seen)[n])
{
	char copy[n + 1];
	int i;

	for (i = 0; i < n; i++) {
		copy[i] = s[n - 1 - i];
		(*seen)[i] = copy[i];
	}
	copy[n] = '\0';
	pr_info("reversed %s in %zu\n", copy, sizeof(copy));
	return copy[0];
}

static int __init vla_init(void)
{
	int n = seed, i, j;
	int matrix[n][n];
	int seen[n];
	size_t total = 0;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			matrix[i][j] = i * 10 + j;
	pr_info("trace %d, size %zu, row %zu\n", trace(n, matrix), sizeof(matrix), sizeof(matrix[0]));
	j = reversed(n, letters, &seen);
	pr_info("first %c, last seen %c\n", j, seen[n - 1]);
	for (i = 1; i < n; i++) {
		u16 grown[i * 3];

		memset(grown, i, sizeof(grown));
		total += sizeof(grown) + grown[i];
	}
	pr_info("total %zu\n", total);
	pr_info("fixed %d\n", fixed(seed));
	pr_info("calls %d\n", calls);
	return 0;
}

static void __exit vla_exit(void)
{
}

module_init(vla_init);
module_exit(vla_exit);

MODULE_DESCRIPTION("vla");
MODULE_LICENSE("GPL");
