// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Arrays whose lengths only their initialisers say, where types and helpers ask for them.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/stddef.h>
#include "lengths.h"

static const u8 ports[] = { 3, 5, 7, 9 };
static const struct { const char *name; int value; } rows[] = { { "a", 1 }, { "bc", 2 }, { "def", 3 } };
static int twice(int x)
{
	return 2 * x;
}
static int (*const steps[])(int) = { twice, NULL, twice };
static u32 matrix[][3] = { { 1, 2, 3 }, { 4, 5, 6 } };

enum { PORTS = ARRAY_SIZE(ports), LAST_ROW = sizeof(rows) / sizeof(rows[0]) - 1 };
typedef int per_step[ARRAY_SIZE(steps)];

struct board {
	int users;
	int level[ARRAY_SIZE(ports)];
	per_step steps;
	u8 rows[LAST_ROW + 1];
	u32 bits : ARRAY_SIZE(ports);
	u8 pad[sizeof(matrix) - offsetof(struct { u32 a; u64 b; }, b)];
	typeof(rows[0].value) value;
};

static struct board board;
static struct board boards[ARRAY_SIZE(ports)];

/* Not static: only the initialiser says how long they are. One is exported, and its CRC knows no length. */
const u8 pattern[] = { 0x11, 0x22, 0x33 };
const char *const names[] = { "one", "two" };
EXPORT_SYMBOL_GPL(names);
int exported[] = { 1, 2, 3, 4, 5 };
EXPORT_SYMBOL(exported);

size_t room(size_t have)
{
	if (WARN_ON(have < sizeof(pattern)))
		return 0;
	return have - sizeof(pattern) + pattern[0];
}

/* The warnings move into helpers: they need struct board, and so what says how long the arrays are. */
static noinline int take(struct board *b, int i)
{
	if (WARN_ON(i >= ARRAY_SIZE(boards)))
		return -EINVAL;
	return WARN_ON(b->users++ > 3 || b->bits > PORTS) ? -EBUSY : (int)sizeof(*b);
}

int exported_sum(int *list)
{
	int i, sum = 0;

	for (i = 0; i < ARRAY_SIZE(exported); i++)
		sum += list[i] + WARN_ON_ONCE(sizeof(exported) != 20);
	return sum;
}

static int __init lengths_init(void)
{
	int i, sum = take(&board, 1) + take(&boards[2], PORTS - 1);

	for (i = 0; i < ARRAY_SIZE(ports); i++)
		sum += board.level[i] + ports[i];
	for (i = 0; i < ARRAY_SIZE(steps); i++)
		sum += steps[i] ? steps[i](i + matrix[i & 1][i]) : 100;
	pr_info("sum %d, room %zu, exported %d\n", sum, room(64), exported_sum(exported));
	pr_info("sizes %zu %zu %zu %d\n", sizeof(board.steps), sizeof(board.pad), sizeof(board.rows), rows[LAST_ROW].value);
	return 0;
}

static void __exit lengths_exit(void)
{
	pr_info("users %d\n", board.users);
}

module_init(lengths_init);
module_exit(lengths_exit);
MODULE_DESCRIPTION("Structures whose arrays are as long as other arrays");
MODULE_LICENSE("GPL");
