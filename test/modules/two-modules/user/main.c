// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Uses the library, and a unit in its own folder.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/version.h>
#include "../provider.h"
#include "generated.h"

int table_sum(void);

static int __init user_init(void)
{
	pr_info("sum %d, add %d, generated %s\n", table_sum(), provider_add(GENERATED_NUMBER, 1), GENERATED_TEXT);
	pr_info("calls %d\n", provider_calls);
	return 0;
}

static void __exit user_exit(void)
{
	pr_info("done\n");
}

module_init(user_init);
module_exit(user_exit);
MODULE_DESCRIPTION("two-modules: the user");
MODULE_LICENSE("GPL v2");
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS("KPORT_PROVIDER");
#else
MODULE_IMPORT_NS(KPORT_PROVIDER);
#endif
