/* See call-line.h. */
#include "call-line.h"

/* The bytes of one line's arguments, and as much again for what they were. */
static char bytes[262144];
static size used;

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Decimal, or hexadecimal in small letters behind 0x. */
static const char *read_number(const char *at, unsigned long *to)
{
	int negative = *at == '-';
	unsigned long value = 0;

	if (negative)
		at++;
	if (!is_digit(*at))
		return 0;
	if (at[0] == '0' && at[1] == 'x') {
		for (at += 2; hex_digit(*at) >= 0; at++)
			value = value * 16 + hex_digit(*at);
	} else {
		for (; is_digit(*at); at++)
			value = value * 10 + *at - '0';
	}
	*to = negative ? -value : value;
	return at;
}

static const char *read_register(const char *at, unsigned long *number)
{
	if (*at != 'r' || !is_digit(at[1]))
		return 0;
	at = read_number(at + 1, number);
	return at && *number < REGISTERS ? at : 0;
}

/* What is kept in front is a copy, so that both begin where a structure may. */
static int keep(struct argument *argument, size length)
{
	char *copy = bytes + used;

	if (used + 2 * (length + 16) > sizeof(bytes))
		return 0;
	argument->before = copy;
	used += (length + 15) & ~15ul;
	argument->value = (unsigned long)(bytes + used);
	memcpy(bytes + used, copy, length);
	/* A path has an end. */
	bytes[used + length] = 0;
	used += (length + 16) & ~15ul;
	argument->length = length;
	return 1;
}

/* "text", in which \xHH, \n, \" and \\ stand for a byte. */
static const char *read_text(const char *at, struct argument *to)
{
	char *from = bytes + used, *end = from;

	for (at++; *at != '"'; at++) {
		char c = *at;

		if (!c || c == '\n' || end + 32 > bytes + sizeof(bytes))
			return 0;
		if (c == '\\') {
			c = *++at;
			if (c == 'n') {
				c = '\n';
			} else if (c == 'x') {
				if (hex_digit(at[1]) < 0 || hex_digit(at[2]) < 0)
					return 0;
				c = hex_digit(at[1]) * 16 + hex_digit(at[2]);
				at += 2;
			} else if (c != '"' && c != '\\') {
				return 0;
			}
		}
		*end++ = c;
	}
	return keep(to, end - from) ? at + 1 : 0;
}

/* room:N: N bytes of zeros. */
static const char *read_room(const char *at, struct argument *to)
{
	unsigned long length;

	at = read_number(at + 5, &length);
	if (!at || length > sizeof(bytes) / 2 - 64 || used + 2 * (length + 16) > sizeof(bytes))
		return 0;
	memset(bytes + used, 0, length);
	return keep(to, length) ? at : 0;
}

static const char *read_argument(const char *at, const long registers[REGISTERS], struct argument *to)
{
	unsigned long number;

	to->length = 0;
	to->before = 0;
	if (*at == '"')
		return read_text(at, to);
	if (starts_with(at, "room:"))
		return read_room(at, to);
	if (*at != 'r')
		return read_number(at, &to->value);
	at = read_register(at, &number);
	if (at)
		to->value = registers[number];
	return at;
}

int read_call(const char *at, const long registers[REGISTERS], struct call_line *to)
{
	const char *after;
	unsigned long number;
	size length = 0;

	used = 0;
	to->into = -1;
	to->count = 0;
	after = read_register(at, &number);
	if (after && starts_with(after, " = ")) {
		to->into = number;
		at = after + 3;
	}
	for (; *at && *at != ' ' && *at != '\n' && length < sizeof(to->name) - 1; at++)
		to->name[length++] = *at;
	to->name[length] = 0;
	while (*at == ' ') {
		if (to->count == MOST_ARGUMENTS)
			return 0;
		at = read_argument(at + 1, registers, &to->arguments[to->count++]);
		if (!at)
			return 0;
	}
	return length && (!*at || *at == '\n');
}
