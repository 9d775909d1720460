// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Built with flags that change what compilers print: what is asked of them must not depend on those.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/compiler.h>
#include <linux/module.h>
#include <linux/minmax.h>

struct inner { int a, b; };
struct outer { struct inner *in; struct inner whole; const char *name; };

static int first = 1, second = 2;
static struct inner inner = { 3, 4 };
static struct outer outer = { &inner, { 5, 6 }, "seven" };

static int __init message_flags_init(void)
{
	/* Each READ_ONCE asks for a type; -Wfatal-errors lets clang answer one. */
	pr_info("%d %d\n", READ_ONCE(first), READ_ONCE(second));
	pr_info("%d %d %s\n", READ_ONCE(outer.in)->a, READ_ONCE(outer.whole.b), READ_ONCE(outer.name));
	pr_info("%d\n", min_t(int, READ_ONCE(inner.b), max(first, second)));
	return WARN_ON(first > second);
}

static void __exit message_flags_exit(void)
{
}

module_init(message_flags_init);
module_exit(message_flags_exit);
MODULE_DESCRIPTION("Built with flags that change compilers' messages");
MODULE_LICENSE("GPL");
