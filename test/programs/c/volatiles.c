// SPDX-License-Identifier: GPL-2.0
// Volatile objects of all types and places, changed in all ways.
#include "says.h"

struct regs { volatile u32 control; volatile u8 bytes[4]; volatile struct { u16 lo, hi; } pair; volatile u32 f : 5, g : 9; u32 plain; volatile u64 *p; };
static volatile struct regs regs;
static struct regs other;
static volatile int counter = 3;
static volatile bool flag;
static volatile u64 wide = 1ull << 40;
static int *volatile vp;
static const volatile u8 fixed = 9;
static volatile enum { ONE = 1, TWO } e = TWO;

int volatiles(void)
{
	volatile int local = 4, list[3] = { 1, 2, 3 };
	volatile s8 tiny = 127;
	struct regs *r = &other;
	volatile struct regs *v = &regs;
	int x = 5, i;

	SHOW(counter++ + ++counter);
	SHOW(counter-- - --counter);
	SHOW(counter += counter);
	SHOW(x = counter = 70000);
	SHOW(x = tiny = 300);
	SHOW(++tiny);
	tiny = 127;
	SHOW(tiny++);
	SHOW(tiny);
	SHOW(flag = 5);
	SHOW(flag ^= 1);
	SHOW(flag++ + flag);
	SHOW(wide >>= 3);
	SHOW(wide *= local);
	SHOW(fixed + e);
	e = ONE;
	SHOW(e << 4);
	vp = &x;
	SHOW((*vp)++ + *vp);
	SHOW(vp == &x && *vp == x);
	r->control = 0xffff0000;
	r->control |= 1 << 3;
	r->control &= ~(1u << 31);
	SHOW(r->control);
	for (i = 0; i < 4; i++)
		r->bytes[i] = i * 70;
	r->bytes[3]++;
	SHOW(r->bytes[3] + r->bytes[1]--);
	r->pair.hi = r->pair.lo = 70000;
	SHOW(r->pair.hi += 3);
	r->f = 37;
	r->g = r->f++ * 3;
	SHOW(r->f + r->g);
	SHOW(r->f ^= r->g);
	r->p = &wide;
	*r->p = 77;
	SHOW(*r->p++ + wide);
	v->plain = 6;
	SHOW(v->plain++ + v->plain);
	v->bytes[v->plain & 3] = 8;
	SHOW(v->bytes[3]);
	*v = other;
	SHOW(v->control);
	other = *v;
	SHOW(other.pair.hi);
	list[local & 1]++;
	SHOW(list[0] + list[1] * 10);
	local;
	(void)counter;
	local++, local--;
	SHOW(local ? local-- : 0);
	while (local)
		local--;
	SHOW(READ_ONCE(x) + *(volatile int *)&x);
	*(volatile u8 *)&x = 0xff;
	SHOW(x);
	switch (counter & 3) {
	case 0:
		return 4;
	}
	return local;
}
