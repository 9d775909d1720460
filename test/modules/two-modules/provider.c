// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A library: it has neither init nor exit, other modules call it.
#include <linux/module.h>
#include "provider.h"

int provider_calls;
EXPORT_SYMBOL_GPL(provider_calls);

int provider_add(int a, int b)
{
	provider_calls++;
	return a + b;
}
EXPORT_SYMBOL_GPL(provider_add);

MODULE_DESCRIPTION("two-modules: the library");
MODULE_LICENSE("GPL");
