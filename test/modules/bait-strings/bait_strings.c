// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Strings and names that look like what is rewritten in the Rust.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

/* A structure that c2rust splits: its members are behind a `.0`. */
struct __packed __aligned(8) version {
	u8 major;
	u32 minor;
};

struct release {
	struct version version;
	struct version list[2];
	struct { int (*print)(const char *text); } ops;
};

static volatile int n = 2;

static noinline int print(const char *text)
{
	pr_info("%s\n", text);
	return text[0];
}

/* Constants, and variables that have their names and a number. */
static const char *const table[] = { "v1.0", "v1.0.x", "table.0", "a.0 b.1" };
static const char *table_2[] = { "table_2", "unsafe { x.offset(1) }" };
static const int limit = 4;
static int limit_0 = 5;
static int limit_1 = 6;

/* Its initialiser is put off by c2rust, and put back. */
static const char *late = &".offset(1).wrapping_offset(2)('(' b\"{\" ;"[2];
static const struct version first = { 1, 0 };

static noinline int put(struct release *r, int i)
{
	static const char *const words[] = { "core::ffi::c_char", "::core::ffi::c_char", "::libc::memset(a.0)", "C2RustUnnamed_1", "#[used]" };
	static int words_0 = 40;
	struct version local = { .major = i, .minor = i * 2 };

	r->version = local;
	r->list[i & 1] = first;
	r->list[0].minor += (u32)(i + limit + limit_0 * 10 + limit_1 * 100);
	r->ops.print = print;
	words_0++;
	print(words[i % 5]);
	return words_0 + r->list[0].minor + r->version.minor + r->list[i & 1].major;
}

/* Jumps that become a state machine, with numbers that look like its states. */
static noinline u64 states(u64 current_block)
{
	u64 number = 0;

again:
	number += current_block;
	if (number == 6421806351263437258ULL)
		goto out;
	switch (current_block) {
	case 1234567:
		current_block = 7654321;
		goto again;
	case 7654321:
		current_block = 6421806351263437258ULL - number;
		goto again;
	default:
		number++;
	}
	if (number & 1)
		goto again;
out:
	return number;
}

static int __init bait_strings_init(void)
{
	struct release r = { };
	int i;

	for (i = 0; i < 5; i++)
		pr_info("put %d\n", put(&r, i));
	for (i = 0; i < ARRAY_SIZE(table); i++)
		pr_info("%s %zu\n", table[i], strlen(table[i]));
	pr_info("%s %s %s\n", table_2[0], table_2[n - 1], late);
	pr_info("%llu\n", states(1234567));
	pr_info(".0 .inner .offset(%d) unsafe { unreachable!(); } \"non-null function pointer\"\n", n);
	pr_info("%d\n", r.ops.print(".expect(\"non-null function pointer\") ::core::ptr::write_volatile(&mut x.0)"));
	pr_info("%s\n", "version(version_Inner { major: 1 }) current_block = 1234567; 7654321 => \\ \' \x7f \t tab");
	return limit_0 == limit ? -EINVAL : 0;
}

static void __exit bait_strings_exit(void)
{
	pr_info("gone: %s\n", "}\n");
}

module_init(bait_strings_init);
module_exit(bait_strings_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Strings such as v1.0 and x.offset(1)");
