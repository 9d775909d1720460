// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Module parameters of every type, by name and by callback, with their modes.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static unsigned char octet = 1;
static short little = -2;
static ushort unsigned_little = 3;
static int number = -4;
static uint count = 5;
static long big = -6;
static ulong unsigned_big = 7;
static unsigned long long huge = 8;
static bool yes = true;
static bool nope;
static int flag;
static char *text = "text";
static char buffer[16] = "buffer";
static uint mask = 0xab;
static int list[4] = { 1, 2 };
static int list_count = 2;
static bool switches[3];
static int doubled = 10;
static int line = 11;
static int dangerous = 12;
static int either = 13;

module_param(octet, byte, 0444);
module_param(little, short, 0444);
module_param(unsigned_little, ushort, 0644);
module_param(number, int, 0644);
module_param_named(how_many, count, uint, 0600);
module_param(big, long, 0);
module_param(unsigned_big, ulong, 0400);
module_param(huge, ullong, 0444);
module_param(yes, bool, 0644);
module_param(nope, invbool, 0444);
module_param(flag, bint, 0444);
module_param(text, charp, 0444);
module_param_string(buffer, buffer, sizeof(buffer), 0644);
module_param(mask, hexint, 0444);
module_param_array(list, int, &list_count, 0444);
module_param_array_named(on, switches, bool, NULL, 0444);
module_param(either, int, S_IRUSR | S_IWUSR);
/* The record of this one is __param_str, which begins the names of all parameters' strings. */
static char *str = "named as the prefix is";
module_param(str, charp, 0444);
module_param_hw(line, int, irq, 0444);
module_param_unsafe(dangerous, int, 0644);
MODULE_PARM_DESC(number, "A number; with \"quotes\" in its description");
MODULE_PARM_DESC(list, "Up to four");

static int set_doubled(const char *value, const struct kernel_param *kp)
{
	int ret = param_set_int(value, kp);

	if (!ret)
		*(int *)kp->arg *= 2;
	return ret;
}

static const struct kernel_param_ops doubled_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = set_doubled,
	.get = param_get_int,
};
module_param_cb(doubled, &doubled_ops, &doubled, 0644);

static int __init params_init(void)
{
	pr_info("%u %d %u %d %u %ld %lu %llu\n", octet, little, unsigned_little, number, count, big, unsigned_big, huge);
	pr_info("%d %d %d %s %s %x\n", yes, nope, flag, text, buffer, mask);
	pr_info("%d of %d %d %d %d, on %d %d %d, doubled %d, %d %d\n", list_count, list[0], list[1], list[2], list[3], switches[0], switches[1], switches[2], doubled, line, dangerous + either);
	return 0;
}

static void __exit params_exit(void)
{
}

module_init(params_init);
module_exit(params_exit);

MODULE_DESCRIPTION("module-params");
MODULE_LICENSE("GPL");
