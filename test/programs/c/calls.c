// SPDX-License-Identifier: GPL-2.0
// Pointers to functions of all kinds, in tables, results and arguments, compared and cast.
#include "says.h"

typedef int binary(int, int);
typedef binary *binary_p;
struct ops { const char *name; int (*run)(int, int); void (*done)(void *); binary *more[2]; int (*vary)(const char *, ...); };
typedef int (*maker(int))(int, int);

static noinline int add(int a, int b) { return a + b; }
static noinline int sub(int a, int b) { return a - b; }
static binary mul;
static noinline int mul(int a, int b) { return a * b; }
static noinline void done(void *p) { ++*(int *)p; }
static noinline u8 narrow(u8 a, s16 b, bool c) { return a + b + c; }
static noinline void *same(void *p) { return p; }

static const struct ops tables[] = {
	{ "add", add, done, { sub, &mul }, printf },
	{ .run = &sub, .more = { [1] = add } },
};
static binary_p const list[] = { add, sub, mul, NULL };
static int (*(*chooser)(int))(int, int);

static noinline binary *choose(int k)
{
	return k < 0 ? NULL : list[k];
}

static noinline int apply(binary f, int (g)(int, int), int k)
{
	return f(k, 2) * 10 + (*g)(k, 3) + (**f)(1, 1) + (***g)(1, 1);
}

static noinline int recurse(int n)
{
	return n <= 1 ? 1 : n * recurse(n - 1);
}

static noinline int by(int (*f)(int, int), ...)
{
	__builtin_va_list args;
	int r;

	__builtin_va_start(args, f);
	r = f(__builtin_va_arg(args, int), 5);
	__builtin_va_end(args);
	return r;
}

int calls(void)
{
	int n = 0, i;
	int (*f)(int, int) = add, (**pf)(int, int) = &f, (*fs[2])(int, int) = { mul, sub };
	u8 (*nar)(u8, s16, bool) = narrow;
	void *(*s)(void *) = same;
	long (*other)(long, long) = (long (*)(long, long))mul;
	void (*none)(void) = NULL;
	void *raw = (void *)sub;

	SHOW(tables[0].run(1, 2));
	SHOW((*tables[1].run)(1, 2));
	SHOW(tables[0].more[1](3, 4));
	tables[0].done(&n);
	if (tables[1].done)
		tables[1].done(&n);
	SHOW(n);
	tables[0].vary("%s %d\n", tables[0].name, 7);
	for (i = 0; list[i]; i++)
		SHOW(list[i](6, 2));
	chooser = (int (*(*)(int))(int, int))choose;
	SHOW(chooser(1)(5, 1));
	SHOW(choose(-1) == NULL);
	SHOW(!choose(-1) && choose(0));
	SHOW(apply(add, mul, 4));
	SHOW((*pf)(1, 1) + fs[n & 1](9, 4));
	*pf = n ? mul : sub;
	SHOW(f(3, 3));
	f = *pf == mul ? &sub : f;
	SHOW(f == sub);
	SHOW((n ? add : sub)(8, 4));
	SHOW(nar(300, -1, 5));
	SHOW(narrow(257, 70000, 0x100));
	SHOW(*(int *)s(&n));
	SHOW((int)other(3, 5));
	SHOW(((binary_p)raw)(10, 1));
	SHOW(none ? 1 : 2);
	SHOW((void *)f == raw);
	SHOW(recurse(10));
	SHOW(by(add, 4) + by(mul, 3));
	SHOW(sizeof(f) == sizeof(none));
	SHOW((f ?: add)(1, 2));
	SHOW((done(&n), n));
	return (&add)(1, 1);
}
