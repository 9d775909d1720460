/* See entries.h. */
#include "entries.h"

/* Each `*` is any one name. */
static const char *const PLACES[] = {
	"/proc/*", "/proc/driver/*", "/proc/fs/*", "/proc/net/*", "/proc/bus/*", "/proc/tty/*", "/proc/sys/*/*", "/proc/sys/*/*/*",
	"/sys/fs/*", "/sys/firmware/*", "/sys/kernel/*", "/sys/kernel/debug/*", "/sys/class/*", "/sys/class/*/*",
	"/sys/devices/virtual/*/*", "/sys/bus/*", "/sys/bus/*/devices/*", "/sys/bus/*/drivers/*", "/dev/*", "/dev/*/*", "/dev/*/*/*",
};
static const char *const LISTS[] = { "/proc/devices", "/proc/misc", "/proc/filesystems", "/proc/iomem", "/proc/ioports", "/proc/interrupts" };

/* The entries that are known, by a hash of their text: no text is kept. A power of two, several times what Debian's kernels have. */
#define SLOTS 32768
static unsigned long known[SLOTS];
static unsigned int known_count;

static void (*report)(const char *entry);

/* FNV-1a; never 0, which marks a free slot. */
static unsigned long hash_of(const char *text)
{
	unsigned long hash = 0xcbf29ce484222325;

	while (*text)
		hash = (hash ^ (unsigned char)*text++) * 0x100000001b3;
	return hash ? hash : 1;
}

static void meet(const char *entry)
{
	unsigned long hash = hash_of(entry);
	unsigned int slot = hash % SLOTS;

	for (; known[slot]; slot = (slot + 1) % SLOTS)
		if (known[slot] == hash)
			return;
	if (report) {
		report(entry);
	} else if (known_count < SLOTS / 2) {
		known[slot] = hash;
		known_count++;
	}
}

/* struct linux_dirent64 of the kernel, which its headers for user space leave out. */
struct name {
	unsigned long inode;
	long next;
	unsigned short length;
	unsigned char type;
	char text[];
};
#define TYPE_FOLDER 4
#define TYPE_LINK 10

static void each(char *path, int hidden, void (*visit)(char *path, int type, const void *with), const void *with)
{
	int folder = open_file(path, O_RDONLY | O_DIRECTORY);
	char names[2048] __attribute__((aligned(8)));
	char *end = path + length_of(path);
	long got;

	if (folder < 0)
		return;
	if (end[-1] != '/')
		*end++ = '/';
	while ((got = CALL(getdents64, folder, names, sizeof(names))) > 0) {
		for (long at = 0; at < got; at += ((struct name *)(names + at))->length) {
			struct name *name = (struct name *)(names + at);

			if ((name->text[0] == '.' && !hidden) || same(name->text, ".") || same(name->text, "..") || end - path + length_of(name->text) + 2 > LONGEST_PATH)
				continue;
			append(end, name->text);
			visit(path, name->type, with);
		}
	}
	*end = 0;
	CALL(close, folder);
}

void each_name(char *path, void (*visit)(char *path, int type, const void *with), const void *with)
{
	each(path, 0, visit, with);
}

void each_name_at_all(char *path, void (*visit)(char *path, int type, const void *with), const void *with)
{
	each(path, 1, visit, with);
}

static void expand(char *path, const char *pattern);

/* `with` is what follows the `*` that this name stands for. */
static void matched(char *path, int type, const void *with)
{
	const char *rest = with;

	/* A process's folder. */
	if (starts_with(path, "/proc/") && path[6] >= '0' && path[6] <= '9')
		return;
	if (!*rest)
		meet(path);
	else if (type == TYPE_FOLDER || type == TYPE_LINK || !type)
		expand(path, rest);
}

static void expand(char *path, const char *pattern)
{
	char *end = path + length_of(path);

	while (*pattern != '*')
		*end++ = *pattern++;
	*end = 0;
	each_name(path, matched, pattern + 1);
}

static void meet_lines(const char *file)
{
	static char text[65536];
	static char entry[LONGEST_PATH];
	int interrupts = same(file, "/proc/interrupts");

	if (read_file(file, text, sizeof(text)) <= 0)
		return;
	for (char *line = text, *next; *line; line = next) {
		char *end = find(line, '\n');

		next = *end ? end + 1 : end;
		*end = 0;
		if (end - line > LONGEST_PATH - 64)
			continue;
		if (interrupts) {
			/* The interrupt's number and who handles it, without how often it came. */
			char *number = line, *who = end;

			while (*number == ' ')
				number++;
			while (who > number && who[-1] != ' ')
				who--;
			*find(number, ' ') = 0;
			append(append(append(append(entry, file), ":"), number), " ");
			append(entry + length_of(entry), who);
		} else {
			append(append(append(entry, file), ":"), line);
		}
		meet(entry);
	}
}

static void walk(void)
{
	static char path[LONGEST_PATH];

	for (size i = 0; i < sizeof(PLACES) / sizeof(*PLACES); i++) {
		*path = 0;
		expand(path, PLACES[i]);
	}
	for (size i = 0; i < sizeof(LISTS) / sizeof(*LISTS); i++)
		meet_lines(LISTS[i]);
}

void remember_entries(void)
{
	memset(known, 0, sizeof(known));
	known_count = 0;
	report = 0;
	walk();
}

void each_new_entry(void (*found)(const char *entry))
{
	report = found;
	walk();
}
