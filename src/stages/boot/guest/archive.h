/* The "newc" cpio format (see cpio.ts), as far as the host uses it for what a run brings with it. */
#ifndef KPORT_ARCHIVE_H
#define KPORT_ARCHIVE_H

#include "system.h"

struct archived {
	const char *name, *data;
	size length;
	unsigned int mode;
};

/* The file that begins at `*at`, which moves behind it; 0 at the archive's end, or where it is none. */
int next_file(const char *archive, size length, size *at, struct archived *file);

#endif
