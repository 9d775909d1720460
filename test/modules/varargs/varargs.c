// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Variadic functions: va_list passed on, copied, read by type, %pV.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct area {
	long width, height;
};

static volatile int seed = 12;

static __printf(2, 3) int say(const char *who, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_info("%s says %pV\n", who, &vaf);
	va_end(args);
	return 0;
}

static long sum(const char *types, ...)
{
	va_list args;
	long total = 0;

	va_start(args, types);
	for (; *types; types++) {
		switch (*types) {
		case 'i':
			total += va_arg(args, int);
			break;
		case 'l':
			total += va_arg(args, long);
			break;
		case 'p':
			total += *va_arg(args, int *);
			break;
		}
	}
	va_end(args);
	return total;
}

/* A structure comes in two registers or on the stack, as its members have it: the function stays C. */
static long areas(int n, ...)
{
	va_list args;
	long total = 0;

	va_start(args, n);
	while (n--) {
		struct area a = va_arg(args, struct area);

		total = total * 100 + a.width * a.height;
	}
	va_end(args);
	return total;
}

static __printf(3, 0) int twice(char *buf, size_t size, const char *fmt, va_list args)
{
	va_list copy;
	int n;

	va_copy(copy, args);
	n = vscnprintf(buf, size, fmt, args);
	n += vscnprintf(buf + n, size - n, fmt, copy);
	va_end(copy);
	return n;
}

static __printf(3, 4) int format(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = twice(buf, size, fmt, args);
	va_end(args);
	return n;
}

static int __init varargs_init(void)
{
	char text[64];
	int v = seed;

	say("one", "%d %s %llx %c", v, "text", 0x1234567890ULL, 'z');
	pr_info("sum %ld of %ld\n", sum("ilpi", v, 1000000000000L, &v, -1), sum(""));
	pr_info("areas %ld\n", areas(2, (struct area){ v, 2 }, (struct area){ 3, v + 1 }));
	pr_info("%d: %s\n", format(text, sizeof(text), "<%d,%s>", v, "again"), text);
	return 0;
}

static void __exit varargs_exit(void)
{
}

module_init(varargs_init);
module_exit(varargs_exit);

MODULE_DESCRIPTION("varargs");
MODULE_LICENSE("GPL");
