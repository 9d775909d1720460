// SPDX-License-Identifier: GPL-2.0
/*
 * Drives everything ringdev offers and prints what came back: no addresses, ids of processes or times, so that two runs
 * print the same. Exit status 1 when something was not as the driver promises.
 *
 * Copyright (C) 2026 kport contributors
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ringdev_ioctl.h"

#define DEVICE "/dev/ringdev"
#define PARAMETERS "/sys/module/ringdev/parameters/"
#define ATTRIBUTES "/sys/class/misc/ringdev/"

/* Volatile, or the compiler sees what we are up to and warns. */
static void *volatile nowhere = (void *)1;
static int surprises;

/* Say how a call ended; a surprise when that is not as @wanted: 0 or more for success, else an errno. */
static long say(const char *what, long result, int wanted)
{
	int error = result < 0 ? errno : 0;

	printf("%s: %ld%s%s\n", what, result < 0 ? -1 : result, error ? ", " : "", error ? strerror(error) : "");
	if (error != wanted) {
		printf("surprise: %s was to end with \"%s\"\n", what, strerror(wanted));
		surprises++;
	}
	return result;
}

static void check(const char *what, int holds)
{
	printf("%s: %s\n", what, holds ? "yes" : "no");
	if (!holds)
		surprises++;
}

static void show_file(const char *path)
{
	char text[512];
	ssize_t n;
	int fd = open(path, O_RDONLY);

	if (fd < 0) {
		say(path, -1, 0);
		return;
	}
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	printf("%s = %s", path, text);
}

static void set_file(const char *path, const char *value, int wanted)
{
	char what[128];
	int fd = open(path, O_WRONLY);
	ssize_t n = fd < 0 ? -1 : write(fd, value, strlen(value));
	int error = errno;

	snprintf(what, sizeof(what), "%s := %s", path, value);
	if (fd >= 0)
		close(fd);
	errno = error;
	say(what, n, wanted);
}

static void show_record(const struct ringdev_record *r)
{
	printf("  record %llu: kind %u, class %u, %u bytes, sum %08x", (unsigned long long)r->stamp.sequence, r->stamp.kind,
	       r->stamp.cls, r->stamp.length, r->sum);
	if (r->stamp.kind == RINGDEV_KIND_TICK) {
		printf(", tick %u after %u ms\n", r->tick.count, r->tick.period_ms);
	} else {
		printf(", \"");
		for (unsigned int i = 0; i < r->stamp.length; i++)
			putchar(isprint(r->bytes[i]) ? r->bytes[i] : '.');
		printf("\", first word %08x\n", r->words[0]);
	}
}

/* Take out what @fd has to give, @most records at a time. */
static void drain(int fd, unsigned int most)
{
	struct ringdev_record records[16];
	ssize_t n;

	while ((n = read(fd, records, most * sizeof(records[0]))) > 0)
		for (size_t i = 0; i < n / sizeof(records[0]); i++)
			show_record(&records[i]);
	say("drained", n, EAGAIN);
}

static int poll_now(int fd, int milliseconds)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	if (poll(&p, 1, milliseconds) < 0)
		return -1;
	return p.revents;
}

static struct ringdev_stats stats_of(int fd)
{
	struct ringdev_stats stats = { 0 };

	say("stats", ioctl(fd, RINGDEV_IOC_STATS, &stats), 0);
	return stats;
}

static void show_config(int fd)
{
	struct ringdev_config c;

	memset(&c, 0xff, sizeof(c));
	say("get config", ioctl(fd, RINGDEV_IOC_GET_CONFIG, &c), 0);
	printf("  slots %u, mode %u, overwrite %u, priority %u, balance %d, limit %u\n", c.slots, c.mode, c.overwrite,
	       c.priority, c.balance, c.limit);
}

static void set_config(int fd, struct ringdev_config c, int wanted)
{
	say("set config", ioctl(fd, RINGDEV_IOC_SET_CONFIG, &c), wanted);
}

static void parameters(void)
{
	static const char *const names[] = { "slots", "overwrite", "label", "limits", "verbose" };
	char path[96];

	puts("-- parameters");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), PARAMETERS "%s", names[i]);
		show_file(path);
	}
	set_file(PARAMETERS "slots", "3", ERANGE);
	set_file(PARAMETERS "slots", "many", EINVAL);
	set_file(PARAMETERS "slots", "0x20", 0);
	show_file(PARAMETERS "slots");
	set_file(PARAMETERS "verbose", "70000", ERANGE);
	set_file(PARAMETERS "verbose", "2", 0);
}

static void records(int fd)
{
	struct ringdev_record one;
	char big[RINGDEV_PAYLOAD + 1] = { 0 };

	puts("-- records");
	say("read empty", read(fd, &one, sizeof(one)), EAGAIN);
	say("read short", read(fd, &one, sizeof(one) - 1), EINVAL);
	say("write nothing", write(fd, "", 0), 0);
	say("write digits", write(fd, "0123456789", 10), 0);
	say("write letters", write(fd, "Kernel_Module", 13), 0);
	say("write words", write(fd, "what is this", 12), 0);
	say("write binary", write(fd, "\x01\xfe\x80", 3), 0);
	say("write too much", write(fd, big, sizeof(big)), EMSGSIZE);
	say("write from nowhere", write(fd, nowhere, 4), EFAULT);
	printf("poll: %x\n", poll_now(fd, 0));
	drain(fd, 3);
	say("write again", write(fd, "x", 1), 0);
	say("read to nowhere", read(fd, nowhere, sizeof(one)), EFAULT);
	check("seek refused", lseek(fd, 1, SEEK_SET) < 0 && errno == ESPIPE);
}

static void full(int fd)
{
	__u32 mark = 5;

	puts("-- full");
	say("watermark", ioctl(fd, RINGDEV_IOC_WATERMARK, &mark), 0);
	printf("  before %u\n", mark);
	for (int i = 0; i < 8; i++) {
		say("fill", write(fd, "ABCDEFGH" + i, 1), 0);
		printf("  poll %x\n", poll_now(fd, 0));
	}
	say("one too many", write(fd, "I", 1), ENOSPC);
	set_file(ATTRIBUTES "overwrite", "maybe", EINVAL);
	set_file(ATTRIBUTES "overwrite", "on", 0);
	show_file(ATTRIBUTES "overwrite");
	say("overwriting", write(fd, "J", 1), 0);
	mark = 0;
	say("watermark kept", ioctl(fd, RINGDEV_IOC_WATERMARK, &mark), 0);
	printf("  is %u\n", mark);
	mark = 100000;
	say("watermark too high", ioctl(fd, RINGDEV_IOC_WATERMARK, &mark), ERANGE);
	say("watermark nowhere", ioctl(fd, RINGDEV_IOC_WATERMARK, nowhere), EFAULT);
	drain(fd, 16);
	mark = 1;
	say("watermark back", ioctl(fd, RINGDEV_IOC_WATERMARK, &mark), 0);
}

static void config(int fd)
{
	static const char *const words = "Linux 6, Rust too";
	struct ringdev_transform t;

	puts("-- config");
	show_config(fd);
	for (unsigned int mode = 0; mode < RINGDEV_MODES; mode++) {
		set_config(fd, (struct ringdev_config){ .mode = mode, .priority = 0x10 * mode, .balance = -(int)mode, .limit = 30 - mode }, 0);
		show_config(fd);
		memset(&t, 0, sizeof(t));
		t.length = strlen(words);
		memcpy(t.data, words, t.length);
		say("transform", ioctl(fd, RINGDEV_IOC_TRANSFORM, &t), 0);
		printf("  \"%s\", sum %08x\n", t.data, t.sum);
		say("write under mode", write(fd, "Mixed12", 7), 0);
		say("write 17 bytes", write(fd, words, 17), mode ? EMSGSIZE : 0);
	}
	t.length = sizeof(t.data) + 1;
	say("transform too long", ioctl(fd, RINGDEV_IOC_TRANSFORM, &t), EMSGSIZE);
	say("transform nowhere", ioctl(fd, RINGDEV_IOC_TRANSFORM, nowhere), EFAULT);
	set_config(fd, (struct ringdev_config){ .mode = RINGDEV_MODES, .limit = 1 }, EINVAL);
	set_config(fd, (struct ringdev_config){ .limit = 0 }, EINVAL);
	say("set config from nowhere", ioctl(fd, RINGDEV_IOC_SET_CONFIG, nowhere), EFAULT);
	say("get config to nowhere", ioctl(fd, RINGDEV_IOC_GET_CONFIG, nowhere), EFAULT);
	set_config(fd, (struct ringdev_config){ .slots = 100, .priority = 0x80, .balance = 31, .limit = 0xfffff }, 0);
	show_config(fd);
	drain(fd, 2);
	say("no such ioctl", ioctl(fd, _IO(RINGDEV_IOC_MAGIC, 99)), ENOTTY);
}

static void batch(int fd)
{
	enum { COUNT = 6 };
	struct ringdev_batch *b = calloc(1, sizeof(*b) + COUNT * sizeof(b->records[0]));

	puts("-- batch");
	if (!b)
		exit(1);
	b->count = COUNT;
	for (int i = 0; i < COUNT; i++) {
		b->records[i].stamp.length = i * 11;
		memset(b->records[i].bytes, '0' + i * 9, sizeof(b->records[i].bytes));
	}
	say("batch", ioctl(fd, RINGDEV_IOC_BATCH, b), 0);
	printf("  done %u\n", b->done);
	set_config(fd, (struct ringdev_config){ .slots = 4, .limit = 32 }, 0);
	b->count = 3;
	say("batch into a full ring", ioctl(fd, RINGDEV_IOC_BATCH, b), ENOSPC);
	printf("  done %u\n", b->done);
	drain(fd, 16);
	b->count = 0;
	say("empty batch", ioctl(fd, RINGDEV_IOC_BATCH, b), EINVAL);
	b->count = RINGDEV_BATCH_MAX + 1;
	say("batch too big", ioctl(fd, RINGDEV_IOC_BATCH, b), EINVAL);
	say("batch from nowhere", ioctl(fd, RINGDEV_IOC_BATCH, nowhere), EFAULT);
	free(b);
	say("write one", write(fd, "left", 4), 0);
	say("flush", ioctl(fd, RINGDEV_IOC_FLUSH), 0);
	say("flush again", ioctl(fd, RINGDEV_IOC_FLUSH), 0);
}

static void waiting(int fd)
{
	struct ringdev_record r;
	int status = 0, blocking = open(DEVICE, O_RDWR);
	pid_t child;

	puts("-- waiting");
	fflush(stdout);
	child = fork();
	if (child == 0) {
		usleep(100 * 1000);
		_exit(write(fd, "wake up", 7) == 7 ? 0 : 1);
	}
	say("blocking read", read(blocking, &r, sizeof(r)), 0);
	show_record(&r);
	check("writer ended well", waitpid(child, &status, 0) == child && status == 0);
	say("tick", ioctl(fd, RINGDEV_IOC_TICK, 20), 0);
	say("blocking read of the tick", read(blocking, &r, sizeof(r)), 0);
	show_record(&r);
	show_file("/proc/ringdev");
	close(blocking);
}

static void set_loopback(int up)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = up ? IFF_UP : 0 };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	say(up ? "loopback up" : "loopback down", ioctl(s, SIOCSIFFLAGS, &request), 0);
	close(s);
}

static void surroundings(int fd)
{
	struct ringdev_stats before, after;

	puts("-- surroundings");
	set_loopback(0);
	before = stats_of(fd);
	set_loopback(1);
	after = stats_of(fd);
	printf("pushed %llu, popped %llu, dropped %llu, events %u, high water %u\n", (unsigned long long)after.pushed,
	       (unsigned long long)after.popped, (unsigned long long)after.dropped, after.events, after.high_water);
	printf("loopback came up %u time(s)\n", after.loopback_ups - before.loopback_ups);
	check("every processor seen", after.cpus_seen == (unsigned long)sysconf(_SC_NPROCESSORS_ONLN));
	say("stats to nowhere", ioctl(fd, RINGDEV_IOC_STATS, nowhere), EFAULT);
	show_file(ATTRIBUTES "label");
	show_file("/proc/ringdev");
	say("left in the ring", write(fd, "bye", 3), 0);
}

int main(void)
{
	int fd = open(DEVICE, O_RDWR | O_NONBLOCK);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (say("open", fd < 0 ? -1 : 0, 0) < 0)
		return 1;
	parameters();
	records(fd);
	full(fd);
	config(fd);
	batch(fd);
	waiting(fd);
	surroundings(fd);
	close(fd);
	printf("%d surprise(s)\n", surprises);
	return surprises != 0;
}
