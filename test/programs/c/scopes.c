// SPDX-License-Identifier: GPL-2.0
// Names that hide others: parameters, tags, labels, members, typedefs, enumerators, and Rust's own.
#include "says.h"

typedef int number;
struct number { number number; };
enum colour { red, green };
static int value = 1;
static int Some = 2, None = 3, Ok = 4, u8_ = 5, usize = 6, String = 7, core = 8, std = 9, crate_ = 10, Vec = 11;
struct Option { int Some; struct { int unwrap; } is_null; };
static noinline int as(int in, int let, int mut) { return in * 100 + let * 10 + mut; }
static noinline int value_of(int value) { { int value = 5; value++; Some += value; } return value; }
static noinline int label(int k)
{
	int out = k;

	if (k)
		goto out;
	out = 9;
out:
	return out;
}
static noinline int self(struct number *self) { number number = self->number; return number; }
static noinline int types(int number) { return number + sizeof(number); }
static noinline int drop(int box, int dyn, int impl) { int fn = box, pub = dyn, trait = impl; return fn - pub * trait; }
static noinline int i32(int f64, int str, int bool_) { return f64 + str + bool_; }
static noinline int loops_(int loop, int match) { int where = 0; for (int loop = 0; loop < match; loop++) { int match = loop; where += match; } return where + loop; }
static noinline int printed(int c_int, int c_void, int size_of) { return c_int + c_void * size_of; }
#define hygiene(a) ({ int t_ = (a); int value = t_ * 2; value + t_; })

int scopes(void)
{
	struct number n = { 4 };
	struct Option o = { 1, { 2 } };
	int red = 7;
	int type = 1, ref = 2, move = 3, async = 4, yield = 5, r_try = 6, r = 7, unsafe = 8, use = 9, extern_ = 10;

	SHOW(as(1, 2, 3));
	SHOW(value_of(3) + value);
	SHOW(label(0) + label(2));
	SHOW(self(&n) + types(1));
	SHOW(red + green);
	SHOW(Some + None + Ok + u8_ + usize + String + core + std + crate_ + Vec);
	SHOW(o.Some + o.is_null.unwrap);
	SHOW(drop(1, 2, 3) + i32(1, 2, 3) + loops_(1, 4));
	SHOW(hygiene(red));
	SHOW(hygiene(hygiene(value)));
	SHOW(type + ref + move + async + yield + r_try + r + unsafe + use + extern_);
	SHOW(printed(1, 2, 3));
	{
		enum colour red = green;

		SHOW(red + green);
	}
	{
		int value = value_of(1), Some = value;
		{
			extern int printf(const char *, ...);
			int printf_ = Some;

			SHOW(printf_);
		}
		{
			int value = 10, more = value + 1;

			SHOW(more);
		}
	}
	for (int value = 0; value < 2; value++) {
		static int value = 100;

		SHOW(value++);
	}
	return value;
}
