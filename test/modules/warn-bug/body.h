/* SPDX-License-Identifier: GPL-2.0 */
/* The body of several functions, as lib/reed_solomon/decode_rs.c is. */
	BUG_ON(x > LIMIT);
	return x + LIMIT;
