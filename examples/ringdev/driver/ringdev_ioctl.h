/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * ringdev: what a program and the driver say to each other over /dev/ringdev.
 *
 * Copyright (C) 2026 kport contributors
 */
#ifndef RINGDEV_IOCTL_H
#define RINGDEV_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define RINGDEV_PAYLOAD		32
#define RINGDEV_BATCH_MAX	64

enum ringdev_mode {
	RINGDEV_PLAIN,
	RINGDEV_REVERSE,
	RINGDEV_SWAPCASE,
	RINGDEV_MODES
};

enum ringdev_kind {
	RINGDEV_KIND_OTHER,
	RINGDEV_KIND_DIGITS,
	RINGDEV_KIND_LETTERS,
	RINGDEV_KIND_TICK = 0x80
};

/* As it lies on the wire: no holes inside, but each stamp starts on eight bytes. */
struct ringdev_stamp {
	__u8 kind;
	__u64 sequence;
	__u16 length;
	__u8 cls;
} __attribute__((packed, aligned(8)));

struct ringdev_record {
	struct ringdev_stamp stamp;
	union {
		__u8 bytes[RINGDEV_PAYLOAD];
		__u32 words[RINGDEV_PAYLOAD / 4];
		struct {
			__u32 period_ms;
			__u32 count;
		} tick;
	};
	__u32 sum;
	__u32 reserved;
};

struct ringdev_config {
	__u32 slots;
	__u32 mode : 3;
	__u32 overwrite : 1;
	__u32 : 4;
	__u32 priority : 8;
	__u32 : 0;
	__s32 balance : 6;
	__u32 limit : 20;
};

struct ringdev_transform {
	__u32 length;
	__u32 sum;
	__u8 data[2 * RINGDEV_PAYLOAD];
};

struct ringdev_stats {
	__u64 pushed;
	__u64 popped;
	__u64 dropped;
	__u32 cpus_seen;
	__u32 loopback_ups;
	__u32 events;
	__u32 high_water;
};

struct ringdev_batch {
	__u32 count;
	__u32 done;
	struct ringdev_record records[];
};

#define RINGDEV_IOC_MAGIC	0xB7
#define RINGDEV_IOC_FLUSH	_IO(RINGDEV_IOC_MAGIC, 0)
#define RINGDEV_IOC_GET_CONFIG	_IOR(RINGDEV_IOC_MAGIC, 1, struct ringdev_config)
#define RINGDEV_IOC_SET_CONFIG	_IOW(RINGDEV_IOC_MAGIC, 2, struct ringdev_config)
#define RINGDEV_IOC_TRANSFORM	_IOWR(RINGDEV_IOC_MAGIC, 3, struct ringdev_transform)
#define RINGDEV_IOC_WATERMARK	_IOWR(RINGDEV_IOC_MAGIC, 4, __u32)
#define RINGDEV_IOC_BATCH	_IOWR(RINGDEV_IOC_MAGIC, 5, struct ringdev_batch)
#define RINGDEV_IOC_STATS	_IOR(RINGDEV_IOC_MAGIC, 6, struct ringdev_stats)
#define RINGDEV_IOC_TICK	_IO(RINGDEV_IOC_MAGIC, 7)	/* argument: milliseconds until the record */

#endif
