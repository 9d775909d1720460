// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Headers that are included more than once, with macros of other values each time; the second time within a table.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct ring_ops {
	int (*print)(const void *ring, const char *title, unsigned int width);
	int (*drop)(void *ring, unsigned int n);
};

#define RING small
#define ELEMENT u16
#define STEP 3
#include "ring_gen.h"
#undef RING
#undef ELEMENT
#undef STEP
#define RING large
#define ELEMENT u64
#define STEP 7
#include "ring_gen.h"

#include "rows.h"

/* As the devices of drivers/net/usb/pegasus.c: an address as a number, which stays C. */
static const struct row rows[] = {
#define ROW(name, width) { (unsigned long)&(const struct row_name){ name }, width },
#include "rows.h"
#undef ROW
	{ }
};

static struct small_ring small;
static struct large_ring large;

static int __init included_twice_init(void)
{
	unsigned int i;

	for (i = 0; small_push(&small, 250 + i); i++)
		large_push(&large, 0x100000001ULL << i);
	pr_info("pushed %u, left %d\n", i, small_ops.drop(&small, 2));
	small_ops.print(&small, "small", 12);
	large_ops.print(&large, "large", 4);
	pr_info("left %d\n", large_ops.drop(&large, 9));
	for (i = 0; rows[i].name; i++)
		pr_info("%s %u\n", ((const struct row_name *)rows[i].name)->text, rows[i].width);
	return large_ops.print(&large, "empty", 1);
}

static void __exit included_twice_exit(void)
{
}

module_init(included_twice_init);
module_exit(included_twice_exit);
MODULE_DESCRIPTION("kport fixture: included-twice");
MODULE_LICENSE("GPL");
