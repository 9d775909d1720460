// SPDX-License-Identifier: GPL-2.0
// A pair that begins as one of two, as a statement expression, or in a loop's head: padding and all.
#include "says.h"

struct pair {
	u8 tag;
	u32 value;
};

static struct pair left = { 1, 2 }, right = { 3, 4 };
static volatile int choice;

static noinline void choose(int k)
{
	struct pair d = k ? left : right;

	show_bytes("chosen", &d, sizeof(d));
	d = k ? right : left;
	show_bytes("assigned", &d, sizeof(d));
}

static noinline void computed(int k)
{
	struct pair d = ({ struct pair t = left; t.tag += k; t; });
	struct pair e = ({ struct pair t; t.tag = k; t.value = 9; t; });

	show_bytes("computed", &d, sizeof(d));
	show_bytes("set", &e, sizeof(e));
}

static noinline void headed(int k)
{
	for (struct pair d = left, e = { .tag = k }; d.tag < 3; d.tag++, e.value++) {
		show_bytes("head", &d, sizeof(d));
		show_bytes("head", &e, sizeof(e));
	}
	for (struct pair d = k ? left : right; d.value < 6; d.value++)
		show_bytes("head chosen", &d, sizeof(d));
}

int conditional_copy(void)
{
	memset(&left, 0x55, sizeof(left));
	memset(&right, 0x66, sizeof(right));
	left.tag = 1;
	left.value = 2;
	right.tag = 3;
	right.value = 4;
	dirty_stack();
	choose(choice);
	dirty_stack();
	choose(!choice);
	dirty_stack();
	computed(choice + 2);
	dirty_stack();
	headed(choice);
	return 0;
}
