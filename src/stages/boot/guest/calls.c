/*
 * `calls`: system calls out of a list on its standard input, a line each (call-line.h), and a line of output a call: its number, its
 * name, its result (or the negative errno), and what it has written into the memory it was given. A line "process" begins a new process
 * with nothing open. Empty lines and those that begin with # are passed over.
 *
 * Before each call a place in memory of the call's own is executed: QEMU's log of the blocks that run (execution.ts) so tells which call
 * was the first to reach a block, and which one the machine did not come back from.
 */
#include <linux/mman.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include "call-line.h"
#include "netlink.h"

/* As execution.ts has them. */
#define MARKS 0x200000000ul
#define MARK_BYTES 16
#define MOST_CALLS 16384
/* Seconds a call may block. */
#define PATIENCE 1
/* Bytes shown of what a call has written; the rest is told by its length and a hash. */
#define MOST_SHOWN 48
#define MOST_MAPPED 4096

static const struct {
	const char *name;
	int number;
} KNOWN[] = {
	{ "open", __NR_open }, { "close", __NR_close }, { "read", __NR_read }, { "write", __NR_write }, { "pread", __NR_pread64 }, { "pwrite", __NR_pwrite64 },
	{ "lseek", __NR_lseek }, { "ioctl", __NR_ioctl }, { "fsync", __NR_fsync }, { "ftruncate", __NR_ftruncate }, { "fallocate", __NR_fallocate },
	{ "fcntl", __NR_fcntl }, { "getdents", __NR_getdents64 }, { "mkdir", __NR_mkdir }, { "rmdir", __NR_rmdir }, { "unlink", __NR_unlink },
	{ "rename", __NR_rename }, { "symlink", __NR_symlink }, { "truncate", __NR_truncate }, { "mount", __NR_mount }, { "umount", __NR_umount2 },
	{ "socket", __NR_socket }, { "bind", __NR_bind }, { "connect", __NR_connect }, { "listen", __NR_listen }, { "accept", __NR_accept4 },
	{ "setsockopt", __NR_setsockopt }, { "getsockopt", __NR_getsockopt }, { "sendto", __NR_sendto }, { "recvfrom", __NR_recvfrom },
	{ "shutdown", __NR_shutdown }, { "mknod", __NR_mknod }, { "sendfile", __NR_sendfile }, { "add_key", __NR_add_key }, { "keyctl", __NR_keyctl },
};

static char list[1048576];
/* Results kept; no file before there is one. */
static long registers[REGISTERS];
static int number;

static void on_alarm(int signal)
{
	(void)signal;
}

__attribute__((naked)) static void return_from_signal(void)
{
	__asm__("mov %0, %%eax; syscall" : : "i"(__NR_rt_sigreturn));
}

static char *append_hex(char *to, unsigned long value, int digits)
{
	while (digits--)
		*to++ = "0123456789abcdef"[value >> (4 * digits) & 15];
	*to = 0;
	return to;
}

/* Bytes as a list has them, their end left out where there are many. */
static char *append_bytes(char *to, const unsigned char *from, size length)
{
	unsigned long hash = 0xcbf29ce484222325;

	to = append(to, " \"");
	for (size i = 0; i < length; i++) {
		hash = (hash ^ from[i]) * 0x100000001b3;
		if (i >= MOST_SHOWN)
			continue;
		if (from[i] == '"' || from[i] == '\\')
			*to++ = '\\';
		if (from[i] == '\n')
			to = append(to, "\\n");
		else if (from[i] >= ' ' && from[i] <= '~')
			*to++ = from[i];
		else
			to = append_hex(append(to, "\\x"), from[i], 2);
	}
	to = append(to, "\"");
	if (length > MOST_SHOWN) {
		to = append_number(append(to, "... "), length);
		to = append_hex(append(to, " bytes, hash 0x"), hash >> 32, 8);
	}
	return to;
}

/* All that changed, from the beginning to the last byte that did. */
static char *append_written(char *to, const struct argument *argument)
{
	const char *now = (const char *)argument->value;
	size length = argument->length;

	while (length && now[length - 1] == argument->before[length - 1])
		length--;
	return length ? append_bytes(to, (const unsigned char *)now, length) : to;
}

/* FILE EVENTS: what of them is there now. */
static long poll_now(const struct argument *a)
{
	struct pollfd one = { .fd = a[0].value, .events = a[1].value };
	long result = CALL(poll, &one, 1, 0);

	return result <= 0 ? result : one.revents;
}

/* FILE LENGTH PROTECTION OFFSET: the beginning of what is mapped, read by way of a pipe, which no signal ends. */
static char *append_mapped(char *to, const struct argument *a)
{
	static unsigned char seen[MOST_MAPPED];
	long at = CALL(mmap, 0, a[1].value, a[2].value, MAP_SHARED, a[0].value, a[3].value);
	int ends[2];
	long got;

	if (at < 0 && at > -4096)
		return append_number(to, at);
	to = append(to, "mapped");
	if (CALL(pipe2, ends, O_NONBLOCK | O_CLOEXEC) < 0)
		return to;
	got = CALL(write, ends[1], at, a[1].value < sizeof(seen) ? a[1].value : sizeof(seen));
	if (got < 0)
		to = append_number(append(to, ", reading it: "), got);
	else if (CALL(read, ends[0], seen, got) == got)
		to = append_bytes(to, seen, got);
	CALL(close, ends[0]);
	CALL(close, ends[1]);
	CALL(munmap, at, a[1].value);
	return to;
}

static char *append_result(char *to, struct call_line *line)
{
	struct argument *a = line->arguments;
	long result = -38; /* ENOSYS */

	if (same(line->name, "mmap"))
		return append_mapped(to, a);
	if (same(line->name, "poll"))
		return append_number(to, poll_now(a));
	/* FILE NAME, and FILE TYPE FLAGS PAYLOAD ROOM. */
	if (same(line->name, "family"))
		result = line->count == 2 && a[1].length ? netlink_family(a[0].value, (const char *)a[1].value) : -22;
	if (same(line->name, "netlink"))
		result = line->count == 5 && a[4].length ? netlink_ask(a[0].value, a[1].value, a[2].value, (const void *)a[3].value, a[3].length, (char *)a[4].value, a[4].length) : -22;
	for (size i = 0; i < sizeof(KNOWN) / sizeof(*KNOWN); i++)
		if (same(line->name, KNOWN[i].name))
			result = call(KNOWN[i].number, a[0].value, a[1].value, a[2].value, a[3].value, a[4].value, a[5].value);
	if (line->into >= 0)
		registers[line->into] = result;
	to = append_number(to, result);
	for (int i = 0; i < line->count; i++)
		if (a[i].length)
			to = append_written(to, &a[i]);
	return to;
}

static void mark(int call)
{
	((void (*)(void))(MARKS + MARK_BYTES * call))();
}

static void make(const char *text)
{
	static char said[4096];
	struct call_line line = { 0 };
	char *end = append(append_number(said, number), " ");

	if (!read_call(text, registers, &line)) {
		end = append(end, "is no call");
	} else {
		end = append(append(end, line.name), " = ");
		mark(number);
		CALL(alarm, PATIENCE);
		end = append_result(end, &line);
		CALL(alarm, 0);
	}
	*end++ = '\n';
	write_all(1, said, end - said);
}

static int is_call(const char *line)
{
	return *line && *line != '#' && *line != '\n' && !starts_with(line, "process\n");
}

/* Make the calls up to the next process in a child; returns where that is. */
static char *one_process(char *line)
{
	int child = fork_child(), status;

	for (; *line && !starts_with(line, "process\n"); line = *line ? line + 1 : line) {
		if (is_call(line) && number < MOST_CALLS - 1) {
			number++;
			if (!child)
				make(line);
		}
		line = find(line, '\n');
	}
	if (!child)
		leave(0);
	status = wait_for(child);
	if (status) {
		char text[64];
		char *end = append(append_number(append(text, "the process ended with status "), status), "\n");

		write_all(1, text, end - text);
	}
	return line;
}

static void prepare(void)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTORER, .sa_restorer = return_from_signal };

	CALL(rt_sigaction, SIGALRM, &action, 0, sizeof(action.sa_mask));
	action.sa_handler = SIG_IGN;
	CALL(rt_sigaction, SIGPIPE, &action, 0, sizeof(action.sa_mask));
	CALL(mmap, MARKS, MARK_BYTES * MOST_CALLS, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memset((void *)MARKS, 0xc3 /* ret */, MARK_BYTES * MOST_CALLS);
}

__attribute__((noreturn, used)) static void begin(void)
{
	size length = 0;
	long got;

	prepare();
	for (int i = 0; i < REGISTERS; i++)
		registers[i] = -1;
	while (length < sizeof(list) - 1 && (got = CALL(read, 0, list + length, sizeof(list) - 1 - length)) > 0)
		length += got;
	for (char *line = list; *line;) {
		if (starts_with(line, "process\n"))
			line = find(line, '\n') + 1;
		line = one_process(line);
	}
	/* No call is being made any more. */
	mark(0);
	leave(0);
}

__asm__(".globl _start\n_start: xor %ebp, %ebp\n\tand $-16, %rsp\n\tcall begin\n");
