/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
#ifndef IL_LOADER_H
#define IL_LOADER_H

#include "il_image.h"

il_status_t loader_init(void);
il_status_t loader_fini(void);
il_status_t loader_add(const char *file, uint64_t size);
il_status_t loader_load(void);
il_status_t loader_unload(void);
il_status_t loader_start(void);
il_status_t loader_stop(void);
il_status_t loader_dump(struct il_ring **ring);
int64_t loader_state(void);

#endif
