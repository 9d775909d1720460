// SPDX-License-Identifier: GPL-2.0
// Constants of many bits taken apart into narrow places, as `GUID_INIT` and `put_unaligned` do; shifts by as many bits as a place has.
#include "says.h"
#define BYTES(a, b) { (a) & 0xff, ((a) >> 8) & 0xff, ((a) >> 16) & 0xff, ((a) >> 24) & 0xff, (b) & 0xff, ((b) >> 8) & 0xff }
#define WORDS(a) { (a), (a) >> 16, (a) >> 31, (a) >> 7, (a) << 8, (a) << 15 }
#define HI(x) ((x) >> 16)
#define NIL 0
static const u8 zero[] = BYTES(0, 0), some[] = BYTES(0x12345678, 0xabcd), last[] = BYTES(0xffffffffu, NIL);
static const u16 words[] = WORDS(0), more[] = WORDS(1), all[] = WORDS(-1);
static const s8 narrow[] = { 0 >> 8, 1 >> 8, 0 << 8, 127 >> 31, -1 >> 8, HI(NIL), HI(5) };
static const u64 wide[] = { 0 << 31, 0u >> 31, 1ull >> 63, 0ull << 63, HI(0x12345) };
struct bits { u8 a : 4, b : 4; u16 h; bool t; };
static struct bits bits = { 0 >> 8, 0x100 >> 8, 0 >> 16, 1 >> 8 };
typedef struct { u8 b[8]; } id_t;
#define ID(a, b, d0) ((id_t){ { (a) & 0xff, ((a) >> 8) & 0xff, ((a) >> 16) & 0xff, ((a) >> 24) & 0xff, (b) & 0xff, ((b) >> 8) & 0xff, (d0) } })
static const id_t nil = ID(0x00000000, 0xfacb, 0xbd);
static const id_t two[] = { ID(0, 0, 0), ID(0x12345678, 0, 1) };
static noinline int same(id_t id) { id_t own = ID(0, 0xff00, 2); return !memcmp(&id, &nil, 8) + own.b[5]; }
static noinline u8 low(int k) { u8 a[6] = BYTES(0, 7 << 8); u16 h = 0 >> 16; s8 c = 0 << 9; h |= 0 >> 16 | 1 << 9; c ^= 0 >> 8; a[0] = HI(0) + (k >> 8); return a[5] + a[0] + h + c; }
/* In C's int, by more bits than they have. */
static noinline u32 by(u8 b, s8 s, u16 h, int n) { u8 *p = &b; b >>= n; *p |= 64; s >>= n; h >>= n & 17; h >>= 3; b >>= 4; p[0] >>= n - 8; s <<= n - 5; return b | (u8)s << 8 | h << 16; }
int narrow_shifts(void)
{
	for (int n = 8; n < 18; n++) SHOW(by(200, -100, 40000, n));
	show_bytes("zero", zero, sizeof(zero)); show_bytes("some", some, sizeof(some)); show_bytes("last", last, sizeof(last));
	show_bytes("words", words, sizeof(words)); show_bytes("more", more, sizeof(more)); show_bytes("all", all, sizeof(all));
	show_bytes("narrow", narrow, sizeof(narrow)); show_bytes("wide", wide, sizeof(wide)); show_bytes("bits", &bits, sizeof(bits));
	show_bytes("nil", &nil, sizeof(nil)); show_bytes("two", two, sizeof(two));
	SHOW(same(nil)); SHOW(same(ID(0, 0xfacb, 0xbd))); SHOW(low(0x1234));
	return bits.b;
}
