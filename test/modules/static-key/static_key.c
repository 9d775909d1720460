// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Static keys, flipped while the module runs.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/jump_label.h>

static DEFINE_STATIC_KEY_FALSE(off_first);
static DEFINE_STATIC_KEY_TRUE(on_first);
DEFINE_STATIC_KEY_ARRAY_FALSE(several, 2);

static noinline int branches(void)
{
	int r = 0;

	if (static_branch_unlikely(&off_first))
		r |= 1;
	if (static_branch_likely(&on_first))
		r |= 2;
	if (!static_branch_unlikely(&on_first))
		r |= 4;
	if (static_branch_likely(&several[1]))
		r |= 8;
	return r;
}

static int __init flip_init(void)
{
	pr_info("at first %d\n", branches());
	static_branch_enable(&off_first);
	static_branch_disable(&on_first);
	pr_info("flipped %d, enabled %d\n", branches(), static_key_enabled(&off_first));
	static_branch_inc(&several[1]);
	static_branch_inc(&several[1]);
	static_branch_dec(&several[1]);
	pr_info("counted %d, %d\n", branches(), static_key_count(&several[1].key));
	static_branch_dec(&several[1]);
	static_branch_disable(&off_first);
	static_branch_enable(&on_first);
	pr_info("back %d\n", branches());
	return 0;
}

static void __exit flip_exit(void)
{
	pr_info("at last %d\n", branches());
}

module_init(flip_init);
module_exit(flip_exit);

MODULE_DESCRIPTION("static-key");
MODULE_LICENSE("GPL");
