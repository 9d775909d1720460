// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// EXPORT_SYMBOL in all its forms: plain, GPL, in a namespace, of data, with types of a header and of the file itself.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/export.h>
#include <linux/version.h>
#include "export_symbol.h"

int kport_fixture_sum(int a, int b);
int kport_fixture_gpl(int a);
int kport_fixture_spaced(void);
extern int kport_fixture_data;
extern const char kport_fixture_name[];

int kport_fixture_data = 5;
EXPORT_SYMBOL(kport_fixture_data);

const char kport_fixture_name[] = "exported";
EXPORT_SYMBOL_GPL(kport_fixture_name);

int kport_fixture_sum(int a, int b)
{
	return a + b;
}
EXPORT_SYMBOL(kport_fixture_sum);

int kport_fixture_gpl(int a)
{
	return a * kport_fixture_data;
}
EXPORT_SYMBOL_GPL(kport_fixture_gpl);

int kport_fixture_spaced(void)
{
	return 77;
}
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
EXPORT_SYMBOL_NS_GPL(kport_fixture_spaced, "KPORT_FIXTURE");
#else
EXPORT_SYMBOL_NS_GPL(kport_fixture_spaced, KPORT_FIXTURE);
#endif

struct kport_fixture_hidden {
	u64 inside;
};

int kport_fixture_typed(struct kport_fixture_pair *pair, struct kport_fixture_hidden hidden);
int kport_fixture_typed(struct kport_fixture_pair *pair, struct kport_fixture_hidden hidden)
{
	return pair->a + pair->b + pair->kind + (int)hidden.inside;
}
EXPORT_SYMBOL_GPL(kport_fixture_typed);

static int __init export_init(void)
{
	struct kport_fixture_pair pair = { 1, 2, KPORT_FIXTURE_TWO };

	pr_info("typed %d\n", kport_fixture_typed(&pair, (struct kport_fixture_hidden){ 5 }));
	pr_info("%s %d %d %d\n", kport_fixture_name, kport_fixture_sum(1, 2), kport_fixture_gpl(3), kport_fixture_spaced());
	return 0;
}

static void __exit export_exit(void)
{
}

module_init(export_init);
module_exit(export_exit);

MODULE_DESCRIPTION("export-symbol");
MODULE_LICENSE("GPL");
