// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// The kernel's string, conversion and formatting functions.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/ctype.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <linux/hex.h>
#endif

#define RELEASE "3.26.02"

struct about {
	char release[8];
	char name[4];
};

static struct about known;

/* What is known of a string when it is compiled, and what is asked of it then. */
static noinline int about(struct about *to, const char *name)
{
	strncpy(to->release, RELEASE, strlen(RELEASE));
	strncpy(to->name, name, sizeof(to->name));
	return strlen(RELEASE) * 10 + strnlen(to->name, sizeof(to->name));
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int __init string_init(void)
{
	static const char *const choices[] = { "off", "on", "auto" };
	char a[24], b[24] = "  trimmed \t", *rest, *copy, *word;
	int numbers[] = { 5, -3, 9, 0, 2 }, n = 0, m = 0;
	unsigned long big = 0;
	u8 bytes[4] = { 0xde, 0xad, 0xbe, 0xef }, octet = 0;
	bool yes = false;
	ssize_t copied = strscpy(a, "a string that does not fit in", sizeof(a));

	pr_info("strscpy %zd %s\n", copied, a);
	memmove(a + 2, a, 6);
	memset(a + 8, '-', 3);
	memcpy(a, "XY", 2);
	pr_info("%s %d %d %td\n", a, memcmp(bytes, "\xde\xad\xbe\xee", 4) > 0, strcmp("abc", "abd") < 0, (char *)memchr(a, '-', 20) - a);
	pr_info("%s|%s|%d %d\n", strim(b), strchr("path/name", '/') + 1, strncasecmp("KERNEL", "kernel!", 6), match_string(choices, 3, "auto"));
	copy = rest = kstrdup("one,two,,three", GFP_KERNEL);
	while (rest && (word = strsep(&rest, ",")))
		pr_info("word \"%s\"\n", word);
	kfree(copy);
	pr_info("kstrto %d %d %d %d %d\n", kstrtoint("-0x1f", 0, &n), kstrtoul("1e", 10, &big), kstrtou8("256", 10, &octet), kstrtobool("off", &yes), kstrtoint("9 ", 10, &m));
	pr_info("values %d %lu %u %d %d\n", n, big, octet, yes, m);
	n = sscanf("12 rust 0x3f", "%d %7s %i", &numbers[0], b, &m);
	pr_info("sscanf %d: %d %s %x\n", n, numbers[0], b, m);
	*bin2hex(a, bytes, 4) = '\0';
	n = hex2bin(bytes, "0102zz03", 4);
	pr_info("hex %s, %d\n", a, n);
	sort(numbers, ARRAY_SIZE(numbers), sizeof(numbers[0]), compare, NULL);
	n = scnprintf(a, 8, "%s-%d", "longer", numbers[4]);
	m = snprintf(a, 8, "%s-%d", "longer", numbers[0]);
	pr_info("printed %d %d %s, sorted %d %d\n", n, m, a, numbers[0], numbers[4]);
	copy = kasprintf(GFP_KERNEL, "%08x|%-6s|%+d|%5.3s|%c", 0xbeef, "ab", 7, "abcdef", toupper('q'));
	pr_info("%s %zu %zu\n", copy, strnlen(copy, 5), strspn("aabbc", "ab"));
	kfree(copy);
	n = about(&known, "rust");
	pr_info("about %d %.8s %.4s\n", n, known.release, known.name);
	return 0;
}

static void __exit string_exit(void)
{
}

module_init(string_init);
module_exit(string_exit);

MODULE_DESCRIPTION("string-functions");
MODULE_LICENSE("GPL");
