// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Declarations and initialisers in forms that are valid and seldom seen together.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/string.h>

static int n = 2;
module_param(n, int, 0444);
MODULE_PARM_DESC(n, "input of the computation");

/* Values beside unnamed bit-fields: by nested designators, without braces, behind a union without a name. */
struct in {
	u32 a : 3, : 5, b : 4;
	int c;
};

struct out {
	int k;
	union {
		struct { int x, y; };
		long w;
	};
	struct in in, arr[2];
	u32 p : 3, : 2;
	union {
		s16 v;
		u8 bytes[2];
	};
	u32 q : 4;
};

static struct out outs[] = {
	{ .k = 1, .x = 2, .y = 3, .in.b = 4, .arr[1].c = 5, .q = 6, .v = 7 },
	{ 1, { .w = 2 }, { 3, 4, 5 }, { { 6, 7, 8 } }, 1, { 9 }, 2 },
	{ 1, { { 2, 3 } }, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, { .bytes = { 5, 6 } }, 7 },
	{ 1, 9, 10, 3, 4, 5, .q = 3, .in.c = 8 },
};
static const struct in elided[] = { 1, 2, 3, [2 ... 3] = { 4, 5, 6 }, 7, 1, 9 };

/* The same in structures without a tag. */
typedef struct {
	u32 a : 3, : 5, b : 4;
	int c;
} plain_t;
static plain_t plain[] = { { 1, 2, 3 }, { .b = 4 } };
static struct {
	u32 f : 1, : 7, g : 8;
	u8 h;
} lone = { 1, 200, 3 };

static noinline int sum(const struct out *o)
{
	return o->k + o->x * 3 + o->y * 5 + o->in.a * 7 + o->in.b * 11 + o->in.c * 13 + o->arr[0].b * 17 + o->arr[1].b * 19 + o->arr[1].c * 23 + o->p * 29 + o->v * 31 + o->q * 37;
}

/* Enumerations without names, as bit-fields. */
struct device_like {
	enum { DOWN, UP = 200 } state : 8;
	bool gone;
	enum { COLD, HOT } link : 16;
	union {
		enum { NEAR, FAR } where : 3;
		u8 all;
	};
};
static struct device_like dev = { UP, true, HOT, { FAR } };

/* A helper's declaration of it ends with the structure, not with an enumerator's value. */
static struct {
	u32 flag : 1;
	enum { IDLE = 3, BUSY = 9 } mode;
} machine;

static noinline int enumerations(struct device_like *d, int k)
{
	d->state = k & 1 ? UP : DOWN;
	d->link = k & 2 ? COLD : HOT;
	d->where = k & 1;
	machine.mode = k & 4 ? IDLE : 0;
	WARN_ONCE(machine.mode == BUSY, "busy %d\n", machine.flag);
	return d->state + d->link * 3 + d->where * 5 + d->all * 7 + machine.mode * 2 + d->gone + (d->link == HOT);
}

/* What `?:` has in common, found by an index; an element of a returned array. */
static const char *const names[4] = { "zero", NULL, "two" };

struct list { int at[4]; };

static noinline struct list made(int k)
{
	return (struct list){ { k, k + 1, k + 2, k + 3 } };
}

static noinline int elements(int k)
{
	return (names[k & 3] ?: names[(k + 1) & 3] ?: "none")[0] + made(k).at[k & 3] * 3 + made(7).at[2];
}

/* Compound literals of what is constant: of elements, of pointers, by a typedef. */
typedef int (*const op_t)(int);
typedef const int number_t;

static int up(int k) { return k + 1; }
static int down(int k) { return k - 1; }

static noinline int find(const char *const *list, int count, const char *s)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i], s))
			return i;
	return -1;
}

static noinline int literals(int k)
{
	char *const *text = (char *const []){ (char *)"abc", NULL };
	int (*const *ops)(int) = (int (*const [])(int)){ up, down };
	number_t *number = &(number_t){ k + 3 };
	op_t *one = &(op_t){ k & 1 ? up : down };
	const u8 (*rows)[2] = (const u8 [][2]){ { 1, k }, { 3 } };

	return find((const char *const []){ "no", "yes" }, 2, k & 1 ? "yes" : "no") + text[0][1] + ops[0](k) + ops[1](k) * 5 + *number * 7 + (*one)(k) + rows[0][1] + rows[1][0] * 3;
}

/* Variables of elsewhere, declared where they are used; statics that share a name; a register by its name and one by its class. */
static noinline int elsewhere(int k)
{
	{
		extern int shared_level;

		k += shared_level;
		{
			extern int shared_level, shared_table[];

			shared_level = k + shared_table[1];
		}
	}
	return k;
}

static noinline int again(void)
{
	extern int shared_level;

	return shared_level;
}

int shared_level = 40, shared_table[2] = { 3, 4 };

static noinline int statics(int k)
{
	static int calls;
	static int *const seen = &calls;
	static const struct { const char *s; int *to; } t[] = { { "x", &calls }, { "yy", &shared_table[1] } };
	typeof(calls) before = calls;

	*seen += k;
	*t[1].to += 1;
	return calls + before + t[k & 1].s[0] + *t[0].to;
}

static noinline int other(int k)
{
	struct list t = made(k);
	int calls = t.at[1];

	return calls + t.at[k & 3];
}

static noinline int registers(register int k)
{
	register unsigned long named asm("r11") = k;
	register int i, s = k;

	asm volatile("imulq $3, %0" : "+r" (named));
	for (i = 0; i < 4; i++)
		asm("addl %1, %0" : "+r" (s) : "r" (i) : "cc");
	return (int)named + s;
}

/* Other names, by prototypes that have none for their parameters. */
static noinline int real(int a, int (*f)(int), const char *const names[2])
{
	return f(a) + names[1][0];
}
static int alias_of(int, int (*)(int), const char *const [2]) __attribute__((alias("real")));
static noinline void real_void(int *p)
{
	*p += 5;
}
extern void alias_void(int *) __attribute__((alias("real_void")));
static int real_data = 9;
extern int alias_data __attribute__((alias("real_data")));

static int __init forms_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(outs); i++)
		pr_info("out %d: %d\n", i, sum(&outs[i]));
	pr_info("plain: %d %d %d %d, lone: %d %d %d\n", plain[0].a, plain[0].b, plain[0].c, plain[1].b, lone.f, lone.g, lone.h);
	for (i = 0; i < ARRAY_SIZE(elided); i++)
		pr_info("elided %d: %d %d %d\n", i, elided[i].a, elided[i].b, elided[i].c);
	for (i = n; i < n + 5; i++) {
		struct out local = { outs[1].k, { { i, 4 } }, .arr[0] = { 1, i }, .p = 3, { 5 }, 6 };
		int v = i;

		alias_void(&v);
		pr_info("%d: local %d, enumerations %d, elements %d, literals %d\n", i, sum(&local), enumerations(&dev, i), elements(i), literals(i));
		pr_info("%d: elsewhere %d\n", i, elsewhere(i));
		pr_info("%d: statics %d\n", i, statics(i));
		pr_info("%d: again %d, other %d, registers %d\n", i, again(), other(i), registers(i));
		pr_info("%d: aliases %d %d %d\n", i, alias_of(i, up, (const char *const [2]){ "a", "b" }), v, alias_data);
	}
	return 0;
}

static void __exit forms_exit(void)
{
	pr_info("last %d\n", again());
}

module_init(forms_init);
module_exit(forms_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Forms of declarations and initialisers");
