// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include <linux/module.h>
#include <linux/list.h>
#include "names.h"

/* With the helpers' prefix of this file, this is `list` of u_free.c with that file's. Two static keys make helpers of both. */
static int free_list = 3;
static int list = 4;
int unsized = 11;

enum { limit = 70, level };

static noinline int warned(int i)
{
	return WARN_ON_ONCE(free_list + i < 0) + WARN_ON_ONCE(list + i < 0);
}

int final(int loop)
{
	free_list += loop;
	return free_list + list * 10 + warned(loop) + limit + level;
}
