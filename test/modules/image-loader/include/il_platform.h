/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
/* What the loader asks of the system that it runs in. */
#ifndef IL_PLATFORM_H
#define IL_PLATFORM_H

#include "il_types.h"

struct il_pages {
	uint64_t count;
	void **virt;
};

#define PLATFORM_ALERT(...) platform_printk("ALERT", __func__, __VA_ARGS__)
#define PLATFORM_DEBUG(...) platform_printk("DEBUG", __func__, __VA_ARGS__)

__attribute__((format(printf, 3, 4))) void platform_printk(const char *level, const char *who, const char *fmt, ...);
void *platform_alloc_rw(uint64_t len);
void platform_free_rw(const void *addr, uint64_t len);
void *platform_memset(void *ptr, char value, uint64_t num);
int64_t platform_memcpy(void *dst, uint64_t dst_size, const void *src, uint64_t src_size, uint64_t num);
void platform_acquire(void);
void platform_release(void);
int64_t platform_num_cpus(void);
il_status_t platform_map(struct il_pages *pages, const void *addr, uint64_t len);
void platform_unmap(struct il_pages *pages);
il_status_t platform_call_on_cpu(int64_t cpu, il_status_t (*call)(void *, int64_t), void *data);

#endif
