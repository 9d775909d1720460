// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Side effects within one expression, the lifetime of compound literals, and changes of volatile objects.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static int n = 3;
module_param(n, int, 0644);
MODULE_PARM_DESC(n, "input of the computation");

/* C leaves the order free; kport compares with what clang does, which takes the right side of a compound assignment first. */
static int base = 35;
static unsigned int trace;

static noinline int *cell(int k)
{
	static int shared;

	shared = base;
	if (k > 2)
		shared += 4;
	shared += k;
	trace = trace * 10 + (unsigned int)(k & 7);
	return &shared;
}

static int position;

static noinline int step(void)
{
	return position++ & 7;
}

static unsigned int compute(int k)
{
	int arr[8] = { 0, 10, 20, 30, 40, 50, 60, 70 };
	unsigned int out;
	int x, y, z, i;

	trace = 1;
	position = 0;
	x = *cell(k) += *cell(k + 1);
	y = *cell(k) = *cell(k + 1) + 1;
	z = *cell(2) -= (*cell(3), 5);
	arr[step()] = step();
	arr[step()] += step();
	arr[step()] ^= arr[step()] + step();
	*cell(4) <<= *cell(1) & 3;
	out = (unsigned int)(x * 1000003 + y * 1009 + z);
	for (i = 0; i < 8; i++)
		out = out * 31 + (unsigned int)arr[i];
	return out * 31 + trace + (unsigned int)*cell(0);
}

static unsigned int total;
static int level = 7;

static noinline unsigned int add(unsigned int by)
{
	total += by;
	return total * 3;
}

static noinline unsigned int mix(unsigned int a, unsigned int b, unsigned int c, unsigned int d)
{
	return a + b * 31 + c * 961 + d * 29791;
}

struct counter {
	u16 small;
	u32 bits : 5, more : 9;
	bool set;
	u64 wide;
	struct { int at; int list[4]; } in;
};

/* Clang takes arguments and operands from left to right, and the right side of an assignment first. */
static noinline unsigned int arguments(unsigned int x, struct counter *s)
{
	unsigned int y = x, z = 2, out;
	int list[4] = { 0 };
	unsigned int i = 0;
	u8 bytes[4] = { 1, 2, 3, 4 }, *p = bytes;

	out = mix(x, x++, x, ++x);
	out = out * 31 + mix(s->wide, s->wide++, add(s->wide), --s->wide);
	out = out * 31 + mix(total, add(1), total, (total = 5));
	out = out * 31 + (y + y++ * y) + (y - --y);
	out = out * 31 + (y << (y++ & 3)) + (z = y, z + z++);
	list[i++] = i;
	list[i] = i++ + i;
	list[i & 3] += i++ + list[i & 3];
	out = out * 31 + list[0] + list[1] * 7 + list[2] * 49 + list[3] * 343 + i;
	total += add(2);
	s->wide += add(s->wide & 7);
	s->small -= add(3);
	s->set |= add(4) & s->set;
	s->bits += add(5);
	s->more = s->bits = add(6);
	s->in.list[s->in.at++ & 3] = s->in.at;
	s->in.list[s->in.at & 3] += s->in.at++ * 10;
	out = out * 31 + (x < x++) + (x == x--) * 2 + (i = 3, i * i++);
	out = out * 31 + p[0] + *p++ + *p + p[-1] + *++p;
	out = out * 31 + ((x++ & 1) ? x : x--) + (x-- && x) + (!x || x++);
	out = out * 31 + (unsigned int){ x++ } + x + level-- + level + (level = 7);
	return out + total + (unsigned int)s->wide + s->small + s->set + s->bits * 3 + s->more * 5 + s->in.list[0] + s->in.list[1] * 3 + s->in.list[2] * 5 + s->in.list[3] * 7;
}

struct pair { int a; char b; };
struct link { const struct link *next; int value; };

/* A structure's place is found before its value. */
static struct pair spots[4];
static int visits;

static noinline struct pair *spot(int k)
{
	visits = visits * 7 + k;
	return &spots[k & 3];
}

static noinline struct pair made(int k)
{
	visits = visits * 11 + k;
	return (struct pair){ visits & 255, k };
}

static noinline unsigned int structures(int k)
{
	struct pair local = { k, 1 }, kept;
	unsigned int out = 0;
	int i = 0, j;

	visits = 1;
	*spot(k) = made(k + 1);
	*spot(1) = *spot(2);
	*spot(0) = *spot(3) = made(5);
	spots[visits & 3] = made(2);
	spots[i++] = (struct pair){ i, i + 1 };
	local = (struct pair){ local.b, local.a };
	kept = *spot(visits & 3) = local;
	*(visits & 1 ? spot(1) : spot(2)) = (spot(3)->a++, made(visits));
	j = (*spot(2) = made(4)).a + visits;
	for (i = 0; i < ARRAY_SIZE(spots); i++)
		out = out * 31 + spots[i].a * 3 + spots[i].b;
	return out * 31 + visits + kept.a + kept.b + j;
}

static noinline int sum(const struct pair *p, const int *list)
{
	return p->a + p->b + list[0] + list[1] * 10 + list[2] * 100;
}

static noinline int chain(const struct link *l)
{
	int n = 0;

	for (; l; l = l->next)
		n = n * 10 + l->value;
	return n;
}

/* A compound literal lives until its block ends, in conditions and loops too. */
static noinline unsigned int literals(int k)
{
	const struct pair *p = &(struct pair){ k, 1 };
	int *number = &(int){ k }, *list = (int []){ 1, k, 3 };
	struct link *last = &(struct link){ &(struct link){ NULL, 1 }, 2 };
	const char *text = (char [8]){ "abc" }, **names = (const char *[]){ "x", "yz" };
	unsigned int out = 0;
	const int *kept = NULL;
	int i;

	(*number)++;
	list[2] += *number;
	for (i = 0; i < 3 && sum(&(struct pair){ i, 2 }, (int []){ i, i + 1, k }) < 1000; i++) {
		const struct pair *q;

		if ((q = &(struct pair){ .b = i })->b != 1)
			kept = (const int []){ i, 20 };
		else
			q = p;
		out = out * 31 + q->b + q->a;
		out += sum(p, list);
	}
	while ((p = &(struct pair){ i--, 0 })->a > 1)
		out += p->a;
	last = &(struct link){ last, k & 7 };
	return out * 31 + (kept ? 1 : 0) + *number + chain(last) + text[0] + text[3] + names[1][1] + (int)sizeof((int []){ k++, 2 }) + k;
}

static volatile u8 vbyte = 250;
static volatile s16 vshort = -2;
static volatile u32 vword = 5;
static volatile u64 vwide = 1ULL << 40;
static volatile bool vflag;
static volatile enum { LOW = 1, HIGH = 4 } venum = LOW;
static u8 bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static u8 *volatile vpointer = bytes;
static volatile struct { u32 a : 3, b : 7; s32 c : 5; } vbits = { 1, 2, 3 };
static struct { volatile u32 reg; volatile int list[3]; } device;

/* What `a ?: b` has in common, behind calls that change it. */
static noinline unsigned int common(int k)
{
	unsigned int out = mix(add(k & 3), total ?: 1, total ?: 2, add(1));

	total = 0;
	out = out * 31 + (total ?: add(4)) + (total ?: add(5)) * 3;
	return out * 31 + add(2) * (total ?: 7) + ((total = 0) ?: 11) + (total ?: 13);
}

static noinline unsigned int volatiles(int k)
{
	unsigned int out = 0;
	u8 x;

	vbyte = 250; vshort = -2; vword = 5; vwide = 1ULL << 40; vflag = false; venum = LOW; vpointer = bytes;
	device.reg = k;
	out = out * 31 + vbyte++ + ++vbyte;
	vbyte += k;
	vbyte <<= 1;
	out = out * 31 + vbyte + (vshort -= 3) + vshort--;
	out = out * 31 + (x = vword = 300) + x + (vword /= 7) + (vword ^= k) + (vword %= 11);
	out = out * 31 + (unsigned int)(vwide >>= 3) + (unsigned int)(vwide++ >> 8) + (unsigned int)(--vwide);
	out = out * 31 + (vflag |= k & 1) + vflag++ + (vflag = 6);
	out = out * 31 + (venum |= HIGH) + (venum = LOW) + venum;
	out = out * 31 + *vpointer++ + *++vpointer + *(vpointer += 2) + *vpointer--;
	vbits.a = 7; vbits.b = 100; vbits.c = -9;
	out = out * 31 + vbits.a++ + ++vbits.b + (vbits.c -= k & 3) + (vbits.a += 2) + (vbits.b = 200);
	out = out * 31 + vbits.a + vbits.b + vbits.c;
	out = out * 31 + device.reg++ + device.reg + (device.list[k & 1] = k) + device.list[k & 1]++ + (device.list[device.list[2]++ & 1] += 3);
	return out;
}

static int result_get(char *buf, const struct kernel_param *kp)
{
	struct counter s = { .small = n, .wide = 3, .set = true };

	total = 10;
	return sysfs_emit(buf, "%u %u %u %u\n", compute(n), arguments(n, &s), literals(n), volatiles(n));
}

static const struct kernel_param_ops result_ops = {
	.get = result_get,
};
module_param_cb(result, &result_ops, NULL, 0444);

static int __init bug_init(void)
{
	int i;

	for (i = -2; i < 8; i++) {
		struct counter s = { .small = i, .wide = 3, .set = true };

		total = 10;
		pr_info("compute(%d) = %u\n", i, compute(i));
		pr_info("arguments: %u\n", arguments(i, &s));
		pr_info("literals: %u\n", literals(i));
		pr_info("structures: %u\n", structures(i));
		pr_info("volatiles: %u\n", volatiles(i));
		pr_info("common: %u\n", common(i));
	}
	return 0;
}

static void __exit bug_exit(void)
{
	pr_info("last compute(%d) = %u\n", n, compute(n));
}

module_init(bug_init);
module_exit(bug_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Side effects in clang's order");
