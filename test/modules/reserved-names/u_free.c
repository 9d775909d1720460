// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include <linux/module.h>
#include <linux/jiffies.h>
#include "names.h"

static int list = 20;

static noinline int warned(int i)
{
	return WARN_ON_ONCE(list + i < 0);
}

/* `unsized` is a variable of another file here, and no more than a word below; `limit` is a constant of another file. */
int virtual_of(int limit)
{
	int level = limit + 1;

	return list + level + limit + warned(limit);
}

int u_all(int i)
{
	struct { int unsized; } one = { .unsized = i + unsized };
	int kport_u_free_list = one.unsized;

	return kport_u_free_list + list;
}
