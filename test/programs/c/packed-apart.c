// SPDX-License-Identifier: GPL-2.0
// Packing and alignment that meet: single members, packed structures with an alignment within packed ones, unions in `#pragma pack`, markers.
#include "says.h"

typedef u16 wide_u16 __attribute__((aligned(8)));
typedef u8 line_u8 __attribute__((aligned(32)));

struct members {
	u8 a;
	u32 b __attribute__((packed));
	u64 c __attribute__((aligned(16)));
	u8 d __attribute__((packed, aligned(4)));
};
struct inner { u8 a; struct { u8 x; u32 y; } b __attribute__((packed)); u16 c; };
struct __attribute__((packed, aligned(2))) two { u8 a; u32 b; u8 c[2]; };
struct __attribute__((packed, aligned(4))) four { u8 a; u64 b; };
struct plainly { u8 x; struct two p; u8 y; struct four q[2]; u64 z; };
struct __attribute__((packed)) tightly { u8 x; struct two p; struct four q; u8 z; };
struct __attribute__((packed)) named { u8 a; wide_u16 b; u32 c; };
struct __attribute__((packed)) raised { u8 a; u32 b __attribute__((aligned(4))); u8 c; u16 d; };
struct over { u8 a; wide_u16 b; u8 c; };
typedef struct { u8 a; wide_u16 b; u8 c; } over_t;
#pragma pack(push, 4)
struct part { u8 a; u64 b; union { u64 c; u8 d; }; };
union choice { u8 a; u64 b; };
typedef struct { u8 a; u64 b; } part_t;
struct later;
struct points { struct later *at; u8 a; };
struct later { u8 a; u64 b; };
#pragma pack(push, 2)
struct deeper { u8 a; u32 b; struct { u8 c; u32 d; } in; u32 e : 4; u8 f; };
#pragma pack(pop)
#pragma pack(pop)
#pragma pack(1)
union bytes { u8 a; u64 b; };
#pragma pack()
struct choices { u8 x; union choice u; union bytes v; u64 y; };
struct nothing { } __attribute__((aligned(8)));
struct marked { u8 a; u64 x[0]; u8 b; struct nothing n; u8 c; u32 tail[0]; };
struct lined { u8 a[3]; u8 z[0] __attribute__((aligned(16))); };
struct twice { u8 x; struct lined a[2]; };
struct flexible { u16 n; u8 data[] __attribute__((aligned(8))); };
union bits { u8 a : 3; u32 b : 7; u16 c; };

static volatile int seed = 3;
static struct members line __attribute__((aligned(64))) = { 1, 2, 3, 4 };
static line_u8 aligned = 5;

static noinline void sizes(void)
{
	SHOW(sizeof(struct members));
	SHOW(offsetof(struct members, b));
	SHOW(offsetof(struct members, c));
	SHOW(offsetof(struct members, d));
	SHOW(_Alignof(struct members));
	SHOW(sizeof(struct inner));
	SHOW(offsetof(struct inner, b));
	SHOW(offsetof(struct inner, c));
	SHOW(sizeof(struct two));
	SHOW(sizeof(struct plainly));
	SHOW(offsetof(struct plainly, q));
	SHOW(offsetof(struct plainly, z));
	SHOW(sizeof(struct tightly));
	SHOW(offsetof(struct tightly, q));
	SHOW(offsetof(struct tightly, z));
	SHOW(offsetof(struct named, c));
	SHOW(_Alignof(struct named));
	SHOW(sizeof(struct raised));
	SHOW(offsetof(struct raised, b));
	SHOW(offsetof(struct raised, d));
	SHOW(sizeof(struct over));
	SHOW(offsetof(struct over, c));
	SHOW(sizeof(over_t));
	SHOW(sizeof(struct part));
	SHOW(offsetof(struct part, c));
	SHOW(sizeof(union choice));
	SHOW(_Alignof(union choice));
	SHOW(sizeof(part_t));
	SHOW(sizeof(struct later));
	SHOW(sizeof(struct deeper));
	SHOW(offsetof(struct deeper, f));
	SHOW(_Alignof(union bytes));
	SHOW(sizeof(struct choices));
	SHOW(offsetof(struct choices, v));
	SHOW(sizeof(struct marked));
	SHOW(offsetof(struct marked, b));
	SHOW(offsetof(struct marked, tail));
	SHOW(sizeof(struct twice));
	SHOW(offsetof(struct flexible, data));
	SHOW(sizeof(union bits));
	SHOW(_Alignof(union bits));
}

static noinline int aligned_by_name(void)
{
	line_u8 here = seed;

	return ((unsigned long)&here & 31) + here;
}

int packed_apart(void)
{
	struct members m = { 1, 2, 3, 4 };
	struct inner n = { 1, { 2, 3 }, 4 };
	struct plainly p = { 1, { 2, 3, { 4, 5 } }, 6, { { 7, 8 }, { 9, 10 } }, 11 };
	struct tightly t = { 1, { 2, 3, { 4, 5 } }, { 6, 7 }, 8 };
	struct named s = { 1, 2, 3 };
	struct raised r = { 1, 2, 3, 4 };
	struct over o = { 1, 2, 3 };
	struct part a = { 1, 2, { 3 } };
	struct deeper d = { 1, 2, { 3, 4 }, 5, 6 };
	struct later l = { 1, 2 };
	struct choices c = { 1, { 2 }, { 3 }, 4 };
	struct marked k = { 1, {}, 2, {}, 3 };
	union bits u = { .b = 77 };

	sizes();
	SHOW(((unsigned long)&line & 63) + ((unsigned long)&aligned & 31));
	SHOW(aligned_by_name());
	m.b += seed;
	n.b.y++;
	SHOW(m.b + m.c + m.d + n.b.y + n.c);
	p.p.b += seed;
	p.q[seed & 1].b++;
	t.p.c[1] += seed;
	t.q.b += p.q[1].b;
	SHOW(p.p.b + p.q[1].b + t.p.c[1] + t.p.b + t.q.b + t.z);
	s.b += seed;
	r.d++;
	r.b += r.d;
	o.b++;
	SHOW(s.b + s.c + r.b + r.c + r.d + o.b + o.c);
	a.b += seed;
	a.c++;
	d.in.d++;
	d.e++;
	l.b += a.d;
	c.u.b += seed;
	c.v.b++;
	SHOW(a.b + a.d + d.b + d.in.d + d.e + d.f + l.b + c.u.a + c.v.a + c.y);
	u.a++;
	SHOW(k.b + k.c + u.a + u.c);
	return aligned;
}
