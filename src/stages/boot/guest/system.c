/* See system.h. */
#include <linux/signal.h>
#include "system.h"

/* The compiler makes calls of these out of assignments and loops. */
void *memcpy(void *to, const void *from, size length)
{
	void *result = to;

	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
	return result;
}

void *memset(void *to, int value, size length)
{
	void *result = to;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(length) : "a"(value) : "memory");
	return result;
}

size length_of(const char *text)
{
	size n = 0;

	while (text[n])
		n++;
	return n;
}

int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

int starts_with(const char *text, const char *start)
{
	while (*start && *text == *start)
		text++, start++;
	return !*start;
}

char *find(char *text, char c)
{
	while (*text && *text != c)
		text++;
	return text;
}

char *append(char *to, const char *text)
{
	while ((*to = *text++))
		to++;
	return to;
}

char *append_number(char *to, long number)
{
	char digits[24];
	int n = 0;
	unsigned long left = number < 0 ? -(unsigned long)number : (unsigned long)number;

	if (number < 0)
		*to++ = '-';
	do {
		digits[n++] = '0' + left % 10;
		left /= 10;
	} while (left);
	while (n)
		*to++ = digits[--n];
	*to = 0;
	return to;
}

long number_of(const char *text)
{
	long number = 0;

	while (*text >= '0' && *text <= '9')
		number = number * 10 + *text++ - '0';
	return number;
}

int open_file(const char *path, int flags)
{
	return CALL(open, path, flags | O_CLOEXEC, 0644);
}

long read_file(const char *path, char *to, size room)
{
	int file = open_file(path, O_RDONLY);
	size length = 0;
	long got = 0;

	*to = 0;
	if (file < 0)
		return file;
	while (length < room - 1 && (got = CALL(read, file, to + length, room - 1 - length)) > 0)
		length += got;
	to[length] = 0;
	CALL(close, file);
	return got < 0 ? got : (long)length;
}

long write_file(const char *path, const char *text)
{
	int file = open_file(path, O_WRONLY | O_TRUNC);
	long wrote;

	if (file < 0)
		return file;
	wrote = CALL(write, file, text, length_of(text));
	CALL(close, file);
	return wrote;
}

int write_all(int file, const char *from, size length)
{
	while (length) {
		long wrote = CALL(write, file, from, length);

		if (wrote <= 0)
			return 1;
		from += wrote;
		length -= wrote;
	}
	return 0;
}

int fork_child(void)
{
	return CALL(clone, SIGCHLD, 0, 0, 0, 0);
}

int wait_for(int child)
{
	int status = 0;

	CALL(wait4, child, &status, 0, 0);
	return status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff;
}

void leave(int status)
{
	for (;;)
		CALL(exit_group, status);
}
