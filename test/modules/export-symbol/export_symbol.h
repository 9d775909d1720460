/* SPDX-License-Identifier: GPL-2.0 */
/* Types of exports: a CRC covers those of headers member by member, and those of the C file by name only. */
#ifndef EXPORT_SYMBOL_H
#define EXPORT_SYMBOL_H

enum kport_fixture_kind { KPORT_FIXTURE_ONE = 1, KPORT_FIXTURE_TWO };

struct kport_fixture_pair {
	int a, b;
	enum kport_fixture_kind kind;
	struct kport_fixture_hidden *hidden;
};

#endif
