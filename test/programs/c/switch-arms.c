// SPDX-License-Identifier: GPL-2.0
// Cases that call what has a value and leave it.
#include "says.h"

static int sum;

static noinline int add(int x)
{
	sum += x;
	return sum;
}

static noinline void calls(int x)
{
	switch (x) {
	case 1:
		add(1);
		break;
	default:
		add(2);
		break;
	}
}

static noinline void mixed(int x)
{
	switch (x) {
	case 1:
		add(1);
		break;
	case 2:
		x = 3;
		add(x);
		break;
	case 3:
		printf("three\n");
		break;
	case 4:
		sum++;
		break;
	case 5:
		sum = 0;
		break;
	default:
		break;
	}
	add(x);
}

static noinline void nested(int x)
{
	switch (x & 4) {
	case 4:
		switch (x) {
		case 4:
			(void)add(40);
			break;
		default:
			add(50);
			break;
		}
		break;
	default:
		add(2);
		break;
	}
}

int switch_arms(void)
{
	int i;

	for (i = 0; i < 7; i++) {
		calls(i);
		mixed(i);
		nested(i);
		SHOW(sum);
	}
	return 0;
}
