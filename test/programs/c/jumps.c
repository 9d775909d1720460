// SPDX-License-Identifier: GPL-2.0
// goto into and out of blocks and loops, back and forth, and to addresses of labels.
#include "says.h"

static noinline int into(int k)
{
	int r = 0, i = 0;

	if (k == 1)
		goto inside;
	if (k == 2)
		goto branch;
	for (i = 10; i < 13; i++) {
		r += 1;
inside:
		r += 10;
		if (r > 100)
			goto out;
	}
	if (r < 0) {
		r = 5;
branch:
		r += 1000;
	} else {
		r += 2000;
	}
out:
	return r + i;
}

static noinline int back(int n)
{
	int r = 0;

again:
	r += n;
	if (n-- > 0) {
		int fresh = 0;

		fresh++;
		r += fresh;
		if (n & 1)
			goto again;
		else
			goto skip;
	}
	return r;
skip:
	r *= 2;
	goto again;
}

static noinline int deep(int k)
{
	int i, j, r = 0;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++) {
			while (1) {
				if (++r == k)
					goto found;
				if (r & 1)
					break;
			}
			if (j == i)
				goto next;
			do {
				r += 2;
				if (r > 20)
					continue;
			} while (r % 5);
next:;
		}
	return -r;
found:
	return i * 10 + j;
}

static noinline int computed(const u8 *code)
{
	static const void *const table[] = { &&stop, &&inc, &&twice, &&skip };
	int r = 1;

	goto *table[*code];
inc:
	r++;
	goto *table[*++code];
twice:
	r *= 2;
	goto *table[*++code];
skip:
	code++;
	goto *table[*++code];
stop:
	return r;
}

static noinline int cleanup(int k)
{
	int r = 0;

	if (k == 0)
		goto err0;
	r |= 1;
	if (k == 1)
		goto err1;
	r |= 2;
	if (k == 2)
		goto err2;
	return r;
err2:
	r <<= 4;
err1:
	r |= 0x100;
err0:
	return ~r;
}

/* From one case into another: before, behind, and back to the same. */
static noinline int between(int k, int z)
{
	int r = 0;

	switch (k) {
	case 0:
again:
		r += 1;
		if (r > 40)
			break;
		/* fall through */
	case 1:
		r += 10;
		if (z == 2)
			goto last;
common:
		r += 100;
		if (r < 300)
			goto common;
		break;
	case 2:
		for (;;) {
			if (r++ > z)
				goto common;
			if (r == 3)
				goto again;
		}
	case 3:
		r = 7;
		goto last;
	default:
		r += 1000;
last:
		r = -r;
	}
	return r;
}

int jumps(void)
{
	int k;

	for (k = 0; k < 3; k++)
		SHOW(into(k));
	for (k = 0; k < 6; k++)
		SHOW(back(k));
	for (k = 1; k < 30; k += 3)
		SHOW(deep(k));
	SHOW(computed((const u8[]){ 1, 2, 3, 1, 1, 0 }));
	for (k = 0; k < 4; k++)
		SHOW(cleanup(k));
	for (k = 0; k < 20; k++)
		SHOW(between(k % 5, k / 5));
	return 0;
}
