// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A function of 400 labels, on which c2rust's relooper does not end in any reasonable time; the others become Rust.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static int n = 3;
module_param(n, int, 0644);
MODULE_PARM_DESC(n, "input of the computation");

#define STEP(i)								\
	x = x * 1103515245u + 12345u + i;				\
	if (x & (1u << (i % 31))) {					\
		y ^= x >> 3;						\
		if (y & 1)						\
			goto l##i;					\
		y += i;							\
	} else {							\
		y -= 7;							\
		if ((y & 0xff) == (i & 0xff))				\
			goto out;					\
	}								\
l##i:									\
	y = (y << 1) | (y >> 31);
#define STEP10(t) STEP(t##0) STEP(t##1) STEP(t##2) STEP(t##3) STEP(t##4) \
	STEP(t##5) STEP(t##6) STEP(t##7) STEP(t##8) STEP(t##9)
#define STEP100(t) STEP10(t##0) STEP10(t##1) STEP10(t##2) STEP10(t##3) STEP10(t##4) \
	STEP10(t##5) STEP10(t##6) STEP10(t##7) STEP10(t##8) STEP10(t##9)

static noinline u32 gotos(u32 x)
{
	u32 y = x ^ 0x9e3779b9;

	STEP100(1)
	STEP100(2)
	STEP100(3)
	STEP100(4)
out:
	return x ^ y;
}

#define PICK(i) x % 1021u == i ? i * 3u :
#define PICK10(t) PICK(t##0) PICK(t##1) PICK(t##2) PICK(t##3) PICK(t##4) PICK(t##5) PICK(t##6) PICK(t##7) PICK(t##8) PICK(t##9)
#define PICK100(t) PICK10(t##0) PICK10(t##1) PICK10(t##2) PICK10(t##3) PICK10(t##4) PICK10(t##5) PICK10(t##6) PICK10(t##7) PICK10(t##8) PICK10(t##9)

static noinline u32 nested(u32 x)
{
	return PICK100(1) PICK100(2) 1u;
}

static unsigned int compute(int k)
{
	u32 out = 0, i;

	for (i = 0; i < 20; i++)
		out = out * 31 + gotos((u32)k * 7919u + i) + nested((u32)k * 37u + i);
	return out;
}

static int result_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%u\n", compute(n));
}

static const struct kernel_param_ops result_ops = {
	.get = result_get,
};
module_param_cb(result, &result_ops, NULL, 0444);

static int __init bug_init(void)
{
	int i;

	for (i = -2; i < 8; i++)
		pr_info("compute(%d) = %u\n", i, compute(i));
	return 0;
}

static void __exit bug_exit(void)
{
	pr_info("last compute(%d) = %u\n", n, compute(n));
}

module_init(bug_init);
module_exit(bug_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A function of many jumps");
