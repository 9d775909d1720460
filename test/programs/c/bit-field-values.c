// SPDX-License-Identifier: GPL-2.0
// Bit-fields of all widths, signs and types: what they keep, give, and promote to.
#include "says.h"

enum level { LOW, MID, HIGH = 3 };
struct fields {
	signed int s1 : 1;
	unsigned int u1 : 1;
	int s3 : 3;
	u32 u31 : 31;
	s32 s32 : 32;
	u64 u33 : 33;
	s64 s40 : 40;
	u64 u63 : 63;
	u64 whole : 64;
	bool yes : 1;
	u8 small : 5;
	s8 signed_small : 5;
	u16 mid : 9;
	s16 signed_mid : 12;
	enum level level : 2;
	char plain : 4;
	long l : 50;
	unsigned : 0;
	unsigned after : 2;
};
static struct fields f;

static noinline void fill(struct fields *p, long k)
{
	p->s1 = k;
	p->u1 = k;
	p->s3 = k;
	p->u31 = k;
	p->s32 = k;
	p->u33 = k;
	p->s40 = k;
	p->u63 = k;
	p->whole = k;
	p->yes = k;
	p->small = k;
	p->signed_small = k;
	p->mid = k;
	p->signed_mid = k;
	p->level = k;
	p->plain = k;
	p->l = k;
	p->after = k;
}

static noinline void tell(const struct fields *p)
{
	printf("%d %u %d %u %d %llu %lld %llu %llu %d %u %d %u %d %d %d %ld %u\n", p->s1, p->u1, p->s3, p->u31, p->s32,
	       (u64)p->u33, (s64)p->s40, (u64)p->u63, (u64)p->whole, p->yes, p->small, p->signed_small, p->mid,
	       p->signed_mid, p->level, p->plain, (long)p->l, p->after);
}

int bit_field_values(void)
{
	struct fields local = { .s3 = -4, .u33 = 0x1ffffffffull, .level = HIGH, .yes = 4, .plain = -1 };
	u64 wide;

	SHOW(sizeof(struct fields));
	fill(&f, 0x123456789abcdef5);
	tell(&f);
	fill(&f, -1);
	tell(&f);
	fill(&f, 10);
	tell(&f);
	tell(&local);
	SHOW(f.small - 20 < 0);
	SHOW(f.u31 - 0x7fffffff < 0);
	SHOW((local.u33 << 1) >> 1);
	SHOW(local.u33 + 1);
	SHOW(-local.u1);
	SHOW(~f.small);
	wide = f.u31 << 4;
	SHOW(wide);
	wide = f.u33 << 31;
	SHOW(wide);
	SHOW(f.small = 99);
	SHOW(f.s3 = 7);
	SHOW(f.yes = 2);
	SHOW(f.small += 30);
	SHOW(f.small++);
	SHOW(++f.small);
	SHOW(f.s3--);
	SHOW(f.s3 -= 9);
	SHOW(f.signed_mid <<= 9);
	SHOW(f.u63 = -1);
	SHOW(f.u63 * 2);
	SHOW(f.mid |= 0x155);
	SHOW(f.mid ^= 0xfff);
	SHOW(f.s40 >>= 3);
	SHOW(f.u33 /= 3);
	SHOW(f.plain > 7);
	SHOW(f.yes ^= 1);
	SHOW(f.yes++);
	SHOW(f.yes--);
	SHOW(f.yes--);
	SHOW(f.level == HIGH ? f.level : LOW);
	SHOW(f.s1 ?: f.after);
	SHOW(f.u1 = f.small = f.s3 = 13);
	tell(&f);
	return f.small;
}
