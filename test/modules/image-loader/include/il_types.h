/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
/* Types that the module, its exercise and, one day, a loader in C++ share. */
#ifndef IL_TYPES_H
#define IL_TYPES_H

#if defined(__KERNEL__)
#include <linux/types.h>
#elif defined(__cplusplus)
#include <cstddef>
#include <cstdint>
#else
#include <stddef.h>
#include <stdint.h>
#endif

#ifdef __cplusplus
#define IL_CAST(type, of) (reinterpret_cast<type>(of))
#define IL_NULL nullptr
extern "C" {
#else
#define IL_CAST(type, of) ((type)(of))
#define IL_NULL 0
#endif

#define IL_PACKED __attribute__((packed))
#define IL_IGNORED(x) ((void)(x))

typedef int64_t il_status_t;

#define IL_SUCCESS ((il_status_t)0)
#define IL_FAILURE(n) ((il_status_t)(0x8000000000000000ULL | (n)))
#define IL_ERROR_INVALID_ARG IL_FAILURE(0x10)
#define IL_ERROR_INVALID_STATE IL_FAILURE(0x20)
#define IL_ERROR_NO_MEMORY IL_FAILURE(0x100)
#define IL_ERROR_MAX_IMAGES IL_FAILURE(0x200)
#define IL_ERROR_BAD_IMAGE IL_FAILURE(0x400)
#define IL_ERROR_NO_SYMBOL IL_FAILURE(0x800)

#define IL_CASE(x) case x: return #x

static inline const char *il_status_str(il_status_t status)
{
	switch (status) {
	IL_CASE(IL_SUCCESS);
	IL_CASE(IL_ERROR_INVALID_ARG);
	IL_CASE(IL_ERROR_INVALID_STATE);
	IL_CASE(IL_ERROR_NO_MEMORY);
	IL_CASE(IL_ERROR_MAX_IMAGES);
	IL_CASE(IL_ERROR_BAD_IMAGE);
	IL_CASE(IL_ERROR_NO_SYMBOL);
	default:
		return "UNDEFINED_STATUS";
	}
}

enum il_state { IL_UNLOADED = 0, IL_LOADED = 1, IL_RUNNING = 2, IL_CORRUPT = 0x80 };

/* What the loader left in the ring, oldest byte first. */
#define IL_RING_SIZE 512
struct il_ring {
	uint64_t epos;
	uint64_t spos;
	char buf[IL_RING_SIZE];
} IL_PACKED;

#ifdef __cplusplus
}
#endif

#endif
