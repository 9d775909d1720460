// SPDX-License-Identifier: GPL-2.0
// Enumerations: negative, large, packed, forward, of holes, in arithmetic and switches.
#include "says.h"

enum small { A, B = 5, C, D = B + C * 2, E = -1 };
enum big { HUGE = 0x100000000ll, HUGER, TOP = -1 };
enum top { MAX = 0xffffffff, ZERO = 0 };
enum __attribute__((packed)) tiny { T0, T1 = 200 };
enum same { S1 = 1, S2 = 1, S3 = S1 };
enum { ANON = 'a', SIZED = sizeof(int) * 3, SHIFTED = 1 << 31, NOT = ~0u };
static const enum small order_of[] = { [A] = D, [B] = A, [C] = E };
static enum tiny tiny_one = T1;
struct with { enum tiny t; enum big b; enum small s : 4; enum { IN1 = 7, IN2 } inner; };

static noinline enum small after(enum small e)
{
	switch (e) {
	case A:
		return B;
	case B ... C:
		return e + 1;
	case E:
		return A;
	default:
		return (enum small)99;
	}
}

int enums(void)
{
	enum small e = E;
	enum big b = HUGE;
	enum top t = MAX;
	struct with w = { T1, HUGER, E, IN2 };
	enum small *p = &e;
	int i;

	SHOW(D);
	SHOW(E < A);
	SHOW(e < 0);
	SHOW(b + 1 == HUGER);
	SHOW(TOP < 0);
	SHOW(t + 1);
	SHOW(t > ZERO);
	SHOW(-t);
	SHOW(sizeof(e) + sizeof(b) * 10 + sizeof(t) * 100 + sizeof(tiny_one) * 1000 + sizeof(HUGE) * 10000 + sizeof(A) * 100000);
	SHOW(tiny_one + 100);
	tiny_one += 100;
	SHOW(tiny_one);
	SHOW(S1 == S2 && S2 == S3);
	SHOW(ANON + SIZED);
	SHOW(SHIFTED < 0);
	SHOW(NOT);
	SHOW(w.t + w.s + w.inner);
	SHOW(w.b == HUGER);
	SHOW(order_of[C] + order_of[A]);
	for (i = -1; i < 8; i++)
		SHOW(after(i));
	e++;
	SHOW(e == A);
	*p = 3;
	SHOW(e);
	*p |= 8;
	SHOW(e << 2);
	e = 2.0 > 1 ? B : C;
	SHOW(e);
	SHOW(e ? A : ANON);
	w.s = 7;
	SHOW(w.s);
	{
		enum small { A = 50, INNER };
		enum small e = INNER;

		SHOW(A + e);
	}
	SHOW((enum small)3.9);
	SHOW(!e + ~e);
	return e;
}
