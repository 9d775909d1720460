// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include "weak_alias.h"

int weak_overridden(int x)
{
	return x * 100;
}

int renamed_data = 12;

int renamed(int x)
{
	return x - renamed_data;
}
