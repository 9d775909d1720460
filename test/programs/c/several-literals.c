// SPDX-License-Identifier: GPL-2.0
// Several objects without a name in one statement, within each other, and beside a variable of their name in Rust.
#include "says.h"
struct part { int x; u8 *raw; }; struct whole { struct part *part; const int *list; struct whole *next; };
static noinline int told(const struct whole *w) { int s = 0; for (; w; w = w->next) s = s * 100 + w->part->x * 10 + w->part->raw[1] + w->list[1]; return s; }
static noinline int both(const struct part *a, const struct part *b) { return a->x * 10 + b->x; }
static noinline int differ(const u8 *a, const int *b, const u8 *c) { return a[0] * 100 + b[1] * 10 + c[2]; }
static noinline struct part *same(struct part *p) { p->x++; return p; }
struct p { int x, y; }; struct q { struct p in[2]; u8 *raw; };
static noinline int sum(const int *a, int n) { int s = 0; while (n--) s = s * 3 + *a++; return s; }
static noinline int psum(struct p (*a)[2]) { return (*a)[0].x * 10 + (*a)[1].y; }
static noinline int addressed(void)
{
	struct p arr[2]; int k = 3; const struct p (*row)[2];
	memcpy(arr, &(struct p[]){ { 9, 8 }, [1].y = 7 }, 16);
	show_bytes("arr", arr, sizeof(arr));
	memcpy(arr, (struct p[]){ { k, 8 }, [1].y = k }, 16);
	show_bytes("arr", arr, sizeof(arr));
	SHOW(sum(*&(int[]){ 1, 2, k }, 3)); SHOW(psum(&(struct p[2]){ { k }, { 1, 2 } })); SHOW(sum(&(int[]){ 1, 2, k }[1], 2)); SHOW(sizeof(*&(int[]){ 1, 2, k }));
	row = &(const struct p[]){ { 1, 2 }, { k, k } }; SHOW((*row)[1].x); SHOW(((u8 *)&(int[]){ 258 })[1]); SHOW((*(&(int[]){ 1, 2, 3 } + 1) - (int *)0) != 0);
	SHOW(((struct q *)&(struct q){ .in = { [1] = { 4, k } } })->in[1].y); SHOW((&((struct q[]){ { .raw = (u8[]){ 5, 6 } } })[0])->raw[1]);
	return *(int *)&(int){ k };
}
int several_literals(void)
{
	int literal = 7, literal_2 = 8; struct part *p, *q; const struct part *list[2]; u8 b = 5;

	SHOW(both(&(struct part){ 1 }, &(struct part){ literal }));
	SHOW(both(&(struct part){ literal_2 }, same(&(struct part){ literal })));
	SHOW(differ((u8[]){ b, 2 }, (int[]){ 3, literal }, (u8[3]){ [2] = b }));
	SHOW(told(&(struct whole){ &(struct part){ 1, (u8[]){ 2, b } }, (const int[]){ 4, 5 }, &(struct whole){ &(struct part){ 6, (u8[]){ 7, 8 } }, (int[2]){ 9, b } } }));
	p = &(struct part){ 3 }, q = &(struct part){ 4 };
	SHOW(p->x * 10 + q->x); SHOW(p != q); SHOW(&(struct part){ 1 } != &(struct part){ 1 });
	list[0] = &(struct part){ .x = (&(struct part){ 9 })->x + literal }; list[1] = &(struct part){ .raw = &b };
	SHOW(list[0]->x + *list[1]->raw); SHOW(({ struct part *r = &(struct part){ 5, &b }; both(r, &(struct part){ 6 }); }) + both(&(struct part){ 7 }, p));
	for (b = 0; b < 3; b++) { struct part *r = same(&(struct part){ b, (u8[]){ b } }); SHOW(r->x + r->raw[0]); if (both(&(struct part){ b }, r) > 12) break; }
	return literal + literal_2 + addressed();
}
