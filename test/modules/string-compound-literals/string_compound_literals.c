// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// String literals (embedded NUL, no room for one, joined, wide, escapes) and compound literals (array, by address, static, within each other).
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct point {
	int x, y;
};

static volatile int seed = 2;
static const char exact[4] = "abcd";
static const char nul[] = "one\0two";
static const u8 octets[] = "\xff\x80\177\n\"\\";
static const char *const joined = "a" "b"
	"c" __stringify(1 + 2) KBUILD_MODNAME;
static struct point *const kept = &(struct point){ 3, 4 };
static const int *const squares = (const int[]){ 0, 1, 4, 9 };

struct info {
	int kind;
	const u32 *config;
};

#define ZONE BIT(3)
#define INFO(name, ...) \
	(&(const struct info){ .kind = kind_##name, .config = (const u32[]){ __VA_ARGS__, 0 } })

enum { kind_chip = 1, kind_temp = 7 };

static const struct info *const infos[] = { INFO(chip, ZONE), INFO(temp, 5, ZONE | 2, 6), NULL };
static struct info changed = { .kind = 2, .config = (u32[]){ 8, 9 } };

static int length2(struct point p)
{
	return p.x * p.x + p.y * p.y;
}

static int total(const int *v, int n)
{
	int s = 0;

	while (n--)
		s += v[n];
	return s;
}

static int __init literals_init(void)
{
	const u16 *wide = (const u16 *)L"h\u00e9";
	struct point *p = &(struct point){ .y = seed }, *q;
	char *text = (char[]){ "writable" };
	int i;

	kept->x += seed;
	text[0] = 'W';
	pr_info("%.4s %s %zu %u %u %zu\n", exact, nul + 4, sizeof(nul), octets[0], octets[2], sizeof(octets));
	pr_info("%s %d %d %s\n", joined, length2(*kept), squares[3], text);
	for (i = 0; infos[i]; i++)
		pr_info("info %d %u %u\n", infos[i]->kind, infos[i]->config[0], infos[i]->config[1]);
	*(u32 *)changed.config += seed;
	pr_info("changed %u %u\n", changed.config[0], changed.config[1]);
	pr_info("%x %x %u\n", wide[0], wide[1], wide[2]);
	pr_info("%d %d\n", length2((struct point){ seed, 5 }), total((int[]){ 1, seed, 3 }, 3));
	for (i = 0; i < 2; i++) {
		q = &(struct point){ i };
		q->y++;
		pr_info("fresh %d %d\n", q->x, q->y);
	}
	*p = (struct point){ p->y, p->x };
	pr_info("%d %d %c %s %d\n", p->x, p->y, "index"[seed], __func__, (int)sizeof("size"));
	return 0;
}

static void __exit literals_exit(void)
{
}

module_init(literals_init);
module_exit(literals_exit);

MODULE_DESCRIPTION("string-compound-literals");
MODULE_LICENSE("GPL");
