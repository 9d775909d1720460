// SPDX-License-Identifier: GPL-2.0
// Arguments behind the dots: of all types, functions among them, and lists of them that are copied and passed on.
#include "says.h"
typedef __builtin_va_list va_list;
#define va_start(l, a) __builtin_va_start(l, a)
#define va_end(l) __builtin_va_end(l)
#define va_arg(l, t) __builtin_va_arg(l, t)
#define va_copy(a, b) __builtin_va_copy(a, b)
struct vf { const char *fmt; va_list *va; }; struct pair { int a, b; };
static noinline u64 vsum(const char *f, va_list l)
{
	u64 s = 0;
	for (; *f; f++) switch (*f) { case 'c': s += (char)va_arg(l, int); break; case 'u': s += va_arg(l, unsigned); break; case 'd': s += va_arg(l, int); break; case 'l': s += va_arg(l, long); break; case 'q': s ^= va_arg(l, u64); break; case 's': s += strlen(va_arg(l, const char *)); break; case 'p': s += *va_arg(l, int *); break; case 'f': s += va_arg(l, int (*)(int))(5); break; case 'b': s += (bool)va_arg(l, int); break; }
	return s;
}
static noinline u64 sum(const char *f, ...) { va_list l, m; u64 a, b; va_start(l, f); va_copy(m, l); a = vsum(f, l); b = vsum(f, m); va_end(l); va_end(m); return a * 2 - b + (a == b); }
static noinline u64 through(struct vf *v) { va_list l; u64 r; va_copy(l, *v->va); r = vsum(v->fmt, l); va_end(l); return r; }
static noinline u64 indirect(const char *f, ...) { struct vf v = { .fmt = f }; va_list l; u64 r; va_start(l, f); v.va = &l; r = through(&v) + through(&v); va_end(l); return r; }
static noinline int skip(int n, ...) { va_list l; int r = -1; va_start(l, n); while (n-- >= 0) r = va_arg(l, int); va_end(l); return r; }
static noinline int none(int n, ...) { return n; }
static noinline int twice(int n, ...) { va_list l; int r; va_start(l, n); r = va_arg(l, int); va_end(l); va_start(l, n); r = r * 10 + va_arg(l, int); va_end(l); return r; }
static int add(int x) { return x + 1; }
#define LOG(f, ...) sum(f, ##__VA_ARGS__)
#define LOG2(f, args...) (sum(f, ## args) + sizeof(#args))
#define COUNT(...) COUNT_(0, ##__VA_ARGS__, 3, 2, 1, 0)
#define COUNT_(_, a, b, c, n, ...) n
int variadic(void)
{
	int i = 77; u8 b = 200; s8 sb = -3; u16 h = 60000; bool t = 5; char c = 'z';
	struct { u32 f : 3; s32 s : 5; } bf = { 6, -7 };
	SHOW(sum("cudlqspfb", c, 4000000000u, -5, -6l, 7ull, "four", &i, add, 2)); SHOW(sum("dddd", b, sb, h, t)); SHOW(sum("dd", bf.f, bf.s)); SHOW(sum("uuuuuuuuu", 1, 2, 3, 4, 5, 6, 7, 8, 9)); SHOW(sum("qlql", -1ull, -1l, 1ull << 63, 0l)); SHOW(sum("")); SHOW(indirect("dsl", -1, "xyz", 5l)); SHOW(skip(3, 1, 2, 3, 4)); SHOW(none(3, 4, "x")); SHOW(twice(0, 9)); SHOW(LOG("")); SHOW(LOG("d", 5)); SHOW(LOG2("dd", 5, 6)); SHOW(LOG2("")); SHOW(COUNT()); SHOW(COUNT(a, b)); SHOW(sum("d", (u8)300 + b)); SHOW(sum("l", (long)b << 33)); SHOW(sum("c", 0x1ff)); SHOW(sum("d", c == 122 ? b : sb)); SHOW(sum("q", (u64)sb)); SHOW(sum("u", ~b)); printf("%d %u %lu %lld %c %s %x %hhd %hd %5d|%-5d|%05d %p\n", sb, b, (long)h, (s64)i, c, "str", -1, 300, 70000, 5, 5, 5, NULL);
	return 0;
}
