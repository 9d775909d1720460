// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Characters of two to four bytes in comments and strings, in front of and within what is rewritten: offsets count bytes or characters.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

/* »Größe« in €, 😀 */
struct size {
	/* größer als null */
	int large; /* → */
	unsigned int few:3, :2, many:4; /* ← */
};

static volatile int seed = 3;
static const char *const names[] = { "größe", "😀", "€", "plain" };
static const char *const *const kept = (const char *const []){ "×", "÷" };

static const u16 wide[] = { L'é', L'€', 'a', L'\'' };
static const u16 spelled[] = L"wé€";

static int bytes(const char *s)
{
	int n = 0;

	while (*s++)
		n++;
	return n;
}

static int __init non_ascii_init(void)
{
	struct size s = { /* ä */ seed, 1, 2 };
	int largest = max(/* ö */ bytes("äöü"), seed), i;
	struct { int a; /* é */ char b; } unnamed = { .b = 'b' }, *p = &unnamed;

	s.few += seed; /* € */
	p->a = ({ /* 😀 */ int twice = READ_ONCE(seed) * 2; twice; });
	for (i = 0; i < ARRAY_SIZE(names); i++)
		pr_info("%s: %d bytes\n", names[i], bytes(names[i]));
	pr_info("»%s« %d %d %d %d\n", kept[seed & 1], s.large, s.few, s.many, largest);
	pr_info("%d %c %x\n", p->a, p->b, (u8)"é"[1]);
	for (i = 0; i < ARRAY_SIZE(wide); i++)
		pr_info("%d %x %x\n", wide[i] == (seed == 3 ? L'€' : 0), wide[i], spelled[i]);
	return 0;
}

static void __exit non_ascii_exit(void)
{
	pr_info("tschüß\n");
}

module_init(non_ascii_init);
module_exit(non_ascii_exit);
MODULE_DESCRIPTION("Characters that are no ASCII");
MODULE_AUTHOR("Jörg → kport");
MODULE_LICENSE("GPL");
