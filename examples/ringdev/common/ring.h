/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bounded ring of records with one lock, readers that sleep and a size that can be changed.
 *
 * Copyright (C) 2026 kport contributors
 */
#ifndef RINGDEV_RING_H
#define RINGDEV_RING_H

#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "../driver/ringdev_ioctl.h"

#define RING_SLOTS_MIN	4U
#define RING_SLOTS_MAX	1024U

struct ring {
	spinlock_t lock;		/* everything up to @readers */
	struct ringdev_record *slots;
	u32 size;			/* a power of two */
	u32 head;
	u32 tail;
	u64 sequence;
	unsigned int overwrite : 1;
	unsigned int closing : 1;
	unsigned int high_water : 12;
	wait_queue_head_t readers;
	struct mutex resize;		/* one change of size at a time */
};

/* What the chain of listeners is told. */
enum ring_event {
	RING_EVENT_FULL = 1,
	RING_EVENT_DRAINED,
	RING_EVENT_RESIZED,
};

int ring_init(struct ring *ring, unsigned int slots, bool overwrite);
void ring_destroy(struct ring *ring);
int ring_resize(struct ring *ring, unsigned int slots);
int ring_push(struct ring *ring, struct ringdev_record *record);
int ring_pop(struct ring *ring, struct ringdev_record *record);
int ring_wait(struct ring *ring);
unsigned int ring_flush(struct ring *ring);
enum ringdev_kind ring_classify(const u8 *bytes, size_t length);

static inline u32 ring_used(const struct ring *ring)
{
	return READ_ONCE(ring->head) - READ_ONCE(ring->tail);
}

/* ringdev_fold.S */
asmlinkage u32 ringdev_fold(const void *data, size_t length, u32 seed);

#endif
