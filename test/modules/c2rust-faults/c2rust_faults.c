// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// What c2rust is known to get wrong, by its issues: each function is named after one. docs/c2rust.md says how kport is safe from it.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int two = 2;
static int globe = 35;

/* A call whose result goes through an operator and is not used. */
static noinline int issue_896_set(void)
{
	globe++;
	return globe;
}

static noinline int issue_896(void)
{
	-issue_896_set();
	~issue_896_set();
	!issue_896_set();
	(void)(issue_896_set() + issue_896_set());
	(u8)issue_896_set();
	issue_896_set() ? issue_896_set() : 0;
	return globe;
}

/* Both sides of a compound assignment find their place by a call. */
static noinline int *issue_1112_place(int k)
{
	static int shared;

	shared = globe + k + (k > 2 ? 4 : 0);
	return &shared;
}

static noinline int issue_1112(void)
{
	int p = 110, q = 34, sum;

	p += (q ^ p) || globe;
	q = globe ^ p ^ 25;
	sum = *issue_1112_place(q) += *issue_1112_place(p);
	return sum + p + q;
}

/* Side effects in a compound literal. */
struct one { int i; };
static noinline int issue_1165(void)
{
	struct one *p;
	int j = 42;

	p = &((struct one){ j++ });
	return p->i * 100 + j;
}

/* Braces around the initialiser of a number, a pointer, an enumeration. */
static noinline int issue_1691(void)
{
	enum e { A = 1, B = 7 } e = { B };
	int x = { two }, *p = { &x };
	bool b = { two }, none = { 0 };
	unsigned char c = { 300 & 255 };

	return x + *p + e * 10 + b * 100 + none * 1000 + c;
}

/* An alignment between bit-fields; a const one. */
struct issue_887 {
	const unsigned int f0 : 4;
	signed int f1 : 4;
	unsigned int f2 : 31;
};
static struct issue_887 issue_887_global = { 0, 1, 2 };
static noinline int issue_887(void)
{
	issue_887_global.f1 -= two + 1;
	return issue_887_global.f1 * 10 + issue_887_global.f2;
}

/* The only bit-field of a union, which shares its bytes with others. */
union issue_1152 { int i : 25; u8 bytes[4]; };
static union issue_1152 issue_1152_global = { 2 };
static noinline int issue_1152(void)
{
	issue_1152_global.i -= 3;
	return issue_1152_global.i + issue_1152_global.bytes[1];
}

/* A compound assignment whose right side has a larger or an unsigned type. */
enum issue_1701_enum { ZERO, ONE };
static noinline int issue_1701(void)
{
	enum issue_1701_enum e = ZERO;
	int i = -5;
	u8 byte = 250;
	s8 small = -100;
	u64 wide = 1ULL << 33;
	unsigned int u = two;

	e += u;
	i += u;
	i /= (int)u;
	i -= wide;
	byte += 10LL;
	byte *= 3u;
	small -= 100;
	small >>= u;
	wide += i;
	byte ^= wide >> 30;
	return e + i + byte + small + (int)wide + (int)(wide >> 32);
}

/* A string in an array of strings that is a compound literal. */
static noinline int issue_29(const char *names[], int n)
{
	return names[n - 1][0] + n;
}
#define ISSUE_29(...) issue_29((const char *[]){ __VA_ARGS__ }, 2)

/* Statics of functions that refer to each other. */
static noinline int issue_1981(void)
{
	static const int list[] = { 1, 2, 3 };
	static const struct { const int *at; int n; } slices[] = { { list, ARRAY_SIZE(list) }, { list + 1, 2 } };
	static int chain_a[3] = { 5, 6, 7 };
	static int *chain_b = chain_a;
	static int **chain_c = &chain_b;

	(*chain_c)++;
	return slices[1].at[0] * 100 + slices[0].n * 10 + *chain_b;
}

/* Reads of volatile objects that nobody uses, and changes of volatile members. */
static volatile struct { int p; u32 bits : 3; } issue_1237_global = { 4, 5 };
static noinline int issue_1978(void)
{
	issue_1237_global.p;
	(void)issue_1237_global.p;
	(void)issue_1237_global.bits;
	--(issue_1237_global.p);
	issue_1237_global.bits++;
	return issue_1237_global.p + issue_1237_global.bits;
}

/* Numbers larger than their type, negative cases, characters above 127, and what shifts and divisions make of them. */
static noinline int numbers(int k)
{
	int sum = 0;
	char c = '\xe9';
	unsigned int big = 0x80000000u;
	s64 wide = -1;

	switch (k - 4) {
	case -2:
		sum += 7;
		fallthrough;
	case -1 ... 0:
		sum += 'a' + c;
		break;
	case (int)0x80000000u:
		sum = -1;
	}
	sum += (int)(big >> 31) + (int)(wide >> 63) + (int)(((u64)wide) >> 60) + -7 / two + -7 % two + (1 ? -1 : big) / 2;
	sum += (-1 < 0u) + (-1 < (unsigned short)1) + sizeof(int) * -1 + (u8)~two + (s8)200 + !two + !!two + -!two;
	return sum + (k ?: 9) + (0 ?: k) + (big == -2147483648) + (two << 3 >> 1 & 5 | 8 ^ 3);
}

static int __init c2rust_faults_init(void)
{
	pr_info("896: %d\n", issue_896());
	pr_info("1112: %d\n", issue_1112());
	pr_info("1165: %d\n", issue_1165());
	pr_info("1691: %d\n", issue_1691());
	pr_info("887: %d\n", issue_887());
	pr_info("1152: %d\n", issue_1152());
	pr_info("1701: %d\n", issue_1701());
	pr_info("29: %d\n", ISSUE_29("asd", "qwe"));
	pr_info("1981: %d\n", issue_1981());
	pr_info("1978: %d\n", issue_1978());
	pr_info("numbers: %d %d\n", numbers(two), numbers(two + 1));
	return 0;
}

static void __exit c2rust_faults_exit(void)
{
}

module_init(c2rust_faults_init);
module_exit(c2rust_faults_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Issues of c2rust's");
