// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// printk in its forms: levels, continued, dumps, once, rate-limited, of a device, the kernel's own conversions.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/uuid.h>

#define TITLE "printk-forms"
/* Names are pasted together of a level, as netif_warn(priv, rx_err, …) does. */
#define LABEL "label: "
#define say(level, fmt, ...) pr_##level(fmt, ##__VA_ARGS__)

static struct platform_device *device;

/* What pr_debug() makes is static, and holds addresses: it moves with the call, and the loop around it does not. */
static noinline int counted(const u8 *data, int n)
{
	int i, sum = 0;

	for (i = 0; i < n; i++) {
		if (data[i] == '7')
			continue;
		pr_debug("byte %d is %u\n", i, data[i]);
		if (data[i] < ' ')
			break;
		sum += data[i];
	}
	return sum;
}

static int __init printk_init(void)
{
	static const u8 mac[ETH_ALEN] = { 2, 0, 0, 0xab, 0xcd, 1 };
	static const u8 data[20] = "0123456789\x01\xff ABC";
	static const guid_t id = GUID_INIT(0x01020304, 0x0506, 0x0708, 9, 10, 11, 12, 13, 14, 15, 16);
	__be32 v4 = cpu_to_be32(0xc0a80001);
	struct in6_addr v6 = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } };
	unsigned long bits = 0x2f;
	phys_addr_t at = 0x1000;
	int i;

	for (i = 0; i < 3; i++) {
		pr_info_once("once\n");
		pr_notice_ratelimited("limited %d\n", i);
		printk_once(KERN_WARNING "printk once\n");
	}
	pr_info("begun");
	pr_cont(", continued %d", 1);
	pr_cont(", ended\n");
	pr_err("error %d\n", -EINVAL);
	pr_warn("warning\n");
	say(warn, "%s warns\n", TITLE);
	say(notice, TITLE " notes, %d\n", 1);
	pr_debug("unseen unless asked for\n");
	no_printk("never seen %d\n", i);
	printk("plain, %s, %5.2s|%-5d|%#x|%%|%c|%05d|%lx\n", __func__, "xyz", 42, 255, 'c', -42, 1UL << 40);
	pr_info("%pM %pI4 %pI6c %pUl\n", mac, &v4, &v6, &id);
	pr_info("counted %d, %*phN\n", counted(data, sizeof(data)), 8, data + 2);
	pr_info("%*ph %*pbl %pap %pe\n", 3, data, 8, &bits, &at, ERR_PTR(-ENOENT));
	pr_info("%ps\n", counted);
	pr_info("%.*s %zu %zd %hhu %llu %td\n", 3, data, sizeof(data), (ssize_t)-1, (u8)255, ~0ULL, &data[5] - data);
	print_hex_dump(KERN_INFO, "dump: ", DUMP_PREFIX_OFFSET, 16, 2, data, sizeof(data), true);
	print_hex_dump_bytes("unseen: ", DUMP_PREFIX_NONE, data, 4);
	device = platform_device_register_simple("kport-printk", 7, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	dev_info(&device->dev, "of a device, %s\n", dev_name(&device->dev));
	dev_warn_once(&device->dev, "warned once\n");
	dev_err_ratelimited(&device->dev, "error %d\n", 3);
	dev_dbg(&device->dev, "unseen\n");
	printk(KERN_NOTICE LABEL "of %d levels\n", 8);
	dev_notice(&device->dev, LABEL "in "
		   "two lines, %d\n", 2);
	return 0;
}

static void __exit printk_exit(void)
{
	platform_device_unregister(device);
	printk(KERN_INFO pr_fmt("gone\n"));
}

module_init(printk_init);
module_exit(printk_exit);

MODULE_DESCRIPTION("printk-forms");
MODULE_LICENSE("GPL");
