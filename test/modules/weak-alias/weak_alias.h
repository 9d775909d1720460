/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
int weak_overridden(int x);
int weak_kept(int x);
int weak_behind(int x);
int weak_missing(void);
int aliased(int x);
int weakly_aliased(int x);
extern int data_original, data_aliased;
