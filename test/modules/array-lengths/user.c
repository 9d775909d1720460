// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include <linux/bug.h>
#include <linux/export.h>
#include "lengths.h"

/* Another file's array, of no known length here. */
int user_of(int i);
int user_of(int i)
{
	return WARN_ON(i < 0) ? 0 : pattern[i] + names[0][i];
}
EXPORT_SYMBOL_GPL(user_of);
