// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Static initialisers of every shape that C allows: none of them may need code to run.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/mutex.h>

#define INTERVAL_MS 32
#define EIGHTHS(ms) (ilog2((ms) * 1000 / 125) + 1)

struct node {
	const char *name;
	struct node *next;
	int (*call)(int);
	const int *at;
	unsigned long mask;
	u8 low : 4, high : 4;
	union {
		u64 whole;
		const char *text;
	};
	char tag[4];
	int spread[6];
};

static int triple(int x)
{
	return 3 * x;
}

static int numbers[10] = { [2 ... 4] = 7, [9] = sizeof(struct node) > 64 ? 1 : -1, [0] = 'a' + 1 };
static int *const middle = &numbers[5] - 2;
static const ptrdiff_t where = offsetof(struct node, tag[2]);
static struct node last = { .name = "last", .at = numbers + 9, .mask = ~0UL << 12, .high = 0xf };
static struct node first = {
	"first" + 1, &last, triple, &numbers[3], .mask = 1UL << 63 | BIT(3), .low = 5, .high = -1,
	.text = (const char *)&numbers[1], .tag = "four", .spread = { 1, [3 ... 5] = 9 },
};
static struct node *const chain[] = { &first, &last, [4] = &first };
static LIST_HEAD(listed);
static DEFINE_MUTEX(guarded);
static void *self = &self;
static const char *const names[][2] = { { "a", "b" }, { [1] = "d" } };
static const char grid[2][3] = { "ab", { 'c', 'd', 'e' } };
static unsigned long end = (unsigned long)(&numbers[10]);
static int (*const calls[])(int) = { triple, NULL, &triple };
/* nf_tables marks operations so. */
static int (*const marked[])(int) = { triple, (void *)1, (int (*)(int))-1L };
static const s8 small = (s8)0xf0;
static u32 negative = -5, product = 6 * 7 / 4 % 3, choice = (1 ? 3 : 4) << 2;
static bool chosen = sizeof(long) == 8 ? 3 : 0;
static const struct { bool a, b[2]; } choices = { sizeof(int) == 8 ? 1 : 0, { 5 ? 2 : 0, !sizeof(char) } };
/* Of two branches the one that is not taken calls a function: USB's tables of endpoints count so. */
static const u8 paces[] = { EIGHTHS(INTERVAL_MS), ilog2(4096), INTERVAL_MS ? EIGHTHS(2) : triple(1) };
static unsigned long order = roundup_pow_of_two(100) - order_base_2(17);

static int within(int x)
{
	static const unsigned long places[] = { (unsigned long)&first, (unsigned long)&numbers[2] };
	static int calls = ilog2(INTERVAL_MS) - 5;

	return x + (places[1] == (unsigned long)numbers + 2 * sizeof(int)) + ++calls;
}

static int __init initialisers_init(void)
{
	struct node n = first;

	pr_info("%s %s %d %d %lx\n", n.name, n.next->name, n.call(5), *n.at, n.mask);
	pr_info("%u %u %d %.4s %d\n", n.low, n.high, n.text == (char *)&numbers[1], n.tag, n.spread[0] + n.spread[3] + n.spread[5]);
	pr_info("%d %d %d, middle %d\n", numbers[0], numbers[4], numbers[9], *middle);
	pr_info("where %td, chain %d %d, list %d\n", where - (ptrdiff_t)offsetof(struct node, tag), chain[3] == NULL, chain[4] == &first, list_empty(&listed));
	pr_info("self %d, locked %d, end %d\n", self == &self, mutex_is_locked(&guarded), end == (unsigned long)(numbers + ARRAY_SIZE(numbers)));
	pr_info("%s %d %c%c, calls %d, %d %d %u %u\n", names[0][1], names[1][0] == NULL, grid[0][1], grid[1][2], calls[2](2), small, (int)negative, product, choice);
	pr_info("paces %u %u %u, order %lu, now %d\n", paces[0], paces[1], paces[2], order, EIGHTHS(INTERVAL_MS));
	pr_info("within %d\n", within(1));
	pr_info("within %d\n", within(1));
	pr_info("chosen %d %d %d %d\n", chosen, choices.a, choices.b[0], choices.b[1]);
	pr_info("marked %d %ld %ld\n", marked[0](4), (long)marked[1], (long)marked[2]);
	return 0;
}

static void __exit initialisers_exit(void)
{
}

module_init(initialisers_init);
module_exit(initialisers_exit);

MODULE_DESCRIPTION("static-initialisers");
MODULE_LICENSE("GPL");
