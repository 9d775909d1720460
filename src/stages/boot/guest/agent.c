/*
 * The guest's side of the channel (see channel.ts), and its PID 1. Requests are one line each, "VERB WORD…", and come over the
 * machine's second UART. Replies are lines that begin with the run's token, which the host sends first of all and which is nowhere
 * but in this program's memory: no module or exercise can make up a reply by printing. Between them come the records of the kernel's
 * log, as /dev/kmsg gives them. "done N" ends each reply, behind all that was logged until then; N is 0 or an errno, or an
 * exercise's exit status.
 */
#include <linux/errno.h>
#include <linux/mman.h>
#include <linux/poll.h>
#include <linux/prctl.h>
#include <linux/reboot.h>
#include <linux/signal.h>
#include "archive.h"
#include "entries.h"
#include "modprobe.h"
#include "offers.h"
#include "show.h"
#include "system.h"

#define CHANNEL "/dev/ttyS1"
#define MOST_OUTPUT_LINES 5000
#define MOST_TRACE_LINES 200
/* Records handed on at a time: more than the kernel's log holds, so that a module that prints without end is left behind. */
#define MOST_RECORDS 20000

static int channel, log_file, trace_file;
static char token[128];
/* Memory through which the host hands in a run's files, as a cpio archive; nothing where it has put them into the initramfs. */
static const char *payload;
static size payload_size;

/* One write: replies and the log's records never mix. */
static void reply(const char *key, const char *text, size length)
{
	static char line[16384];
	char *end = append(append(append(append(line, token), " "), key), " ");

	if (length > sizeof(line) - 256)
		length = sizeof(line) - 256;
	memcpy(end, text, length);
	end[length] = '\n';
	write_all(channel, line, end + length + 1 - line);
}

static void say(const char *key, const char *text)
{
	reply(key, text, length_of(text));
}

/*
 * Hand on what was logged since the last time; each record is one read. It is not left to a process of its own, which would be woken
 * with a clock tick's delay. EPIPE says that records were overwritten: the next read goes on with the oldest one left.
 */
static void take_log(void)
{
	static char record[8192];

	for (int i = 0; i < MOST_RECORDS; i++) {
		long got = CALL(read, log_file, record, sizeof(record));

		if (got > 0)
			write_all(channel, record, got);
		else if (got != -EPIPE && got != -EINTR)
			return;
	}
}

/* A line without its end is not to be read until another one follows it: so one does. */
static void mark_log(const char *mark)
{
	char line[512];
	char *end = append(append(line, mark), "\n");

	CALL(write, log_file, line, end - line);
}

/* What modprobe has noted. Taken by another name, so that one that writes just now is not lost. */
static void say_asked(void)
{
	static char names[65536];

	if (CALL(rename, MODPROBE_ASKED, MODPROBE_ASKED ".taken") < 0)
		return;
	if (read_file(MODPROBE_ASKED ".taken", names, sizeof(names)) < 0)
		return;
	for (char *line = names; *line;) {
		char *end = find(line, '\n'), *next = *end ? end + 1 : end;

		reply("asked", line, end - line);
		line = next;
	}
}

static void done(long status)
{
	char text[24];

	say_asked();
	mark_log("kport-mark");
	take_log();
	append_number(text, status);
	say("done", text);
}

/* The first line of a file, or nothing. */
static const char *first_line(const char *path)
{
	static char text[4096];

	if (read_file(path, text, sizeof(text)) < 0)
		*text = 0;
	*find(text, '\n') = 0;
	return text;
}

static void say_holder(char *path, int type, const void *with)
{
	(void)type;
	say("holder", path + length_of(with) + 1);
}

/* What can be seen of a module and of the kernel's health. */
static void say_state(const char *name)
{
	static char modules[65536];
	char path[512], folder[512];

	say("taint", first_line("/proc/sys/kernel/tainted"));
	append(append(append(path, "/sys/module/"), name), "/refcnt");
	if (*first_line(path))
		say("refcount", first_line(path));
	append(append(append(path, "/sys/module/"), name), "/holders");
	append(folder, path);
	each_name(path, say_holder, folder);
	if (read_file("/proc/modules", modules, sizeof(modules)) < 0)
		return;
	for (char *line = modules; *line;) {
		char *end = find(line, '\n'), *next = *end ? end + 1 : end;

		reply("module", line, find(line, ' ') - line);
		line = next;
	}
}

/* What the tracepoints initcall_start and initcall_finish saw since the last time, which is forgotten by being read. */
static void take_trace(int tell)
{
	static char text[16384];
	long got;
	int lines = 0;

	while ((got = CALL(read, trace_file, text, sizeof(text) - 1)) > 0) {
		text[got] = 0;
		for (char *line = text; tell && *line;) {
			char *end = find(line, '\n'), *next = *end ? end + 1 : end;

			if (lines++ < MOST_TRACE_LINES)
				reply("trace", line, end - line);
			line = next;
		}
	}
}

/* Wait for a child to end, or for output of it where there is a file for that; meanwhile the log is handed on. Whether there is output. */
static int watch(int process, int output)
{
	for (;;) {
		struct pollfd awaited[] = { { .fd = process, .events = POLLIN }, { .fd = output, .events = POLLIN }, { .fd = log_file, .events = POLLIN } };

		CALL(poll, awaited, 3, -1);
		if (awaited[2].revents)
			take_log();
		if (awaited[1].revents)
			return 1;
		if (awaited[0].revents)
			return 0;
	}
}

/*
 * A module's functions run in a process of their own, under the name of the program that people load modules with: what they do to
 * their process, they do not do to this one.
 */
static long in_child(const char *name, long (*action)(const char *), const char *argument)
{
	static long *result;
	int child, process, status;

	if (!result)
		result = (long *)CALL(mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*result = EINTR;
	child = fork_child();
	if (!child) {
		CALL(prctl, PR_SET_NAME, name);
		*result = -action(argument);
		leave(0);
	}
	process = CALL(pidfd_open, child, 0);
	watch(process, -1);
	CALL(close, process);
	status = wait_for(child);
	if (status) {
		char text[24];

		append_number(text, status);
		say("killed", text);
	}
	return *result;
}

/* A file's content: in the payload where it came with that, else the file itself. */
static struct archived content_of(const char *path)
{
	struct archived found;
	struct stat facts = { 0 };
	int file;

	for (size at = 0; next_file(payload, payload_size, &at, &found);)
		if (same(found.name, path + 1))
			return found;
	file = open_file(path, O_RDONLY);
	CALL(fstat, file, &facts);
	found.length = facts.st_size;
	found.data = (const char *)CALL(mmap, 0, found.length + 1, PROT_READ, MAP_PRIVATE, file, 0);
	return found;
}

static long insert(const char *path)
{
	static char parameters[4096], path_of_those[512];
	struct archived module = content_of(path), line;

	append(append(path_of_those, path), ".params");
	line = content_of(path_of_those);
	if (line.length < sizeof(parameters))
		memcpy(parameters, line.data, line.length);
	return CALL(init_module, module.data, module.length, parameters);
}

static long removed(const char *name)
{
	return CALL(delete_module, name, O_NONBLOCK);
}

static void run_exercise(const char *name)
{
	static char command[4096];
	static char *const environment[] = { "HOME=/", "TERM=linux", "PATH=/sbin:/usr/sbin:/bin:/usr/bin", 0 };

	if (read_file("/exercise.command", command, sizeof(command)) >= 0) {
		char *const words[] = { "sh", "-c", command, 0 };

		CALL(chdir, "/exercise");
		CALL(execve, "/bin/sh", words, environment);
		leave(127);
	}
	show_module(name);
	leave(0);
}

/* Hand on the whole lines in `text`, and what is left where `all` is set or there is room for no more; returns what is kept. */
static size say_lines(char *text, size length, size room, int all, int *lines)
{
	size begin = 0;

	for (size i = 0; i < length; i++) {
		if (text[i] != '\n')
			continue;
		if ((*lines)++ < MOST_OUTPUT_LINES)
			reply("out", text + begin, i - begin);
		begin = i + 1;
	}
	if (begin < length && (all || (begin == 0 && length == room))) {
		if ((*lines)++ < MOST_OUTPUT_LINES)
			reply("out", text + begin, length - begin);
		begin = length;
	}
	for (size i = begin; i < length; i++)
		text[i - begin] = text[i];
	return length - begin;
}

/* The run's own exercise, or the default one; its output comes line by line, and ends when it does, whatever it left running. */
static int exercise(const char *name)
{
	static char text[8192];
	int ends[2], child, process, lines = 0;
	size kept = 0;

	if (CALL(pipe2, ends, O_CLOEXEC) < 0)
		return 126;
	child = fork_child();
	if (!child) {
		CALL(setsid);
		CALL(dup2, open_file("/dev/null", O_RDONLY), 0);
		CALL(dup2, ends[1], 1);
		CALL(dup2, ends[1], 2);
		run_exercise(name);
	}
	CALL(close, ends[1]);
	process = CALL(pidfd_open, child, 0);
	while (lines < MOST_OUTPUT_LINES && watch(process, ends[0])) {
		long got = CALL(read, ends[0], text + kept, sizeof(text) - kept);

		if (got <= 0)
			break;
		kept = say_lines(text, kept + got, sizeof(text), 0, &lines);
	}
	say_lines(text, kept, sizeof(text), 1, &lines);
	/* One that goes on printing is ended by that. */
	CALL(close, ends[0]);
	watch(process, -1);
	CALL(close, process);
	return wait_for(child);
}

/* The payload is there when its last file holds `word`. Modules stay where they are; an exercise's files are written. */
static int receive(long address, size length, const char *word)
{
	struct archived file, last = { 0 };
	long at = CALL(mmap, 0, length, PROT_READ, MAP_SHARED, open_file("/dev/mem", O_RDONLY), address);

	if (at < 0)
		return -at;
	payload = (const char *)at;
	payload_size = length;
	for (size at = 0; next_file(payload, payload_size, &at, &file); last = file) {
		char path[512];
		int to;

		if (starts_with(file.name, "payload/"))
			continue;
		if (length_of(file.name) > sizeof(path) - 2)
			return ENAMETOOLONG;
		append(append(path, "/"), file.name);
		to = CALL(open, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, file.mode & 07777);
		if (to < 0)
			return -to;
		if (write_all(to, file.data, file.length))
			return ENOSPC;
		CALL(close, to);
	}
	return last.length == length_of(word) && starts_with(last.data, word) ? 0 : EIO;
}

/* Where a section of the module lies. */
static void say_section(char *path, int type, const void *with)
{
	char text[512];

	(void)type;
	if (length_of(path) >= sizeof(text) / 2)
		return;
	append(append(append(text, path + length_of(with) + 1), " "), first_line(path));
	say("section", text);
}

static void say_sections(const char *name)
{
	static char path[LONGEST_PATH];
	char folder[512];

	append(append(append(path, "/sys/module/"), name), "/sections");
	append(folder, path);
	each_name_at_all(path, say_section, folder);
}

static void say_offer(const char *line)
{
	say("offer", line);
}

static void say_left(const char *entry)
{
	say("left", entry);
}

/* One request; words[0] is its verb, and words that it does not have are empty. */
static void obey(char *const words[4])
{
	const char *verb = words[0];

	if (same(verb, "receive")) { /* ADDRESS LENGTH WORD: the payload lies there in physical memory, and its last file holds WORD */
		done(receive(number_of(words[1]), number_of(words[2]), words[3]));
	} else if (same(verb, "load")) { /* FILE: insert it with the parameters in FILE.params */
		long error;

		take_trace(0);
		error = in_child("insmod", insert, words[1]);
		take_trace(1);
		done(error);
	} else if (same(verb, "unload")) { /* NAME */
		long error = in_child("rmmod", removed, words[1]);

		say_state(words[1]);
		done(error);
	} else if (same(verb, "exercise")) { /* NAME */
		done(exercise(words[1]));
	} else if (same(verb, "mark")) { /* WORD: put into the log, and so on the console, where the module's part of them begins */
		mark_log(words[1]);
		done(0);
	} else if (same(verb, "state")) { /* NAME */
		say_state(words[1]);
		done(0);
	} else if (same(verb, "sections")) { /* NAME: where each section of the module lies */
		say_sections(words[1]);
		done(0);
	} else if (same(verb, "offers")) { /* NAME: what the module, which is loaded, can be called by */
		each_offer(words[1], say_offer);
		done(0);
	} else if (same(verb, "entries")) { /* before|after: after tells what there is that there was not before */
		if (same(words[1], "before"))
			remember_entries();
		else
			each_new_entry(say_left);
		done(0);
	} else {
		done(ENOSYS);
	}
}

/* The next line that the host sends, without its end. The host waits for each answer, so that nothing follows a request. */
static char *next_request(void)
{
	static char line[4096];
	size length = 0;

	while (length < sizeof(line) - 1) {
		long got = CALL(read, channel, line + length, sizeof(line) - 1 - length);

		if (got <= 0)
			leave(1);
		length += got;
		if (line[length - 1] == '\n')
			break;
	}
	line[length - 1] = 0;
	return line;
}

static void serve(void)
{
	static char release[512], taint[32], up[1024];
	char *line;

	/* What a run asks first is made ready before its guest is saved. */
	remember_entries();
	append(release, first_line("/proc/sys/kernel/osrelease"));
	append(taint, first_line("/proc/sys/kernel/tainted"));
	append(append(append(up, release), " "), taint);
	log_file = open_file("/dev/kmsg", O_RDWR | O_NONBLOCK);
	CALL(lseek, log_file, 0, 2 /* SEEK_END */);
	trace_file = open_file("/sys/kernel/tracing/trace_pipe", O_RDONLY | O_NONBLOCK);
	take_trace(0);
	write_all(channel, "kport-agent-ready\n", 18);
	line = next_request();
	if (length_of(line) >= sizeof(token))
		leave(1);
	append(token, line);
	/* What the kernel has asked for while it came up is no module's doing. */
	CALL(unlink, MODPROBE_ASKED);
	say("up", up);
	for (;;) {
		char *words[4], *at = next_request();

		for (int i = 0; i < 4; i++) {
			words[i] = at;
			at = find(at, ' ');
			if (*at)
				*at++ = 0;
		}
		obey(words);
	}
}

/* A line that nothing is added to and nothing waits on. Its speed is how long QEMU keeps a byte back in the hope of more. */
static void open_channel(void)
{
	struct termios settings;

	channel = open_file(CHANNEL, O_RDWR | O_NOCTTY);
	CALL(ioctl, channel, TCGETS, &settings);
	settings.c_iflag = settings.c_oflag = settings.c_lflag = 0;
	settings.c_cflag = B115200 | CS8 | CREAD | CLOCAL;
	settings.c_cc[VMIN] = 1;
	settings.c_cc[VTIME] = 0;
	CALL(ioctl, channel, TCSETS, &settings);
}

static void prepare(void)
{
	static const char *const mounts[][2] = {
		{ "proc", "/proc" }, { "sysfs", "/sys" }, { "devtmpfs", "/dev" }, { "tmpfs", "/tmp" }, { "tracefs", "/sys/kernel/tracing" }, { "debugfs", "/sys/kernel/debug" },
	};

	for (size i = 0; i < sizeof(mounts) / sizeof(*mounts); i++)
		CALL(mount, mounts[i][0], mounts[i][1], mounts[i][0], 0, 0);
	/* Every message to the console: after a crash it has the last words. */
	write_file("/proc/sys/kernel/printk", "8");
	/*
	 * The guest has no firmware, and nobody who would bring some: a request is refused at once, also one that is for user space to
	 * answer, which would wait a minute (drivers/base/firmware_loader/fallback.c).
	 */
	write_file("/proc/sys/kernel/firmware_config/ignore_sysfs_fallback", "1");
	/* The proof that a module's init was entered: the kernel's own tracepoints, which fire for nothing else once it is up. */
	write_file("/sys/kernel/tracing/events/initcall/enable", "1");
	open_channel();
}

/*
 * PID 1. Were it to end, the kernel would panic and the panic would be taken for the module's: so it only prepares the guest,
 * starts the agent, and resets the machine when that ends.
 */
__attribute__((noreturn, used)) static void first_process(void)
{
	int agent;

	prepare();
	agent = fork_child();
	if (!agent)
		serve();
	for (;;) {
		int child = CALL(wait4, -1, 0, 0, 0);

		if (child == agent || child < 0)
			CALL(reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, 0);
	}
}

__asm__(".globl _start\n_start: xor %ebp, %ebp\n\tand $-16, %rsp\n\tcall first_process\n");
