// SPDX-License-Identifier: GPL-2.0
// Tables, constants, and their addresses; static initialisers that compute.
#include "says.h"

struct entry { const char *key; union { long num; const void *ptr; }; u8 flags; const struct entry *up; };
enum { N = 3, MASK = (1 << N) - 1, BIG = 0x7fffffff };
static const struct entry root = { "root", { .num = -1 }, MASK };
static const struct entry entries[N] = {
	{ "a", { .ptr = &root }, ~0, &root },
	{ "b" "c", { (long)sizeof(struct entry) << 2 }, 1 ? 2 : 3, &entries[0] },
	{ .up = entries + 1, .flags = (u8)300, .key = &"xyz"[1] },
};
static const u8 table[][2] = { { 1, 2 }, { 3 }, { [1] = 4 } };
static const u8 *const rows[] = { table[2], &table[0][1], table[1] + 1, (const u8 *)table + 2 };
static int numbers[N * 2] = { BIG, -BIG - 1, 'x', sizeof(table), N > 2 ? 5 : 6, !N + ~N };
static u64 wide[] = { -1, 1ull << 63, 0xffffffff, -1u, (u32)-1 << 4, ~0ull >> 1, (s8)0x80, (u8)-1 };
static s64 signed_wide[] = { 0x80000000, -0x80000000, -2147483648, (int)0x80000000, ~0u };
static bool flags[] = { 5, 0, !0, 0.5 > 1, (bool)256 };
static const int *const middle = &numbers[N], **none;
static char letters[] = { 'a', 'b' + 1, '\0', 0x7f, -1 };
static long difference = (char *)&entries[2] - (char *)entries;
static int *self_pointing[2] = { (int *)&self_pointing[1], (int *)self_pointing };
static u16 halves[4] = { 0x12345 & 0xffff, 65535u, -1, 1 << 15 };
static void *address = (void *)0xffff800000000000;
static const char *const messages[][2] = { { "one", "two" }, { [1] = "four" } };
static u32 sums = 1 + 2 * 3 - 4 / 2 % 5 << 1 | 8 ^ 3;
static const volatile int fixed = 7;
static int zero[3] = {}, later;
extern const int shared_constant;
const int shared_constant = 12;
static int const *const p_shared = &shared_constant;

int constants(void)
{
	const int local[] = { 1, 2, N };
	static const u16 inner[] = { 9, 8 };
	size_t i;

	for (i = 0; i < N; i++)
		SHOW(entries[i].flags * 10 + (entries[i].up ? entries[i].up->flags : 0));
	SHOW(entries[0].ptr == &root);
	SHOW(entries[1].num);
	printf("%s %s %s\n", entries[0].key, entries[1].key, entries[2].key);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		SHOW(rows[i][0]);
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		SHOW(numbers[i]);
	for (i = 0; i < ARRAY_SIZE(wide); i++)
		SHOW(wide[i]);
	for (i = 0; i < ARRAY_SIZE(signed_wide); i++)
		SHOW(signed_wide[i]);
	show_bytes("flags", flags, sizeof(flags));
	show_bytes("letters", letters, sizeof(letters));
	show_bytes("halves", halves, sizeof(halves));
	SHOW(*middle + (none == NULL));
	SHOW(difference == 2 * sizeof(struct entry));
	SHOW(*self_pointing[1] == (int)(long)&self_pointing[1]);
	SHOW((u64)address);
	printf("%s %s\n", messages[0][1], messages[1][0] ?: "(none)");
	SHOW(sums);
	SHOW(fixed + zero[2] + later + *p_shared);
	SHOW(local[2] + inner[1]);
	SHOW(MASK + BIG);
	numbers[0] = zero[1] = N;
	return numbers[0];
}
