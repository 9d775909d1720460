/* See show.h. */
#include <linux/signal.h>
#include "entries.h"
#include "show.h"

/* Bytes shown of one file, seconds a read may block, new entries looked at. */
#define MOST_SHOWN 16384
#define PATIENCE 3
#define MOST_ENTRIES 60

static void say(const char *path, const char *words)
{
	write_all(1, path, length_of(path));
	write_all(1, words, length_of(words));
	write_all(1, "\n", 1);
}

/* The signal has to interrupt a call that blocks, and do nothing else. */
static void on_alarm(int number)
{
	(void)number;
}

__attribute__((naked)) static void return_from_signal(void)
{
	__asm__("mov %0, %%eax; syscall" : : "i"(__NR_rt_sigreturn));
}

static void be_interruptible(void)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTORER, .sa_restorer = return_from_signal };

	CALL(rt_sigaction, SIGALRM, &action, 0, sizeof(action.sa_mask));
}

/* Each line of a file behind its path, or that it cannot be read; what is not plain text becomes `?`. */
static void show_file(const char *path)
{
	static char text[MOST_SHOWN + 1];
	static char line[LONGEST_PATH + MOST_SHOWN + 2];
	long length;

	CALL(alarm, PATIENCE);
	length = read_file(path, text, sizeof(text));
	CALL(alarm, 0);
	if (length < 0) {
		append_number(append(line, ": cannot be read, errno "), -length);
		say(path, line);
		return;
	}
	for (long at = 0; at < length;) {
		char *end = append(append(line, path), ":");

		for (; at < length && text[at] != '\n'; at++)
			*end++ = text[at] == '\t' || (text[at] >= ' ' && text[at] <= '~') ? text[at] : '?';
		at++;
		*end++ = '\n';
		write_all(1, line, end - line);
	}
}

/* Root may write to anything: the mode says what the module offers. */
static void show_parameter(char *path, int type, const void *with)
{
	static char value[4096];
	struct stat facts;

	(void)type, (void)with;
	if (CALL(stat, path, &facts) < 0 || !S_ISREG(facts.st_mode))
		return;
	show_file(path);
	if (!(facts.st_mode & S_IWUSR) || read_file(path, value, sizeof(value)) < 0)
		return;
	append(find(value, '\n'), "\n");
	say(path, write_file(path, value) < 0 ? ": cannot be written" : ": written");
}

static void show_if_file(char *path, int type, const void *with)
{
	struct stat facts;

	(void)type, (void)with;
	if (CALL(stat, path, &facts) == 0 && S_ISREG(facts.st_mode))
		show_file(path);
}

/* What a device has to say may be different each time; that it can be opened and read is not. */
static void show_device(const char *path)
{
	char some[256];
	int file;
	long got;

	CALL(alarm, PATIENCE);
	file = open_file(path, O_RDONLY);
	got = file < 0 ? file : CALL(read, file, some, sizeof(some));
	CALL(alarm, 0);
	if (file >= 0)
		CALL(close, file);
	say(path, got < 0 ? ": not read" : ": read");
}

static void show_entry(char *path)
{
	struct stat facts;

	if (starts_with(path, "/proc/") && *find(path, ':')) {
		write_all(1, "listed: ", 8);
		say(path, "");
	} else if (CALL(stat, path, &facts) < 0) {
		say(path, ": there");
	} else if (S_ISCHR(facts.st_mode)) {
		show_device(path);
	} else if (S_ISREG(facts.st_mode)) {
		show_file(path);
	} else if (S_ISDIR(facts.st_mode)) {
		say(path, ": a folder");
		if (starts_with(path, "/sys/"))
			each_name(path, show_if_file, 0);
	} else {
		say(path, ": there");
	}
}

/* New entries, in the order of their texts: a folder's own order is the kernel's business. */
static char entries[MOST_ENTRIES][512];
static int entry_count;

static int before(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a < (unsigned char)*b;
}

/* Keeps the first ones of all there are. */
static void collect(const char *entry)
{
	int at = entry_count;

	if (length_of(entry) >= sizeof(*entries))
		return;
	while (at > 0 && before(entry, entries[at - 1]))
		at--;
	if (at == MOST_ENTRIES)
		return;
	if (entry_count < MOST_ENTRIES)
		entry_count++;
	for (int i = entry_count - 1; i > at; i--)
		memcpy(entries[i], entries[i - 1], sizeof(*entries));
	append(entries[at], entry);
}

void show_module(const char *name)
{
	static char path[LONGEST_PATH];

	be_interruptible();
	append(append(append(path, "/sys/module/"), name), "/parameters");
	each_name(path, show_parameter, 0);
	each_new_entry(collect);
	for (int i = 0; i < entry_count; i++) {
		append(path, entries[i]);
		show_entry(path);
	}
}
