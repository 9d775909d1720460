/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
int provider_add(int a, int b);
extern int provider_calls;
