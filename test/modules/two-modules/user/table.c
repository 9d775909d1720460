// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include <linux/kernel.h>
#include "../provider.h"

static const int table[] = { 1, 2, 3 };

int table_sum(void);

int table_sum(void)
{
	int i, sum = 0;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		sum = provider_add(sum, table[i]);
	return sum;
}
