// SPDX-License-Identifier: GPL-2.0
// Characters and strings: escapes, wide, joined, longer and shorter than their arrays.
#include "says.h"

typedef __WCHAR_TYPE__ wchar;
typedef __CHAR16_TYPE__ c16;
typedef __CHAR32_TYPE__ c32;
static const char plain[] = "a\tb\n\\\"\'\?\a\b\f\v\r\0z\177\x7f\x80\xff\1234\x1g";
static const char joined[] = "\x1" "2" "\0" "3" "é€😀" "\u00e9";
static const char exact[3] = "abc";
static const char room[8] = "ab";
static const u8 bytes[] = "\xff\xfe";
static const wchar wide[] = L"aé€" L"\xffff" L"\0b";
static const c16 sixteen[] = u"a€😀";
static const c32 thirty[] = U"a😀";
static const char eight[] = u8"é";
static const char lists[2][4] = { "one", "four" };
static const char *const names[] = { "zero", [2] = "two", "thr" "ee" };
static char changed[] = "change";
static char table[256] = { ['a'] = 'A', ['\xff' & 0xff] = 'F', ['\\'] = '/' };
static struct { char name[4]; const char *more; } entry = { "abcd", "{}%d \"{{" };

static noinline void each(const char *what, const char *s, size_t n)
{
	show_bytes(what, s, n);
}

int characters(void)
{
	char local[] = "local", longer[10] = "short", one[1] = "x", empty[] = "";
	const char *p = "pointer";
	wchar w = L'é';
	size_t i;

	each("plain", plain, sizeof(plain));
	each("joined", joined, sizeof(joined));
	each("exact", exact, sizeof(exact));
	each("room", room, sizeof(room));
	show_bytes("bytes", bytes, sizeof(bytes));
	show_bytes("wide", wide, sizeof(wide));
	show_bytes("sixteen", sixteen, sizeof(sixteen));
	show_bytes("thirty", thirty, sizeof(thirty));
	each("eight", eight, sizeof(eight));
	each("lists", lists[0], sizeof(lists));
	for (i = 0; i < ARRAY_SIZE(names); i++)
		printf("%s\n", names[i] ?: "none");
	changed[0] = 'C';
	changed[sizeof(changed) - 2] -= 32;
	printf("%s %s %s %s%s%c\n", changed, local, longer, empty, p + 3, *one);
	each("longer", longer, sizeof(longer));
	SHOW(table['a'] + table[255] + table['\\']);
	each("entry", entry.name, sizeof(entry.name));
	printf("%s\n", entry.more);
	SHOW(w);
	SHOW(sizeof(w));
	SHOW(L'\xffff');
	SHOW(L'\xffff' < 0);
	SHOW(u'€');
	SHOW(U'😀');
	SHOW('\377');
	SHOW('\x80' == 0x80);
	SHOW('\0');
	SHOW('\'' + '"');
	SHOW('abcd');
	SHOW((char)200 < 0);
	SHOW((char)-1 >> 1);
	SHOW(sizeof("a\0b"));
	SHOW(sizeof(L"ab"));
	SHOW(*"" == 0);
	SHOW("abc"[1]);
	SHOW(&"abc"[1] != NULL);
	SHOW(strlen("a" "" "b\0c"));
	SHOW(__func__[0]);
	SHOW(sizeof(__func__));
	SHOW(strcmp(__FUNCTION__, "characters"));
	p = i ? "yes" : "no";
	SHOW(*p);
	printf("%%d {} {0} {{ }} \\n %s\n", "%s");
	return plain[1];
}
