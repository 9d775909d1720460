// SPDX-License-Identifier: GPL-2.0
// Types of a block that hide the file's: what has the name is another size there.
#include "says.h"
#define as_type(type, x) ({ type made = (type)(x); made; })

typedef int row[4];
typedef char small;
typedef struct { int a, b, c; } pair;
typedef unsigned long word;
typedef u64 *link;
static volatile int n = 3;
static pair outside = { 1, 2, 3 };
static word wide = 7;
static row four = { 1, 2, 3, 4 };
static small one = 'x';

static noinline size_t of_row(void)
{
	typedef char row;
	row r = n;
	return sizeof(row) + r + sizeof(row[3]) * 100;
}

static noinline size_t of_word(void)
{
	typedef u8 word;
	word w = 300 + n;
	word list[2] = { w, 2 };
	return sizeof(word) + w + sizeof(list) * 1000 + list[1];
}

static noinline size_t of_small(void)
{
	typedef long small;
	small s = n;
	small *p = &s;
	return sizeof(small) + *p + sizeof(*p) * 100;
}

static noinline size_t of_pair(void)
{
	typedef struct { char a; } pair;
	pair q = { n };
	return sizeof(pair) + q.a;
}

static noinline size_t of_pair2(void)
{
	typedef int pair;
	pair q = n;
	pair list[3] = { 1, q, 3 };
	return sizeof(pair) + q + sizeof(list) * 10 + list[1];
}

static noinline size_t of_link(void)
{
	typedef u8 *link;
	u8 b[4] = { 1, 2, 3, n };
	link l = b;
	return *(l + 3) + sizeof(*l) + sizeof(link) * 10;
}

static noinline size_t of_enum(void)
{
	typedef enum { A1, B1 } row;
	row r = B1;
	return sizeof(row) + r;
}

static noinline size_t through_macro(void)
{
	size_t s = as_type(word, n * 1000);
	typedef u8 word;

	return s + as_type(word, n * 1000) * 10000;
}

static noinline size_t before(void)
{
	size_t s = sizeof(word);
	{
		typedef char word;
		s += sizeof(word) * 10;
		{
			typedef short word;
			word w = n;
			s += sizeof(word) * 100 + w * 10000;
		}
	}
	return s + sizeof(word) * 1000;
}

int hidden_types(void)
{
	SHOW(of_row());
	SHOW(of_word());
	SHOW(of_small());
	SHOW(of_pair());
	SHOW(of_pair2());
	SHOW(of_link());
	SHOW(of_enum());
	SHOW(through_macro());
	SHOW(before());
	SHOW(sizeof(outside) + sizeof(wide) * 100 + sizeof(four) * 10000 + sizeof(one) * 1000000);
	SHOW(outside.a + wide + four[1] + one);
	return 0;
}
