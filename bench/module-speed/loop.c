// SPDX-License-Identifier: GPL-2.0
/*
 * How long ringdev takes: its ioctl that changes 64 bytes, and a record written and read back. Prints one line each: a name, and the
 * nanoseconds of one round in the fastest of many short stretches, which is the one that nothing else disturbed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "ringdev_ioctl.h"

#define STRETCHES	40
#define ROUNDS		250

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

static void measure(const char *name, int (*round)(void))
{
	double best = 0;

	for (int s = 0; s < STRETCHES; s++) {
		struct timespec from, to;
		double took;

		clock_gettime(CLOCK_MONOTONIC, &from);
		for (int i = 0; i < ROUNDS; i++) {
			if (round() < 0) {
				perror(name);
				return;
			}
		}
		clock_gettime(CLOCK_MONOTONIC, &to);
		took = ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) / ROUNDS;
		if (best == 0 || took < best)
			best = took;
	}
	printf("%s %.1f\n", name, best);
}

int main(void)
{
	fd = open("/dev/ringdev", O_RDWR | O_NONBLOCK);
	if (fd < 0) {
		perror("/dev/ringdev");
		return 1;
	}
	measure("ioctl", transform);
	measure("record", record);
	return 0;
}
