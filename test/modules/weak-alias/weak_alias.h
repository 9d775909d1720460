/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
int weak_overridden(int x);
int weak_kept(int x);
/* Its symbol is another: an asm label says so. */
int renamed(int x) __asm__("weak_" "alias_renamed");
extern int renamed_data __asm__("weak_alias_data");
int weak_behind(int x);
int weak_missing(void);
int aliased(int x);
int weakly_aliased(int x);
extern int data_original, data_aliased;
