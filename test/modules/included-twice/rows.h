/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
/* The type of the rows, and where ROW is a macro, the rows. */
#ifndef ROW
struct row_name {
	const char *text;
};

struct row {
	unsigned long name;
	unsigned int width;
};
#else
ROW("narrow", 3)
ROW("wide", 300)
#endif
