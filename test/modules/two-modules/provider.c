// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A library: it has neither init nor exit, other modules call it; one function in a namespace.
#include <linux/module.h>
#include <linux/version.h>
#include "provider.h"

int provider_calls;
EXPORT_SYMBOL_GPL(provider_calls);

int provider_add(int a, int b)
{
	provider_calls++;
	return a + b;
}
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
EXPORT_SYMBOL_NS_GPL(provider_add, "KPORT_PROVIDER");
#else
EXPORT_SYMBOL_NS_GPL(provider_add, KPORT_PROVIDER);
#endif

MODULE_DESCRIPTION("two-modules: the library");
MODULE_LICENSE("GPL");
