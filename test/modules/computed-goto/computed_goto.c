// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Label addresses: a dispatch table, a label kept in a variable, differences, _THIS_IP_.
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

static int __init computed_init(void)
{
	const u8 code[] = { PUSH, 5, DUP, MUL, JUMP, 2, PUSH, 99, PUSH, seed, ADD, HALT };

	pr_info("result %d\n", interpret(code));
	pr_info("resumed %d %d\n", resume(seed), resume(6));
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
