// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include <linux/kernel.h>
#include <linux/string.h>
#include "two_units.h"

struct state {
	long value;
	char tag;
};

int shared = 42;
static struct state state = { 2, 'o' };
static const char *const name = "other";
static int calls = 7;

static int step(int x)
{
	static int calls = 500;

	return x * ++calls;
}

const char *other_name(void)
{
	return name;
}

int other_step(int x)
{
	calls++;
	return step(x);
}

int other_state(void)
{
	return state.value + state.tag;
}

int other_calls(void)
{
	return calls;
}

int other_find(const char *s)
{
	static const char *const names[] = { "one", "two" };

	return match_string(names, ARRAY_SIZE(names), s);
}
