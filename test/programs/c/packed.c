// SPDX-License-Identifier: GPL-2.0
// Packed and aligned structures: members of all kinds, through pointers, nested, in arrays.
#include "says.h"

struct __attribute__((packed)) wire {
	u8 kind;
	u32 length;
	u16 ports[2];
	u64 cookie;
	const char *name;
	struct { u8 a; u32 b; } in;
	u32 bits : 12, more : 20;
	union { u16 half; u8 bytes[2]; };
	u8 rest[];
};
struct __attribute__((aligned(16))) wide { u8 a; };
struct holder { u8 a; struct wide w; u8 b __attribute__((aligned(8))); };
struct mixed { u8 a; u32 b __attribute__((packed)); u16 c; };
struct __attribute__((packed, aligned(4))) both { u8 a; u32 b; u8 c; };
typedef u64 u64_low __attribute__((aligned(4)));
struct compat { u32 a; u64_low b; };
#pragma pack(push, 2)
struct two { u8 a; u32 b; u64 c; };
#pragma pack(pop)

static struct wire global = { 1, 2, { 3, 4 }, 5, "name", { 6, 7 }, 8, 9, { 10 } };
static u8 buffer[128] __attribute__((aligned(8)));

static noinline u32 *past(u32 *p)
{
	return p + 1;
}

static noinline u64 work(struct wire *w)
{
	struct wire copy = *w, *p = &copy;
	u64 sum = 0;

	w->length += 3;
	w->length++;
	sum += w->length--;
	w->ports[1] ^= 0xff;
	w->cookie <<= 3;
	w->cookie |= w->ports[0]++ + w->ports[1]--;
	w->in.b = w->in.a = 9;
	p->name = w->name + 1;
	p->bits = w->more + 5;
	p->more -= p->bits;
	sum += *p->name + p->bits * 3 + p->more + w->half;
	w->bytes[1] = 1;
	sum += w->half + w->cookie + w->in.b;
	*w = *p;
	return sum;
}

int packed(void)
{
	struct wire *w = (struct wire *)(buffer + 1);
	struct holder h = { 1, { 2 }, 3 };
	struct mixed m;
	struct both list[2] = { { 1, 2, 3 }, { 4, 5, 6 } };
	struct compat c = { 1, 2 };
	struct two t = { 1, 2, 3 };
	u64_low *low = &c.b;

	SHOW(sizeof(struct wire));
	SHOW(offsetof(struct wire, rest));
	SHOW(offsetof(struct wire, half));
	SHOW(sizeof(struct holder));
	SHOW(offsetof(struct holder, b));
	SHOW(_Alignof(struct holder));
	SHOW(sizeof(struct mixed));
	SHOW(offsetof(struct mixed, c));
	SHOW(sizeof(struct both));
	SHOW(_Alignof(struct both));
	SHOW(sizeof(struct compat));
	SHOW(sizeof(struct two));
	SHOW(offsetof(struct two, c));
	SHOW(work(&global));
	SHOW(global.length + global.bits);
	*w = global;
	w->rest[3] = 44;
	SHOW(work(w));
	w->name = NULL;
	show_bytes("wire", w, sizeof(*w));
	SHOW((u8 *)past(&w->length) - (u8 *)w);
	SHOW(h.a + h.w.a * 10 + h.b * 100);
	m.a = 1;
	m.b = 2;
	m.c = 3;
	SHOW(m.b++ + --m.c);
	SHOW(list[1].b + list[0].c);
	list[0] = list[1];
	SHOW(list[0].b *= 3);
	SHOW(*low + c.a);
	SHOW(t.b + t.c++);
	SHOW(((unsigned long)&h.w & 15) + ((unsigned long)&h.b & 7));
	SHOW(__builtin_memcmp(&list[0], &list[1], 1));
	return t.a;
}
