// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Fortified string functions that are no macros (6.1): they stop at the end of an array, which the compiler knows of a member, of an
// element, of a variable at file scope and of the function's own.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define NAMES 3

struct card {
	char name[16];
	char serial[8];
	char ports[NAMES][12];
	u8 key[6];
	int uses;
};

static char last[16];

static noinline ssize_t rename(struct card *c, const char *to, size_t n)
{
	return strscpy(c->name, to, n);
}

/* The words are those of the function above, the place is another. */
static noinline ssize_t renumber(struct card *c, const char *to, size_t n)
{
	return strscpy(c->serial, to, n);
}

static noinline size_t name_length(const struct card *c, size_t most)
{
	return strnlen(c->name, most);
}

static noinline ssize_t name_port(struct card *c, int port, const char *to, size_t n)
{
	return strscpy(c->ports[port], to, n);
}

/* Within an array, and from one member to another one. */
static noinline size_t append(struct card *c, int at, size_t n)
{
	size_t length = strnlen(&c->name[2], n);

	return length + strnlen(c->serial + 1, n) + strnlen(c->ports[at], n);
}

static noinline void copy_serial(struct card *to, const struct card *from)
{
	strcpy(to->serial, from->serial);
}

static noinline bool same_key(const struct card *c, const u8 *key, size_t n)
{
	return !memcmp(c->key, key, n);
}

static noinline ssize_t remember(const char *name, size_t n)
{
	return strscpy(last, name, n);
}

static noinline size_t shout(const char *text, size_t n)
{
	char loud[10];
	size_t i;

	if (strscpy(loud, text, n) < 0)
		return 0;
	for (i = 0; i < strlen(loud); i++)
		loud[i] |= 0x20;
	pr_info("loud %s\n", loud);
	return strnlen(loud, n);
}

/* As above, with an array of another size. */
static noinline size_t whisper(const char *text, size_t n)
{
	char quiet[20];

	strscpy(quiet, text, n);
	pr_info("quiet %s %zu\n", quiet, min(strlen(quiet), sizeof(quiet)));
	return strnlen(quiet, 3);
}

static noinline const char *next_name(int *calls)
{
	++*calls;
	return "of a call";
}

/* What is not the array is computed where it is. */
static noinline int once(struct card *c)
{
	int calls = 0;

	strscpy(c->name, next_name(&calls), sizeof(c->name));
	return calls;
}

static int __init strings_init(void)
{
	static const u8 key[6] = { 1, 2, 3, 4, 5, 6 };
	struct card *c = kzalloc(2 * sizeof(*c), GFP_KERNEL);
	u8 *copy;

	if (!c)
		return -ENOMEM;
	pr_info("%zd %zd\n", rename(c, "a name", 16), rename(c, "a long name", 5));
	pr_info("%zd %zd\n", renumber(c, "12345", 8), renumber(c, "1234567", 8));
	pr_info("%zd %s\n", name_port(c, 1, "first port", 12), c->ports[1]);
	pr_info("%zu %zu\n", name_length(c, 3), name_length(c, 16));
	pr_info("%zu\n", append(c, 1, 6));
	copy_serial(c + 1, c);
	memcpy(c->key, key, sizeof(c->key));
	copy = kmemdup(c->key, sizeof(c->key), GFP_KERNEL);
	pr_info("%s %d %d\n", c[1].serial, same_key(c, key, 6), copy && same_key(c, copy, 3));
	kfree(copy);
	pr_info("%zd %s\n", remember(c->name, sizeof(c->name)), last);
	pr_info("%zu %zu\n", shout("LOUD", 10), shout("LOUDER", 3));
	pr_info("%zu\n", whisper("Quiet", 20));
	pr_info("%d\n", once(c));
	pr_info("%s %zu\n", c->name, strlen(c->name));
	kfree(c);
	return 0;
}

static void __exit strings_exit(void)
{
}

module_init(strings_init);
module_exit(strings_exit);

MODULE_DESCRIPTION("fortified-strings");
MODULE_LICENSE("GPL");
