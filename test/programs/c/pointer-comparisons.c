// SPDX-License-Identifier: GPL-2.0
// Pointers of which one alone can be written through: compared, given to one another, null.
#include "says.h"
struct sk { u8 *head; const u8 *chead; u16 at; };
static inline u8 *mac(const struct sk *s) { return s->head + s->at; }
static noinline int one(const struct sk *s, int k)
{
	const unsigned char *p = mac(s);
	if (k) {
		p -= 14;
		if (p < s->head)
			p = NULL;
	}
	return p ? *p++ + *p : -1;
}
static noinline int two(const struct sk *s, u8 *q, const u8 *r) { return (q < r) + (r > q) * 2 + (q == s->chead) * 4 + (s->chead != s->head) * 8 + (r - q) * 16 + ((s->at ? q : r) == q) * 1000; }
static noinline int three(const struct sk *s)
{
	if (s->at < 2)
		goto out;
	switch (s->at) {
	case 3:
		if (s->head[0] == 9) return 4;
		return 5;
	default:
		break;
	}
out:
	SHOW(s->at);
	if (s->at && s->head) {
		const unsigned char *p = mac(s);
		unsigned int i;
		if (p) {
			SHOW(*p++);
			for (i = 1; i < s->at; i++)
				SHOW(*p++);
		}
	}
	return 0;
}
int pointer_comparisons(void)
{
	u8 b[20] = { 1, 2, 3, 4, 5 };
	struct sk s = { b, b + 1, 2 };
	SHOW(one(&s, 0)); SHOW(one(&s, 1)); SHOW(two(&s, b, b)); SHOW(two(&s, b + 1, b)); SHOW(three(&s));
	return 0;
}
