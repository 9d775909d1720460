// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Gives images to the loader, good ones and bad ones, and prints what it says of each.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <il_image.h>
#include <il_interface.h>

static int device;

static void call(const char *what, unsigned long request, void *arg)
{
	int ret = ioctl(device, request, arg);

	printf("%s: %d %s\n", what, ret, ret < 0 ? strerror(errno) : "");
}

struct image {
	struct il_header header;
	struct il_segment segments[2];
	struct il_symbol symbols[2];
	struct il_relocation relocations[1];
	char data[24];
	char names[16];
} IL_PACKED;

static void add(struct image *image, uint64_t length)
{
	call("length", IL_IOCTL_ADD_LENGTH, &length);
	call("add", IL_IOCTL_ADD, image);
}

static struct image made(const char *defines, const char *needs)
{
	struct image image = {
		.header = { .magic = IL_MAGIC, .segments = 2, .symbols = 2, .relocations = 1, .names = offsetof(struct image, names) },
		.segments = {
			{ .kind = 1, .offset = offsetof(struct image, data), .filesz = 16, .address = 0, .memsz = 5000 },
			{ .kind = 2, .offset = offsetof(struct image, data) + 16, .filesz = 8, .address = 5003, .memsz = 77 },
		},
		.symbols = { { .segment = 1, .name = 1, .value = 5 }, { .segment = 0xff, .name = 8 } },
		.relocations = { { .at = 13, .symbol = 1, .addend = -2 } },
		.data = "some text, and some data",
	};

	strncpy(image.names + 1, defines, 6);
	strncpy(image.names + 8, needs, 6);
	return image;
}

int main(void)
{
	struct image one = made("alpha", "beta"), two = made("beta", "alpha"), alone = made("gamma", "delta");
	struct il_ring ring;
	int64_t status = -1;

	device = open("/dev/" IL_DEVICE_NAME, O_RDWR);
	if (device < 0) {
		perror("open");
		return 1;
	}
	call("load of nothing", IL_IOCTL_LOAD, NULL);
	call("start of nothing", IL_IOCTL_START, NULL);
	call("no such request", _IO(0xD0, 99), NULL);
	add(&one, 4);
	call("too short", IL_IOCTL_LOAD, NULL);
	add(&alone, sizeof(alone));
	call("undefined symbol", IL_IOCTL_LOAD, NULL);
	add(&one, sizeof(one));
	add(&two, sizeof(two));
	call("load", IL_IOCTL_LOAD, NULL);
	add(&alone, sizeof(alone));
	call("start", IL_IOCTL_START, NULL);
	call("unload while it runs", IL_IOCTL_UNLOAD, NULL);
	call("status", IL_IOCTL_STATUS, &status);
	printf("status %lld\n", (long long)status);
	call("dump", IL_IOCTL_DUMP, &ring);
	printf("ring %llu %llu %.*s\n", (unsigned long long)ring.spos, (unsigned long long)ring.epos, (int)(ring.epos - ring.spos), ring.buf);
	call("stop", IL_IOCTL_STOP, NULL);
	call("unload", IL_IOCTL_UNLOAD, NULL);
	call("dump of nothing", IL_IOCTL_DUMP, &ring);
	call("no pointer", IL_IOCTL_STATUS, NULL);
	return 0;
}
