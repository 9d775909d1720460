// SPDX-License-Identifier: GPL-2.0
// Macros with variable arguments, pasting, strings of arguments, recursion, and names of C's and Rust's.
#include "says.h"

#define show(fmt, ...) printf(fmt "\n", ##__VA_ARGS__)
#define named(fmt, args...) printf("%s: " fmt "\n", __func__, ## args)
#define count_(a, b, c, d, n, ...) n
#define count(...) count_(__VA_ARGS__, 4, 3, 2, 1)
#define first(a, ...) a
#define rest(a, ...) (__VA_ARGS__)
#define paste_(a, b) a##b
#define paste(a, b) paste_(a, b)
#define text_(a) #a
#define text(a) text_(a)
#define unique(p) paste(p, __LINE__)
#define maker(type, name) static noinline type get_##name(type by) { return name##_value + by; }
#define each(f) f(red) f(green) f(blue)
#define as_enum(x) COLOUR_##x,
#define as_name(x) [COLOUR_##x] = #x,
#define for_all(i, n) for (int i = 0; i < (n); i++)
#define twice(x) ((x) + (x))
#define self(x) (self(x) + 1)
#define fn fnord
#define impl(type) type
#define loop while (1)
#define at(a, i) ((a)[(i) + 1])
#define post_inc(x) ((x) += 2)
#define match(x) ((x) == 3)
#define empty
#define nothing(...)
#define square(x) x * x

static int twice_value = 3;
static u8 other_value = 250;
maker(int, twice)
maker(u8, other)
enum { each(as_enum) COLOUR_count };
static const char *const colours[] = { each(as_name) };
static noinline int (self)(int x) { return x * 2; }
static noinline int fnord(int match) { return match + 1; }

int variadic_macros(void)
{
	int i = 2, type = 1, mut = 3, ref = 0, move = 1, self_ = 4;

	show("none");
	show("one %d", 1);
	show("two %d %s", i++, "s");
	named("none");
	named("%d", i);
	SHOW(count(a) + count(a, b, c) * 10);
	SHOW(first(i++, i++, i++));
	SHOW(rest(1, 2));
	SHOW(paste(1, 2) + paste(i, empty));
	printf("%s %s %s\n", text(count(x, y)), text_(count(x, y)), text("q\n" 'c'));
	{
		int unique(v) = 5; SHOW(sizeof(unique(v)));
	}
	SHOW(get_twice(4));
	SHOW(get_other(10));
	for_all(k, COLOUR_count)
		printf("%s\n", colours[k]);
	SHOW(twice(i++));
	SHOW(self(3));
	SHOW(fn(3));
	SHOW(at(colours[1], 0));
	SHOW(post_inc(move) + move++);
	SHOW(match(mut));
	SHOW(square(i + 1));
	SHOW(-square(-1));
	loop {
		if (ref++ > 2)
			break;
		nothing(i++; , 1)
	}
	SHOW(type + mut * 10 + ref * 100 + move + self_);
	SHOW(__LINE__ > 10);
	SHOW(__COUNTER__ + __COUNTER__ * 10);
	for_all(k, 2) for_all(j, 2) SHOW(k * 2 + j);
	if (i) show("dangling"); else show("else");
	return twice(1);
}
