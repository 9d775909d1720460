/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
/* No file includes this one: the makefile does. */
#ifndef FORCED_H
#define FORCED_H

#define FORCED_SCALE 3

struct scaled {
	int value;
};

static inline int scaled(struct scaled s)
{
	return s.value * FORCED_SCALE;
}

#endif
