// SPDX-License-Identifier: GPL-2.0
/* How long a RAM disk takes for 16 KiB, past the page cache: each page is looked up, and copied, by the module. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

#define BYTES	16384

static char buffer[BYTES] __attribute__((aligned(4096)));
static int fd;

static int put(void)
{
	return pwrite(fd, buffer, BYTES, 65536) == BYTES ? 0 : -1;
}

static int get(void)
{
	return pread(fd, buffer, BYTES, 65536) == BYTES ? 0 : -1;
}

int main(void)
{
	fd = open("/dev/ram0", O_RDWR | O_DIRECT);
	if (fd < 0) {
		perror("/dev/ram0");
		return 1;
	}
	memset(buffer, 'a', BYTES);
	measure("write", 100, put);
	measure("read", 100, get);
	return 0;
}
