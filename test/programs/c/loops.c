// SPDX-License-Identifier: GPL-2.0
// Loops of all kinds: continue in do, commas, empty parts, counters that wrap, bodies that change their bounds.
#include "says.h"

static int ticks;
static noinline int tick(int k) { return ticks++ < k; }
static noinline int find(const u8 *p, int n, u8 what)
{
	int i;

	for (i = 0; i < n; i++)
		if (p[i] == what)
			break;
	return i;
}

int loops(void)
{
	int i, j, n = 5;
	u8 b;
	s8 sb;
	u32 u;
	u64 q;
	const u8 text[] = "a loop";
	const u8 *p;

	for (i = 0, j = 10; i < j; i++, j--)
		;
	SHOW(i * 100 + j);
	for (b = 250; b >= 250; b++)
		ticks += b;
	SHOW(b);
	for (u = 3; u-- > 0;)
		SHOW(u);
	SHOW(u);
	for (sb = 125; sb > 0; sb++)
		;
	SHOW(sb);
	for (q = 1; q; q <<= 7)
		ticks++;
	SHOW(ticks);
	for (;;) {
		if (n-- == 0)
			break;
		if (n & 1)
			continue;
		SHOW(n);
	}
	i = 0;
	do {
		if (++i == 2)
			continue;
		if (i > 4)
			break;
		SHOW(i);
	} while (i != 2 || tick(100));
	SHOW(i);
	do
		i--;
	while (i > 0);
	SHOW(i);
	while (tick(40), i++ < 3)
		ticks += i;
	SHOW(ticks);
	for (i = 0; i < n + 5; i++) {
		n++;
		if (n > 4)
			break;
	}
	SHOW(i * 10 + n);
	for (p = text; *p; p++)
		if (*p == ' ')
			SHOW(p - text);
	for (p = text + sizeof(text) - 1; p > text && p[-1] != 'o'; p--)
		;
	SHOW(p - text);
	SHOW(find(text, sizeof(text), 'l'));
	SHOW(find(text, sizeof(text), 'z'));
	for (int k = 0, *pk = &k; k < 3; (*pk)++)
		SHOW(k);
	for (i = 10; i > 0; i -= 3)
		for (j = i; j < 10; j += i)
			if (j == 7)
				goto out;
out:
	SHOW(i * 10 + j);
	for (i = -3; i < 3; i += 2)
		SHOW(i);
	for (i = 0; i != 6; i = i + 2 > 6 ? 6 : i + 2)
		SHOW(i);
	for (u = 0; u < 0xfffffffe; u += 0x7fffffff)
		SHOW(u);
	while (1) {
		int fresh = i;

		if (fresh-- <= 3)
			break;
		i = fresh;
	}
	switch (i) {
	case 3:
		for (;; i++) {
			if (i > 5)
				break;
			else if (i == 4)
				continue;
			SHOW(i);
		}
		SHOW(-1);
	}
	return i;
}
