// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Lists, hash lists, a red-black tree and an xarray, built and walked.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/xarray.h>

struct item {
	int key;
	struct list_head list;
	struct hlist_node hash;
	struct rb_node rb;
};

static LIST_HEAD(head);
static DEFINE_HASHTABLE(table, 3);
static struct rb_root root = RB_ROOT;
static DEFINE_XARRAY(array);
static struct item items[6];

static void tree_add(struct item *item)
{
	struct rb_node **link = &root.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = item->key < rb_entry(parent, struct item, rb)->key ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&item->rb, parent, link);
	rb_insert_color(&item->rb, &root);
}

static int __init list_init(void)
{
	struct item *item, *next;
	struct rb_node *node;
	unsigned long index;
	int i, sum = 0;

	for (i = 0; i < ARRAY_SIZE(items); i++) {
		items[i].key = i * 7 % 6 * 3;
		if (i & 1)
			list_add(&items[i].list, &head);
		else
			list_add_tail(&items[i].list, &head);
		hash_add(table, &items[i].hash, items[i].key);
		tree_add(&items[i]);
		if (xa_err(xa_store(&array, items[i].key, &items[i], GFP_KERNEL)))
			return -ENOMEM;
	}
	list_for_each_entry(item, &head, list)
		sum = sum * 10 + item->key / 3;
	pr_info("list %d, first %d, last %d\n", sum, list_first_entry(&head, struct item, list)->key, list_last_entry(&head, struct item, list)->key);
	hash_for_each_possible(table, item, hash, 9)
		if (item->key == 9)
			pr_info("hashed %d\n", item->key);
	for (node = rb_first(&root), sum = 0; node; node = rb_next(node))
		sum = sum * 10 + rb_entry(node, struct item, rb)->key / 3;
	pr_info("tree %d\n", sum);
	list_for_each_entry_safe_reverse(item, next, &head, list)
		if (item->key > 6)
			list_move_tail(&item->list, &head);
	list_rotate_left(&head);
	sum = 0;
	list_for_each_entry_continue(item, &head, list)
		sum += item->key;
	hash_for_each(table, i, item, hash)
		sum += i * 0 + item->key;
	xa_for_each(&array, index, item)
		sum += index == item->key;
	pr_info("moved %d, sum %d, empty %d\n", list_first_entry(&head, struct item, list)->key, sum, list_empty(&head));
	return 0;
}

static void __exit list_exit(void)
{
	xa_destroy(&array);
}

module_init(list_init);
module_exit(list_exit);

MODULE_DESCRIPTION("list-hlist");
MODULE_LICENSE("GPL");
