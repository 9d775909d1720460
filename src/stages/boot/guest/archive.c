/* See archive.h. */
#include "archive.h"

#define HEADER 110
/* Positions of the header's fields of eight hexadecimal digits. */
#define MODE 14
#define FILE_SIZE 54
#define NAME_SIZE 94

static size hexadecimal(const char *digits)
{
	size number = 0;

	for (int i = 0; i < 8; i++)
		number = number * 16 + (digits[i] <= '9' ? digits[i] - '0' : (digits[i] | 0x20) - 'a' + 10);
	return number;
}

static size rounded(size length)
{
	return (length + 3) & ~3ul;
}

int next_file(const char *archive, size length, size *at, struct archived *file)
{
	const char *header = archive + *at;
	size data;

	if (*at + HEADER > length || !starts_with(header, "070701"))
		return 0;
	data = rounded(*at + HEADER + hexadecimal(header + NAME_SIZE));
	file->name = header + HEADER;
	file->data = archive + data;
	file->length = hexadecimal(header + FILE_SIZE);
	file->mode = hexadecimal(header + MODE);
	*at = rounded(data + file->length);
	return *at <= length && !same(file->name, "TRAILER!!!");
}
