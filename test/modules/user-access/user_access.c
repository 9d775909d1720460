// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// get_user, put_user, copy_*_user, strings, clearing, and several accesses in one go, with good and bad addresses of the process that
// loads the module.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct message {
	u8 a;
	u16 b;
	u32 c;
	u64 d;
	char text[16];
};

static int exchange(struct message __user *user)
{
	struct message m = { 1, 2, 3, 0x123456789abcdef0ULL, "kernel" }, back = { };
	struct { u32 value; } __user *later = (void __user *)(user + 1);
	u8 a; u16 b; u32 c; u64 d;
	char *copy, s[8];
	long n;

	if (copy_to_user(user, &m, sizeof(m)))
		return -EFAULT;
	if (get_user(a, &user->a) || get_user(b, &user->b) || __get_user(c, &user->c) || get_user(d, &user->d))
		return -EFAULT;
	if (put_user(a + 10, &user->a) || put_user((u16)(b + 20), &user->b) || put_user(d << 4, &user->d))
		return -EFAULT;
	if (copy_from_user(&back, user, sizeof(back)))
		return -EFAULT;
	pr_info("%u %u %u %llx, back %u %u %u %llx %s\n", a, b, c, d, back.a, back.b, back.c, back.d, back.text);
	n = strncpy_from_user(s, user->text, sizeof(s));
	pr_info("text %ld %s, length %ld\n", n, s, strnlen_user(user->text, 16));
	copy = memdup_user(user, sizeof(m));
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	n = clear_user(user, 4);
	if (get_user(c, (u32 __user *)user))
		n = -1;
	pr_info("duplicate %d, not cleared %ld, now %u\n", copy[0], n, c);
	kfree(copy);
	return put_user(7, &later->value);
}

static void refuse(void __user *bad)
{
	u8 a = 9;
	u64 d = 9;

	int got = get_user(a, (u8 __user *)bad), put = put_user(d, (u64 __user *)bad);
	unsigned long from = copy_from_user(&d, bad, 8), to = copy_to_user(bad, &d, 8), clear = clear_user(bad, 3);

	pr_info("get %d %u, put %d, copies %lu %lu %llu, clear %lu\n", got, a, put, from, to, d, clear);
}

static noinline int at_once(struct message __user *user, u32 add)
{
	u32 c;
	u64 d;

	if (!user_access_begin(user, sizeof(*user)))
		return -EACCES;
	unsafe_get_user(c, &user->c, fault);
	unsafe_get_user(d, &user->d, fault);
	unsafe_put_user(c + add, &user->c, fault);
	user_access_end();
	return c + (u32)d;
fault:
	user_access_end();
	return -EFAULT;
}

static int __init user_init(void)
{
	unsigned long at = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);

	if (IS_ERR_VALUE(at))
		return at;
	pr_info("exchange %d\n", exchange((void __user *)at));
	pr_info("at once %d\n", at_once((void __user *)at, 5));
	pr_info("again %d, none %d\n", at_once((void __user *)at, 5), at_once((void __user *)0x10, 1));
	refuse((void __user *)0x10);
	refuse((void __user *)~0UL);
	vm_munmap(at, PAGE_SIZE);
	return 0;
}

static void __exit user_exit(void)
{
}

module_init(user_init);
module_exit(user_exit);

MODULE_DESCRIPTION("user-access");
MODULE_LICENSE("GPL");
