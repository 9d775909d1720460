// SPDX-License-Identifier: GPL-2.0
// Switches: fall-through, ranges, defaults in the middle, nested, on all types, into loops.
#include "says.h"

static noinline int middle(int k)
{
	int r = 0;

	switch (k) {
	case 1:
		r += 1;
	default:
		r += 10;
		/* fall through */
	case 2:
		r += 100;
		break;
	case 3:;
	case 4:
	case -5 ... -3:
		r += 1000;
	}
	return r;
}

static noinline int typed(u8 b, s8 s, u64 q, bool f)
{
	int r = 0;

	switch (b) {
	case 200 ... 255:
		r++;
	case 0x7f:
		r += 2;
	}
	switch (s) {
	case -128 ... -1:
		r += 10;
		break;
	case 0 ... 127:
		r += 20;
	}
	switch (q) {
	case 0xffffffffffffffffull:
		r += 100;
		break;
	case 1ull << 40 ... 1ull << 41:
		r += 200;
		break;
	case -2:
		r += 300;
	}
	switch (f) {
	case true:
		r += 1000;
		break;
	case false:
		r += 2000;
	}
	return r;
}

static noinline int duff(int n)
{
	int sum = 0, k = (n + 3) / 4;

	switch (n & 3) {
	case 0:
		do {
			sum += 1;
	case 3:
			sum += 10;
	case 2:
			sum += 100;
	case 1:
			sum += 1000;
		} while (--k > 0);
	}
	return sum;
}

static noinline int nested(int a, int b)
{
	int r = 0, i;

	for (i = 0; i < 4; i++) {
		switch (a) {
		case 0:
			if (b == i)
				continue;
			r += 1;
			break;
		case 1:
			switch (b) {
			case 0:
				goto done;
			case 1:
				break;
			default:
				continue;
			}
			r += 10;
			/* fallthrough */
		case 2: {
			int local = i;

			if (local == 2)
				break;
			r += 100 + local;
		}
		}
		r += 1000;
	}
done:
	return r;
}

static noinline int odd(int k)
{
	int r = 5;

	switch (k)
	case 1:
		r = 6;
	switch (k) {
		r = 99;
	}
	switch (k) {
		int hidden;
	case 2:
		hidden = 7;
		r += hidden;
		break;
	default:
		hidden = 8;
		r += hidden;
	}
	switch (k++) {
	case 3:
		r += k;
	}
	switch (r > 12)
	default:
		r++;
	switch (k & 1 ? 'a' : 'b') {
	case 'a':
		return r;
	case 'b':
		if (r) {
	case 'c':
			r--;
		} else {
	case 'd':
			r = -r;
		}
	}
	return r * 2;
}

int switches(void)
{
	int k;

	for (k = -6; k < 6; k++)
		SHOW(middle(k));
	SHOW(typed(255, -1, -1ull, 1));
	SHOW(typed(127, 5, 1ull << 40, 0));
	SHOW(typed(3, -128, -2, 2));
	for (k = 1; k < 10; k++)
		SHOW(duff(k));
	for (k = 0; k < 12; k++)
		SHOW(nested(k / 4, k % 4));
	for (k = 0; k < 5; k++)
		SHOW(odd(k));
	return 0;
}
