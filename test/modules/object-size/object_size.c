// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// __builtin_object_size and __builtin_dynamic_object_size, and the fortified string functions built on them.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/version.h>

struct message {
	u16 length;
	char name[12];
	u8 body[20];
};

static volatile int seed = 5;

static int __init size_init(void)
{
	struct message m = { .length = 3 };
	char local[24];
	char *heap = kzalloc(40, GFP_KERNEL), *where;

	if (!heap)
		return -ENOMEM;
	pr_info("whole %zu, member %zu\n", __builtin_object_size(&m, 0), __builtin_object_size(m.name, 1));
	pr_info("unknown %d\n", __builtin_object_size((void *)READ_ONCE(heap), 0) == (size_t)-1);
	pr_info("dynamic %zu\n", __builtin_dynamic_object_size(&m.body[4], 1));
	memset(local, 'x', sizeof(local));
	memcpy(m.name, "fortified", 10);
	memcpy(local, m.name, seed);
	local[seed] = '\0';
	strscpy(heap, local, 40);
	strcat(heap, "-tail");
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
	strncpy(m.name, "abcdefghijklmnop", sizeof(m.name) - 1);
#else
	strscpy_pad(m.name, "abcdefghijklmnop", sizeof(m.name) - 1);
#endif
	memmove(m.body, m.body + 1, seed);
	/* The index is no part of the size, which nobody knows. */
	where = READ_ONCE(heap) + seed;
	memset(&where[1], '.', seed - 2);
	pr_info("%s %s %s %zu\n", local, heap, m.name, strlen(heap));
	kfree(heap);
	return 0;
}

static void __exit size_exit(void)
{
}

module_init(size_init);
module_exit(size_exit);

MODULE_DESCRIPTION("object-size");
MODULE_LICENSE("GPL");
