// SPDX-License-Identifier: GPL-2.0
/*
 * A bounded ring of records with one lock, readers that sleep and a size that can be changed.
 *
 * Copyright (C) 2026 kport contributors
 */
#define pr_fmt(fmt) "ringdev: " fmt

#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "ring.h"
#include "../driver/ringdev.h"

static struct ringdev_record *ring_slot(struct ring *ring, u32 position)
{
	return &ring->slots[position & (ring->size - 1)];
}

static struct ringdev_record *ring_alloc(unsigned int *slots)
{
	*slots = roundup_pow_of_two(clamp(*slots, RING_SLOTS_MIN, RING_SLOTS_MAX));
	return vzalloc(array_size(*slots, sizeof(struct ringdev_record)));
}

int ring_init(struct ring *ring, unsigned int slots, bool overwrite)
{
	memset(ring, 0, sizeof(*ring));
	ring->slots = ring_alloc(&slots);
	if (!ring->slots)
		return -ENOMEM;

	spin_lock_init(&ring->lock);
	mutex_init(&ring->resize);
	init_waitqueue_head(&ring->readers);
	ring->size = slots;
	ring->overwrite = overwrite;
	return 0;
}

void ring_destroy(struct ring *ring)
{
	WARN_ON_ONCE(waitqueue_active(&ring->readers));
	vfree(ring->slots);
	ring->slots = NULL;
}

/* Keeps the newest records that fit. */
int ring_resize(struct ring *ring, unsigned int slots)
{
	struct ringdev_record *fresh, *old;
	unsigned long flags;
	u32 keep, i;
	int ret;

	ret = mutex_lock_interruptible(&ring->resize);
	if (ret)
		return ret;
	fresh = ring_alloc(&slots);
	if (!fresh) {
		ret = -ENOMEM;
		goto out_unlock;
	}

	spin_lock_irqsave(&ring->lock, flags);
	keep = min_t(u32, ring->head - ring->tail, slots);
	for (i = 0; i < keep; i++)
		fresh[i] = *ring_slot(ring, ring->head - keep + i);
	old = ring->slots;
	ring->slots = fresh;
	ring->size = slots;
	ring->tail = 0;
	ring->head = keep;
	spin_unlock_irqrestore(&ring->lock, flags);

	vfree(old);
	pr_info("resized to %u slots, %u records kept\n", slots, keep);
out_unlock:
	mutex_unlock(&ring->resize);
	return ret;
}

/* Stamps @record and stores it. -ENOSPC when the ring is full and may not overwrite. */
int ring_push(struct ring *ring, struct ringdev_record *record)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&ring->lock, flags);
	if (ring->head - ring->tail == ring->size) {
		ringdev_count(RINGDEV_DROPPED);
		if (!ring->overwrite) {
			ret = -ENOSPC;
			goto out_unlock;
		}
		ring->tail++;
	}
	record->stamp.sequence = ring->sequence++;
	record->sum = ringdev_fold(record->bytes, sizeof(record->bytes), (u32)record->stamp.sequence);
	*ring_slot(ring, ring->head) = *record;
	WRITE_ONCE(ring->head, ring->head + 1);
	ring->high_water = max_t(u32, ring->high_water, ring->head - ring->tail);
	ringdev_count(RINGDEV_PUSHED);
out_unlock:
	spin_unlock_irqrestore(&ring->lock, flags);
	if (!ret)
		wake_up_interruptible(&ring->readers);
	return ret;
}

int ring_pop(struct ring *ring, struct ringdev_record *record)
{
	unsigned long flags;
	int ret = -EAGAIN;

	spin_lock_irqsave(&ring->lock, flags);
	if (ring->head != ring->tail) {
		*record = *ring_slot(ring, ring->tail);
		WRITE_ONCE(ring->tail, ring->tail + 1);
		ringdev_count(RINGDEV_POPPED);
		ret = 0;
	}
	spin_unlock_irqrestore(&ring->lock, flags);
	return ret;
}

int ring_wait(struct ring *ring)
{
	return wait_event_interruptible(ring->readers, ring_used(ring) > 0);
}

unsigned int ring_flush(struct ring *ring)
{
	unsigned int dropped;

	spin_lock_irq(&ring->lock);
	dropped = ring->head - ring->tail;
	ring->tail = ring->head;
	spin_unlock_irq(&ring->lock);
	return dropped;
}

/* Digits only, letters (and digits) only, or anything else. */
enum ringdev_kind ring_classify(const u8 *bytes, size_t length)
{
	unsigned int digits = 0, named = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		switch (bytes[i]) {
		case '0' ... '9':
			digits++;
			fallthrough;
		case 'A' ... 'Z':
		case 'a' ... 'z':
		case '_':
			named++;
			break;
		case '\0' ... '\x08':
		case 0x7f ... 0xff:
			return RINGDEV_KIND_OTHER;
		default:
			break;
		}
	}
	if (length && digits == length)
		return RINGDEV_KIND_DIGITS;
	return length && named == length ? RINGDEV_KIND_LETTERS : RINGDEV_KIND_OTHER;
}
