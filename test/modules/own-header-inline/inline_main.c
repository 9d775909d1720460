// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Inline functions, macros and tentative data of the module's own header, used by two units; a header that only the makefile includes.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include "own_header_inline.h"

static int __init inline_init(void)
{
	struct box b = box_make(3, 4);

	counter = 5;
	pr_info("area %d, twice %d, counted %d\n", box_area(&b), box_area(BOX_DOUBLED(&b)), count_once());
	pr_info("user %d\n", use_box(&b));
	pr_info("counter %d\n", counter);
	BUG_ON(counter > FORCED_SCALE * 1000);
	pr_info("scaled %d\n", scaled((struct scaled){ counter }));
	return 0;
}

static void __exit inline_exit(void)
{
	pr_info("counter %d\n", counter);
}

module_init(inline_init);
module_exit(inline_exit);

MODULE_DESCRIPTION("own-header-inline");
MODULE_LICENSE("GPL");
