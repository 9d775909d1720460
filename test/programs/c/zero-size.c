// SPDX-License-Identifier: GPL-2.0
// Members and objects of no size, and where they lie.
#include "says.h"

struct nothing {};
struct with_nothing {
	u8 first;
	struct nothing none;
	u32 second;
	int empty[0];
	u8 last;
};
struct ends {
	u16 n;
	u64 rest[0];
};
struct flexible {
	u8 n;
	u16 rest[];
};
union maybe {
	struct nothing none;
	int some;
};

static struct with_nothing given = { 1, {}, 2, {}, 3 };
static struct nothing alone;
static union maybe either = { .some = 5 };

static noinline struct nothing gives_nothing(int k)
{
	SHOW(k);
	return (struct nothing){};
}

static noinline int takes_nothing(int a, struct nothing n, int b)
{
	return a * 10 + b;
}

int zero_size(void)
{
	struct with_nothing local = { .second = 7, .last = 8 };
	struct nothing n = gives_nothing(3), m;
	struct { struct ends e; u64 room[2]; } held = { { 2 }, { 11, 12 } };
	struct with_nothing copy;

	SHOW(sizeof(struct nothing));
	SHOW(sizeof(struct with_nothing));
	SHOW(offsetof(struct with_nothing, none));
	SHOW(offsetof(struct with_nothing, empty));
	SHOW(offsetof(struct with_nothing, last));
	SHOW(sizeof(struct ends));
	SHOW(sizeof(struct flexible));
	SHOW(offsetof(struct flexible, rest));
	SHOW(given.first + given.second + given.last);
	SHOW(local.first + local.second + local.last);
	SHOW((char *)&given.none - (char *)&given);
	SHOW((char *)given.empty - (char *)&given);
	m = n;
	alone = m;
	local.none = alone;
	SHOW(takes_nothing(1, local.none, 2));
	SHOW(held.e.rest[1]);
	SHOW(either.some);
	copy = local;
	SHOW(copy.last);
	return 0;
}
