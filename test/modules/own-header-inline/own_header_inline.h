/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
#ifndef OWN_HEADER_INLINE_H
#define OWN_HEADER_INLINE_H

#include <linux/types.h>

struct box {
	int width, height;
};

extern int counter;
int use_box(const struct box *b);

#define BOX_DOUBLED(b) ((struct box[]){ { (b)->width * 2, (b)->height } })
#define for_each_side(side, b) for (side = (b)->width; side; side = side == (b)->width ? (b)->height : 0)

static inline struct box box_make(int w, int h)
{
	return (struct box){ .width = w, .height = h };
}

static __always_inline int box_area(const struct box *b)
{
	return b->width * b->height;
}

/* Each unit has a count of its own. */
static inline int count_once(void)
{
	static int count;

	return ++count;
}

#endif
