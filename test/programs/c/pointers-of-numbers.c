// SPDX-License-Identifier: GPL-2.0
// Numbers that are made pointers: with their sign, and as wide as they are in C.
#include "says.h"

static volatile int n = 3;
static const char *const texts[] = { "a", (char *)0, (char *)-1, "b" };

int pointers_of_numbers(void)
{
	int i;

	for (i = 0; texts[i] != (char *)-1; i++)
		if (texts[i])
			printf("%s\n", texts[i]);
	SHOW(i);
	SHOW((size_t)(void *)-2);
	SHOW((void *)(long)-n == (void *)-3);
	SHOW((size_t)(void *)(1u << 31));
	SHOW((size_t)(void *)(1 << n << 28));
	SHOW((size_t)(void *)0xffffffffu);
	return 0;
}
