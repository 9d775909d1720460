// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Checks for null pointers that C's rules allow a compiler to leave out, and that kernels are built to keep (-fno-delete-null-pointer-checks).
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/llist.h>

struct item {
	int key;
	int rank;
	struct item *up;
	struct llist_node node;
	char name[8];
};

static struct item items[3];

/* What is read is needed behind the check alone: the compiler reads it there, and nothing faults. */
static noinline int behind_member(struct item *p)
{
	int rank = p->rank;

	if (!p)
		return -EINVAL;
	return rank;
}

static int rank_of(const struct item *p)
{
	return p->rank;
}

static noinline int behind_call(struct item *p)
{
	int rank = rank_of(p);

	return p == NULL ? -ENOENT : rank;
}

static noinline int behind_member_of_member(struct item *p)
{
	int rank = p->up->rank;

	if (!p->up)
		return -ESRCH;
	return rank;
}

/* The end of the list is an item whose node would lie at address 0. */
static noinline int sum_of_nodes(struct llist_node *first)
{
	struct item *pos;
	int sum = 0;

	for (pos = llist_entry(first, struct item, node); &pos->node != NULL; pos = llist_entry(pos->node.next, struct item, node))
		sum = sum * 10 + pos->key;
	return sum;
}

static noinline int count_of_nodes(struct llist_node *first)
{
	struct item *pos = llist_entry(first, struct item, node);
	int count = 0;

	while (&pos->node) {
		count++;
		pos = llist_entry(pos->node.next, struct item, node);
	}
	return count;
}

static noinline int last_key(struct llist_node *first)
{
	struct item *pos = container_of(first, struct item, node);
	int key = -1;

	do {
		if (!&pos->node)
			break;
		key = pos->key;
		pos = container_of(pos->node.next, struct item, node);
	} while (true);
	return key;
}

/* An array's first element, and one further on. */
static noinline int named(struct item *p)
{
	return (p->name ? 1 : 0) + (&p->name[2] != NULL ? 2 : 0);
}

/*
 * The first address is kept in something before the loop asks. Outside of loops clang 19 leaves such checks out itself, which gcc never
 * does; the Rust has them all.
 */
static noinline int in_variable(struct item *first)
{
	struct llist_node *node;
	int sum = 0;

	for (node = &first->node; node; node = node->next)
		sum = sum * 10 + llist_entry(node, struct item, node)->key;
	return sum;
}

static bool is_end(const struct llist_node *node)
{
	return !node;
}

static struct llist_node *node_of(struct item *p)
{
	return &p->node;
}

static noinline int in_parameter(struct item *first)
{
	struct llist_node *node = &first->node;
	int sum = 0;

	while (!is_end(node)) {
		sum = sum * 10 + llist_entry(node, struct item, node)->key;
		node = node->next;
	}
	return sum;
}

static noinline int by_return(struct item *first)
{
	struct llist_node *node = node_of(first);
	int sum = 0;

	for (; node != NULL; node = node->next)
		sum = sum * 10 + llist_entry(node, struct item, node)->rank;
	return sum;
}

struct cursor {
	int seen;
	struct llist_node *at;
};

static noinline int in_member(struct item *first)
{
	struct cursor c = { .at = &first->node };

	for (; c.at; c.at = c.at->next)
		c.seen++;
	return c.seen;
}

static noinline int stepped(struct item *first)
{
	char *at = (char *)first;
	int count = 0;

	for (at += offsetof(struct item, node); at; at = (char *)((struct llist_node *)at)->next)
		count++;
	return count;
}

static int __init null_checks_init(void)
{
	struct item *volatile before = (struct item *)-offsetof(struct item, node);
	struct item *volatile one = &items[0];
	struct item *volatile none = NULL;
	struct llist_node *volatile first = NULL;
	int i;

	for (i = 0; i < ARRAY_SIZE(items); i++) {
		items[i].key = i + 1;
		items[i].rank = 7 - i;
		items[i].node.next = first;
		first = &items[i].node;
	}
	items[1].up = &items[2];
	pr_info("member %d %d\n", behind_member(one), behind_member(none));
	pr_info("call %d %d\n", behind_call(one), behind_call(none));
	pr_info("member of member %d %d\n", behind_member_of_member(&items[1]), behind_member_of_member(one));
	pr_info("nodes: sum %d %d, count %d %d, last %d %d\n", sum_of_nodes(first), sum_of_nodes(NULL), count_of_nodes(first), count_of_nodes(NULL), last_key(first), last_key(NULL));
	pr_info("named %d %d\n", named(one), named((struct item *)-offsetof(struct item, name)));
	pr_info("kept: %d %d, %d %d, %d %d, %d %d, %d %d\n", in_variable(&items[2]), in_variable(before), in_parameter(&items[1]), in_parameter(before), by_return(&items[2]), by_return(before), in_member(&items[2]), in_member(before), stepped(&items[1]), stepped(before));
	return 0;
}

static void __exit null_checks_exit(void)
{
}

module_init(null_checks_init);
module_exit(null_checks_exit);
MODULE_DESCRIPTION("kport fixture: null-checks");
MODULE_LICENSE("GPL");
