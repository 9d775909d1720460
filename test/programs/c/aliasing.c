// SPDX-License-Identifier: GPL-2.0
// The same bytes through pointers of other types, unaligned, overlapping, and through void.
#include "says.h"

static u8 bytes[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
struct __attribute__((packed)) un { u64 x; };
struct head { int kind; };
struct tail { struct head h; long more; };
union view { u32 w; u8 b[4]; };

static noinline void both(int *a, int *b) { *a = 1; *b = 2; *a += *b; }
static noinline int puns(float *f, int *i) { *i = 5; *f = 0; return *i; }
static noinline long get(const struct head *h) { return h->kind == 2 ? ((const struct tail *)h)->more : 0; }
static noinline void swap_ptr(void **a, void **b) { void *t = *a; *a = *b; *b = t; }

int aliasing(void)
{
	int x = 0, y = 3, *px = &x, **ppx = &px;
	struct tail t = { { 2 }, 99 };
	union view *v = (union view *)&x;
	void *vp = bytes;
	u16 *half = (u16 *)(bytes + 1);
	long word = 0x1122334455667788;
	int list[4] = { 1, 2, 3, 4 };
	int (*whole)[4] = &list;

	both(&x, &x);
	SHOW(x);
	SHOW(*(u32 *)(bytes + 3));
	SHOW(((struct un *)(bytes + 5))->x);
	*(u16 *)((char *)vp + 7) = 0xabcd;
	SHOW(bytes[7] + bytes[8]);
	SHOW(*half++ + *half);
	SHOW(get(&t.h));
	v->b[2] = 1;
	SHOW(x);
	SHOW(*(u8 *)&word + ((u8 *)&word)[7]);
	SHOW(*((u16 *)&word + 1));
	*(int *)&word = -1;
	SHOW(word);
	**ppx = 7;
	*ppx = &y;
	SHOW(x + *px);
	swap_ptr((void **)&px, (void **)&vp);
	SHOW(*(int *)vp);
	SHOW((*whole)[2] + *whole[0]);
	__builtin_memmove(bytes + 1, bytes, 8);
	show_bytes("moved", bytes, sizeof(bytes));
	memcpy(&list[1], list, sizeof(int) * 1);
	SHOW(list[1]);
	SHOW((long)(void *)5 + (long)(int *)NULL);
	SHOW((u32)(unsigned long)(void *)0x123456789);
	SHOW((void *)-1 == (void *)~0ul);
	SHOW((int *)8 - (int *)0);
	SHOW((u8)(unsigned long)&list[1] - (u8)(unsigned long)&list[0]);
	SHOW(!(unsigned long)px);
	return *(s8 *)&(int){ -1 } + 2;
}
