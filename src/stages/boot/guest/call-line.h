/* One call of a list, as a line of text says it (docs/fuzz.md): `r0 = open "/dev/ring" 2`, `ioctl r0 0x5201 room:8`. */
#ifndef KPORT_CALL_LINE_H
#define KPORT_CALL_LINE_H

#include "system.h"

#define MOST_ARGUMENTS 6
#define REGISTERS 64

struct argument {
	/* A number, or where the bytes are. */
	unsigned long value;
	/* Of bytes: how many, and a copy of what they are before the call. 0 of a number. */
	size length;
	const char *before;
};

struct call_line {
	char name[24];
	/* The register that keeps the result, or -1. */
	int into;
	int count;
	struct argument arguments[MOST_ARGUMENTS];
};

/* Read a line up to its end; `registers` are the results kept so far. Whether it is one; its bytes stay until the next is read. */
int read_call(const char *line, const long registers[REGISTERS], struct call_line *to);

#endif
