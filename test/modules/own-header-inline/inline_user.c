// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include "own_header_inline.h"

int counter;

int use_box(const struct box *b)
{
	int side, sum = 0;

	for_each_side(side, b)
		sum = sum * 10 + side;
	counter += count_once() + count_once();
	return sum + box_area(b);
}
