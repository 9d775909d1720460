// SPDX-License-Identifier: GPL-2.0
// _Generic, typeof, __auto_type, sizeof of what is not evaluated, local and forward types, shadowing.
#include "says.h"

#define kind(x) _Generic((x), char: 1, signed char: 2, u8: 3, short: 4, u16: 5, int: 6, unsigned: 7, long: 8, unsigned long: 9, \
	long long: 10, u64: 11, char *: 12, const char *: 13, struct late *: 14, bool: 15, int (*)(int): 16, default: 17)
struct late;
static noinline int look(struct late *l);
static struct late *late_one;
struct late { int v; struct late *next; struct inner { int w; } in; };
static struct inner outside = { 8 };
typedef struct late late;
typedef int row[4];
typedef const row *rows;
static int x = 100;
static noinline int look(struct late *l) { return l->v; }
static noinline int self(int k) { return k; }

static noinline int counter(void)
{
	static int x = 5;
	{
		static int x = 50;
		x++;
		return x + (x > 52 ? x : 0);
	}
	return x;
}

static noinline int counter2(void)
{
	static u8 x, list[3] = { 1, 2, 3 };
	static const char *const names[] = { "a", "b" };
	static int six = 6;
	static int *at = &six;

	list[x++ % 3]++;
	return list[0] + list[1] * 10 + list[2] * 100 + *names[x & 1] * 1000 + (*at)++ * 1000000;
}

static noinline int same_tag(void)
{
	struct late { char only; } late = { 'z' };

	return sizeof(late) + late.only + x;
}

int types(void)
{
	__auto_type a = 5ul;
	__auto_type p = &x;
	typeof(x) y = 3;
	typeof(&y) py = &y;
	typeof(int[3]) arr = { 1, 2, 3 };
	typeof(self) *f = self;
	typeof(*(struct late *)0) l = { 9, &l, { 10 } };
	typeof(l.in) in = l.in;
	row r = { 1, 2, 3, 4 };
	rows rs = (rows)&r;
	const volatile int cv = 4;
	typeof(cv + 0) plain = cv;
	struct late *late = &l;
	int n = 3;

	SHOW(kind('a') + kind((char)'a') * 100 + kind((u8)1) * 10000);
	SHOW(kind(1) * 100 + kind(1u));
	SHOW(kind(1l) * 10000 + kind(1ll) * 100 + kind(sizeof(int)));
	SHOW(kind((short)1 + (short)1));
	SHOW(kind("s") * 100 + kind((const char *)"s"));
	SHOW(kind(late) * 100 + kind(f));
	SHOW(kind(a) * 100 + kind(x < y));
	SHOW(kind((bool)1) * 100 + kind(cv));
	SHOW(kind(1u + 1l) * 100 + kind(1 ? 1 : 1ull));
	plain++;
	SHOW(plain + *p + *py + arr[2] + f(1));
	SHOW(sizeof(n++) + n);
	SHOW(sizeof(arr) + sizeof(r) * 100 + sizeof(*rs) * 10000);
	SHOW(sizeof(int[n]) + n);
	SHOW(sizeof(int[n++]) + n);
	SHOW(_Alignof(struct late) + __alignof__(r));
	SHOW((*rs)[2] + rs[0][1]);
	SHOW(look(late->next) + in.w + outside.w);
	SHOW(__builtin_types_compatible_p(typeof(x), int) + __builtin_types_compatible_p(char *, const char *) * 10);
	SHOW(__builtin_choose_expr(sizeof(n) == 4, n, "no"));
	{
		int x = 7, y = x + 1;
		for (int x = y; x < 10; x++) {
			int y = x * 2;
			SHOW(x + y);
			{
				extern int types_shared;
				char x = 'c';
				SHOW(x + types_shared);
			}
		}
		typedef char row;
		SHOW(sizeof(row));
	}
	SHOW(sizeof(row) + x);
	SHOW(counter() + counter());
	SHOW(counter2());
	SHOW(counter2());
	SHOW(same_tag());
	SHOW(({ int x = 1; x + ({ int x = 2; x; }); }) + x);
	SHOW(late_one == NULL);
	return look(&l);
}
int types_shared = 1000;
