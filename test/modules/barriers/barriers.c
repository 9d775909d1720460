// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <asm/barrier.h>

static int flag, data;

static noinline void publish(int v)
{
	data = v;
	smp_mb();
	flag = 1;
	smp_mb();
	flag = 2;
}

static int __init barriers_init(void)
{
	publish(7);
	pr_info("flag %d, data %d\n", flag, data);
	return 0;
}

static void __exit barriers_exit(void)
{
}

module_init(barriers_init);
module_exit(barriers_exit);
MODULE_DESCRIPTION("Two full barriers in one function");
MODULE_LICENSE("GPL");
