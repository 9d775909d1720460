// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Unions and anonymous members, nested, initialised at every depth.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

struct packet {
	u8 type;
	union {
		struct {
			u16 port;
			union {
				u32 v4;
				u8 v6[16];
			};
		};
		u64 cookie;
		struct{
			s8 x, y;
		} move;
	};
	struct {
		u32 crc;
	};
};

union value {
	u64 whole;
	u32 halves[2];
	u16 quarters[4];
	struct {
		u8 low;
		u8 next;
	};
	void *pointer;
};

static volatile int seed = 0x55;
static struct packet packets[] = {
	{ .type = 1, .port = 80, .v4 = 0x7f000001, .crc = 1 },
	{ .type = 2, .cookie = 0x1122334455667788ULL, .crc = 2 },
	{ .type = 3, .move = { -1, 2 }, { 3 } },
	{ 4, { { 443, { .v6 = { [15] = 1 } } } }, .crc = 4 },
};

static u32 sum_of(const struct packet *p)
{
	switch (p->type) {
	case 1:
		return p->port + p->v4;
	case 2:
		return (u32)p->cookie;
	case 3:
		return p->move.x + p->move.y;
	default:
		return p->v6[15] + p->port;
	}
}

static int __init unions_init(void)
{
	union value v = { .whole = 0x8877665544332211ULL };
	struct packet copy;
	int i;

	for (i = 0; i < ARRAY_SIZE(packets); i++)
		pr_info("packet %u: %u, crc %u\n", packets[i].type, sum_of(&packets[i]), packets[i].crc);
	v.low = seed;
	v.halves[1] ^= seed;
	pr_info("value %llx %x %x %x\n", v.whole, v.quarters[0], v.quarters[3], v.next);
	copy = packets[0];
	copy.v4++;
	pr_info("copy %x %x, size %zu, at %zu\n", copy.v4, packets[0].v4, sizeof(copy), offsetof(struct packet, v6));
	return 0;
}

static void __exit unions_exit(void)
{
}

module_init(unions_init);
module_exit(unions_exit);

MODULE_DESCRIPTION("unions-anonymous");
MODULE_LICENSE("GPL");
