/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ringdev: what the entry and the platform half of the driver share.
 *
 * Copyright (C) 2026 kport contributors
 */
#ifndef RINGDEV_H
#define RINGDEV_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/notifier.h>

#include "../common/ring.h"

#define RINGDEV_NAME "ringdev"

enum ringdev_counter {
	RINGDEV_PUSHED,
	RINGDEV_POPPED,
	RINGDEV_DROPPED,
	RINGDEV_COUNTERS
};

struct ringdev_client {
	struct kref ref;
	struct list_head node;
	unsigned int id;
	u8 mode : 3;
	u8 verbose : 1;
	u8 priority;
	s8 balance;
	u32 limit;
	u32 watermark;
	u64 bytes;
};

/* ringdev_main.c */
extern struct ring ringdev_ring;
extern struct list_head ringdev_clients;
extern struct mutex ringdev_clients_lock;
extern struct miscdevice ringdev_misc;

/* ringdev_platform.c */
int ringdev_platform_start(void);
void ringdev_platform_stop(void);
void ringdev_tick_after(unsigned int milliseconds);
void ringdev_tell(enum ring_event event, u32 value);
void ringdev_fill_stats(struct ringdev_stats *stats);
void ringdev_count(enum ringdev_counter counter);
int ringdev_register_listener(struct notifier_block *nb);
int ringdev_unregister_listener(struct notifier_block *nb);

#endif
