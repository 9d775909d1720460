/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
extern int shared;
const char *other_name(void);
int other_step(int x);
int other_state(void);
int other_calls(void);
int other_find(const char *s);
