// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Reference counts with a release, an IDR and an IDA, error pointers.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/kref.h>
#include <linux/slab.h>

struct counted {
	struct kref ref;
	int id;
};

static DEFINE_IDR(idr);
static DEFINE_IDA(ida);
static int released;

static void counted_release(struct kref *ref)
{
	struct counted *c = container_of(ref, struct counted, ref);

	released += c->id;
	idr_remove(&idr, c->id);
	kfree(c);
}

static struct counted *counted_new(int from, int to)
{
	struct counted *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return ERR_PTR(-ENOMEM);
	kref_init(&c->ref);
	c->id = idr_alloc(&idr, c, from, to, GFP_KERNEL);
	if (c->id < 0) {
		int id = c->id;

		kfree(c);
		return ERR_PTR(id);
	}
	return c;
}

static int __init kref_fixture_init(void)
{
	struct counted *a = counted_new(5, 7), *b = counted_new(5, 7), *c = counted_new(5, 7);
	int id;

	pr_info("%d %d %d\n", IS_ERR(a) ? -1 : a->id, IS_ERR(b) ? -1 : b->id, PTR_ERR_OR_ZERO(c));
	if (IS_ERR(a) || IS_ERR(b))
		return -ENOMEM;
	kref_get(&a->ref);
	pr_info("put %d, found %d\n", kref_put(&a->ref, counted_release), idr_find(&idr, 5) == a);
	id = 0;
	idr_for_each_entry(&idr, c, id)
		pr_info("id %d\n", c->id);
	kref_put(&a->ref, counted_release);
	kref_put(&b->ref, counted_release);
	pr_info("released %d, empty %d\n", released, idr_is_empty(&idr));
	id = ida_alloc_range(&ida, 3, 4, GFP_KERNEL);
	pr_info("ida %d, cast %ld\n", id, PTR_ERR(ERR_CAST(ERR_PTR(-EIO))));
	ida_free(&ida, id);
	return 0;
}

static void __exit kref_fixture_exit(void)
{
	idr_destroy(&idr);
	ida_destroy(&ida);
}

module_init(kref_fixture_init);
module_exit(kref_fixture_exit);

MODULE_DESCRIPTION("kref-idr");
MODULE_LICENSE("GPL");
