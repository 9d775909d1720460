// SPDX-License-Identifier: GPL-2.0
/* How long ringdev takes: its ioctl that changes 64 bytes, and a record written and read back. */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "measure.h"
#include "ringdev_ioctl.h"

static int fd;

static int transform(void)
{
	struct ringdev_transform t = { .length = sizeof(t.data) };

	memset(t.data, 'a', sizeof(t.data));
	return ioctl(fd, RINGDEV_IOC_TRANSFORM, &t);
}

static int record(void)
{
	static const char text[RINGDEV_PAYLOAD] = "a record of thirty-two bytes ...";
	struct ringdev_record r;

	if (write(fd, text, sizeof(text)) != (ssize_t)sizeof(text))
		return -1;
	return read(fd, &r, sizeof(r)) == (ssize_t)sizeof(r) ? 0 : -1;
}

int main(void)
{
	fd = open("/dev/ringdev", O_RDWR | O_NONBLOCK);
	if (fd < 0) {
		perror("/dev/ringdev");
		return 1;
	}
	measure("ioctl", 250, transform);
	measure("record", 250, record);
	return 0;
}
