// SPDX-License-Identifier: GPL-2.0
// Designated initialisers: overrides, ranges, nesting, order of effects, strings, unions, anonymous members.
#include "says.h"

struct point { int x, y; };
struct shape {
	int id;
	union { struct { int w, h; }; int side[2]; };
	struct { struct point at; struct { u8 r, g, b; }; } deep;
	struct point corners[3];
	const char *name;
	char label[4];
};
static int effects;
static noinline int effect(int k) { effects = effects * 10 + k; return k; }

static const struct shape shapes[] = {
	[2] = { .id = 3, .w = 1, .h = 2, .deep.at.y = 4, .deep.g = 5, .corners[1].x = 6, .name = "two", .label = "abcd" },
	[0] = { 1, { .side = { 7, 8 } }, { { 9 }, { 10, .b = 11 } }, { [2] = { 12, 13 }, [0] = { 14 } } },
	{ .id = 2, .side[1] = 15, .corners = { { 1, 2 }, { .y = 3 } } },
	[2].id = 33,
	[4 ... 5] = { .id = 44 },
};
static int ranges[] = { [0 ... 3] = 1, [2] = 2, [5 ... 7] = 3, 4 };
static int overridden[4] = { 1, 2, [0] = 5, 6, [3] = 7 };
static u8 sparse[][3] = { { 1 }, [2] = { [1] = 2 }, { 3, 4, 5 } };
static struct point flat[2] = { 1, 2, 3, 4 };
static struct { int a; struct point p[2]; int z; } brace_less = { 1, 2, 3, 4, 5, 6 };
static const char *words[] = { [1] = "one", [0] = "zero", [1] = "uno" };

static noinline void tell(const struct shape *s)
{
	printf("%d %d %d %d %d %d %d %d:", s->id, s->w, s->h, s->deep.at.x, s->deep.at.y, s->deep.r, s->deep.g, s->deep.b);
	for (int i = 0; i < 3; i++)
		printf(" %d,%d", s->corners[i].x, s->corners[i].y);
	printf(" %s %.4s\n", s->name ?: "-", s->label);
}

int designated(void)
{
	struct shape s = { .corners[2] = { effect(1), effect(2) }, .id = effect(3), .label = { 'x', [2] = 'z' } };
	struct point p = { .y = effect(4), .x = effect(5) }, q[] = { [1] = p, [0].y = p.x };
	int list[6] = { [1] = effect(6), effect(7), [0] = effect(8), [5] = effect(9) };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		tell(&shapes[i]);
	for (i = 0; i < ARRAY_SIZE(ranges); i++)
		SHOW(ranges[i]);
	show_bytes("overridden", overridden, sizeof(overridden));
	show_bytes("sparse", sparse, sizeof(sparse));
	SHOW(flat[1].x * 10 + flat[1].y);
	SHOW(brace_less.p[1].y * 10 + brace_less.z);
	printf("%s %s\n", words[0], words[1]);
	tell(&s);
	SHOW(effects);
	SHOW(q[0].x + q[0].y * 10 + q[1].x * 100 + q[1].y * 1000);
	show_bytes("list", list, sizeof(list));
	s = (struct shape){ .name = "again", .deep = { .at = { .x = 1 } } };
	tell(&s);
	SHOW(effects);
	return ARRAY_SIZE(sparse);
}
