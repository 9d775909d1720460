// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Bit-fields: bool, signed, zero width, across units, 64 bits wide, packed, in a union, in a static initialiser.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct flags {
	bool ready : 1;
	bool broken : 1;
	unsigned int mode : 5;
	int delta : 4;
	unsigned int : 0;
	u8 after : 3;
	u64 wide : 40;
	u64 rest : 24;
};

struct __packed tight {
	u8 a : 3;
	u16 b : 11;
	u32 c : 18;
	u8 tail;
};

union overlay {
	u32 raw;
	struct {
		u32 low : 12;
		u32 : 4;
		u32 high : 16;
	};
};

static volatile int seed = 29;
static struct flags given = { .ready = 1, .mode = 17, .delta = -3, .after = 6, .wide = 0x123456789aULL, .rest = 0xfedcba };

static volatile struct port {
	u32 ready : 1, count : 7, rest : 24;
} port;

/* Structures without a name: a member's, a member's that has none either, and a variable's. */
static struct device {
	struct {
		volatile u32 enable : 1, speed : 7;
	} control;
	struct {
		volatile u32 pending : 4, mask : 4;
	};
} device;
static struct {
	volatile u32 armed : 1, left : 7;
} timer;

static noinline void start(struct device *d)
{
	d->control.speed = 3;
	d->control.speed = 5;
	d->pending = 1;
	d->pending = 6;
	timer.left = 100;
	timer.left = 90;
}

/* The place is found by an expression that must not be evaluated twice: the function stays C. */
static int next_one(struct flags *f, int n)
{
	int i = 0;

	while (n--)
		f[i++].mode += n + 3;
	return i;
}

/* Bit-fields of no width, or without a name, behind other bit-fields: neither aligns its structure. */
struct spread {
	u8 mode : 3;
	int : 0;
	u8 tail;
};

struct across {
	u8 mode : 3;
	u32 : 9;
	u8 more : 4;
	u8 tail;
};

struct gap {
	u8 a;
	unsigned int : 0;
	u8 b;
} __packed;

static struct gap gap = { 1, 2 };

static int __init bitfields_init(void)
{
	struct flags f = given;
	struct tight t = { .a = 5, .b = 1500, .c = 200000, .tail = 9 };
	union overlay o = { .raw = 0x12340abc };
	struct spread spread = { 1, 2 };
	struct across across = { 1, 2, 3 };
	int i;

	pr_info("given %d %d %u %d %u %llx %x\n", f.ready, f.broken, f.mode, f.delta, f.after, (u64)f.wide, (u32)f.rest);
	f.mode += seed;
	f.delta -= 6;
	f.broken = seed & 0x10;
	f.ready ^= 1;
	f.wide <<= 4;
	i = next_one(&f, 1 + !seed);
	i += f.after++;
	i += ++f.after;
	pr_info("changed %d %d %u %d %u %llx, %d\n", f.ready, f.broken, f.mode, f.delta, f.after, (u64)f.wide, i);
	t.b -= 1600;
	t.c *= 2;
	pr_info("tight %u %u %u %u in %zu\n", t.a, t.b, t.c, t.tail, sizeof(t));
	o.low = ~o.low;
	pr_info("overlay %08x %x %x, sizes %zu %zu\n", o.raw, o.low, o.high, sizeof(o), sizeof(f));
	f.mode = f.delta = seed - 6;
	pr_info("chained %u %d\n", f.mode, f.delta);
	gap.b += seed & 1;
	pr_info("gap %u %u at %zu in %zu\n", gap.a, gap.b, offsetof(struct gap, b), sizeof(gap));
	spread.mode += seed;
	spread.tail += spread.mode;
	across.more = spread.tail;
	across.tail += across.more;
	pr_info("spread %u %u at %zu in %zu, across %u %u at %zu in %zu\n", spread.mode, spread.tail, offsetof(struct spread, tail), sizeof(spread), across.more, across.tail, offsetof(struct across, tail), sizeof(across));
	f.mode = next_one(&f, 1);
	pr_info("of itself %u\n", f.mode);
	port.ready = 1;
	for (i = 0; i < 5; i++)
		port.count += port.ready + i;
	port.rest = ~port.count;
	pr_info("volatile %u %u %x\n", port.ready, port.count, port.rest);
	start(&device);
	pr_info("without a name %u %u %u\n", device.control.speed, device.pending, timer.left);
	return 0;
}

static void __exit bitfields_exit(void)
{
}

module_init(bitfields_init);
module_exit(bitfields_exit);

MODULE_DESCRIPTION("bitfields");
MODULE_LICENSE("GPL");
