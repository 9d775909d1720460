// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Label addresses: a dispatch table, a label kept in a variable and in a structure, differences, one that is given away, _THIS_IP_.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/instruction_pointer.h>

enum op { PUSH, ADD, MUL, DUP, JUMP, HALT };

static volatile int seed = 3;

static int interpret(const u8 *code)
{
	static const void *const table[] = {
		[PUSH] = &&push, [ADD] = &&add, [MUL] = &&mul, [DUP] = &&dup, [JUMP] = &&jump, [HALT] = &&halt,
	};
	int stack[8] = { 0 }, top = -1;

#define NEXT goto *table[*code++]
	NEXT;
push:
	stack[++top] = *code++;
	NEXT;
add:
	stack[top - 1] += stack[top];
	top--;
	NEXT;
mul:
	stack[top - 1] *= stack[top];
	top--;
	NEXT;
dup:
	stack[top + 1] = stack[top];
	top++;
	NEXT;
jump:
	code += *code + 1;
	NEXT;
halt:
	return stack[top];
}

static int resume(int turns)
{
	void *at = &&first;
	int sum = 0;

again:
	if (!turns--)
		return sum;
	goto *at;
first:
	sum += 1;
	at = &&second;
	goto again;
second:
	sum *= 3;
	at = &&first;
	goto again;
}

/* Differences of labels fit into bytes, and need no relocation. */
static noinline int by_offsets(const char *text)
{
	static const signed char offsets[] = { &&digit - &&other, &&letter - &&other, &&other - &&other };
	int digits = 0, letters = 0;

next:
	if (!*text)
		return digits * 10 + letters;
	goto *(&&other + offsets[*text >= '0' && *text <= '9' ? 0 : *text >= 'a' && *text <= 'z' ? 1 : 2]);
digit:
	digits++;
other:
	text++;
	goto next;
letter:
	letters++;
	text++;
	goto next;
}

struct routine {
	void *at;
	int value;
};

/* Each call goes on where the last one left. */
static noinline int step(struct routine *r)
{
	if (r->at)
		goto *r->at;
	r->at = &&second;
	return r->value;
second:
	r->at = r->value > 100 ? &&last : &&second;
	return r->value *= 3;
last:
	r->at = NULL;
	return -1;
}

static noinline void *seen(void *place)
{
	return place;
}

/* Where a label's address leaves the function it has to be one. */
static noinline int given_away(int n)
{
	void *at = n > 3 ? &&many : &&few;

	if (seen(&&many) == seen(&&few))
		return -1;
	goto *at;
many:
	return 1;
few:
	return 2;
}

static int __init computed_init(void)
{
	const u8 code[] = { PUSH, 5, DUP, MUL, JUMP, 2, PUSH, 99, PUSH, seed, ADD, HALT };
	struct routine r = { NULL, seed };
	int i;

	pr_info("result %d\n", interpret(code));
	pr_info("resumed %d %d\n", resume(seed), resume(6));
	pr_info("offsets %d\n", by_offsets("a1-bc22d3"));
	for (i = 0; i < 9; i++)
		pr_info("step %d\n", step(&r));
	pr_info("given away %d, %d\n", given_away(seed), given_away(seed + 1));
	pr_info("here is somewhere: %d\n", _THIS_IP_ != 0);
	return 0;
}

static void __exit computed_exit(void)
{
}

module_init(computed_init);
module_exit(computed_exit);

MODULE_DESCRIPTION("computed-goto");
MODULE_LICENSE("GPL");
