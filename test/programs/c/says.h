/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs have of the C library, and how they show what they compute. */
#ifndef SAYS_H
#define SAYS_H
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef _Bool bool;
typedef unsigned long size_t;
#define NULL ((void *)0)
#define true 1
#define false 0
#define noinline __attribute__((noinline))
#define offsetof(type, member) __builtin_offsetof(type, member)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define __copy(symbol) __attribute__((__copy__(symbol)))
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))

int printf(const char *format, ...);
void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);

/* A number with the text that computed it. */
#define SHOW(e) printf("%s = %lld\n", #e, (long long)(e))

static inline void show_bytes(const char *what, const void *at, size_t n)
{
	const u8 *byte = at;
	size_t i;

	printf("%s", what);
	for (i = 0; i < n; i++)
		printf(" %02x", byte[i]);
	printf("\n");
}

/* Old bytes where locals will lie. */
static noinline void dirty_stack(void)
{
	volatile u8 stack[1024];
	size_t i;

	for (i = 0; i < sizeof(stack); i++)
		stack[i] = 0xee;
}
#endif
