/* See offers.h. */
#include "entries.h"
#include "offers.h"

/* Folders in one another that are looked into. */
#define DEEPEST 4
/* A device brings dozens of files, and comes behind them: it has a bound of its own. */
#define MOST_FILES 400
#define MOST_OTHERS 400

static void (*report)(const char *line);
static int files, others, depth;

static const char *kind_of(const struct stat *facts)
{
	if (S_ISCHR(facts->st_mode))
		return "character";
	if (S_ISBLK(facts->st_mode))
		return "block";
	if (S_ISREG(facts->st_mode))
		return "file";
	return S_ISDIR(facts->st_mode) ? "folder" : "other";
}

static void tell(const char *kind, const struct stat *facts, const char *name)
{
	static char line[LONGEST_PATH + 128];
	char *end = append(append(line, kind), " ");

	if (*kind == 'f' ? files++ >= MOST_FILES : others++ >= MOST_OTHERS)
		return;
	end = append(append_number(end, facts->st_mode & 07777), " ");
	/* A device is the same by whatever name. */
	if (facts->st_rdev)
		end = append_number(append(end, *kind == 'b' ? "b" : "c"), facts->st_rdev);
	else
		end = append_number(append(append_number(end, facts->st_dev), ":"), facts->st_ino);
	append(append(end, " "), name);
	report(line);
}

/* Links within a folder lead to what others have made. */
static void tell_below(char *path, int type, const void *with)
{
	struct stat facts;

	(void)type, (void)with;
	if (CALL(lstat, path, &facts) < 0 || S_ISLNK(facts.st_mode))
		return;
	tell(kind_of(&facts), &facts, path);
	if (S_ISDIR(facts.st_mode) && depth < DEEPEST) {
		depth++;
		each_name(path, tell_below, 0);
		depth--;
	}
}

static void tell_entry(const char *entry)
{
	static char path[LONGEST_PATH];
	struct stat facts = { 0 };

	if (starts_with(entry, "/proc/") && *find((char *)entry, ':')) {
		tell("list", &facts, entry);
		return;
	}
	if (length_of(entry) >= sizeof(path) || CALL(stat, entry, &facts) < 0)
		return;
	append(path, entry);
	tell(kind_of(&facts), &facts, path);
	if (S_ISDIR(facts.st_mode))
		each_name(path, tell_below, 0);
}

/* The rest of a line of /proc/crypto, "key          : value", where that is its key; else nothing. */
static const char *value_of(char *line, const char *key)
{
	return starts_with(line, key) && line[length_of(key)] == ' ' ? find(line, ':') + 2 : 0;
}

/* An algorithm is a run of lines, and an empty one ends it. */
static void tell_ciphers(const char *module)
{
	static char text[262144], name[512];
	const char *driver = "", *type = "";
	struct stat none = { 0 };
	int of_module = 0;

	if (read_file("/proc/crypto", text, sizeof(text)) < 0)
		return;
	for (char *line = text, *next; *line; line = next) {
		char *end = find(line, '\n');
		const char *value;

		next = *end ? end + 1 : end;
		*end = 0;
		if ((value = value_of(line, "driver")))
			driver = value;
		else if ((value = value_of(line, "type")))
			type = value;
		else if ((value = value_of(line, "module")))
			of_module = same(value, module);
		if (*line)
			continue;
		if (of_module && length_of(type) + length_of(driver) < sizeof(name) - 2) {
			append(append(append(name, type), " "), driver);
			tell("cipher", &none, name);
		}
		of_module = 0;
	}
}

void each_offer(const char *module, void (*found)(const char *line))
{
	static char path[LONGEST_PATH];

	report = found;
	files = others = depth = 0;
	append(append(append(path, "/sys/module/"), module), "/parameters");
	each_name(path, tell_below, 0);
	each_new_entry(tell_entry);
	tell_ciphers(module);
	if (files > MOST_FILES || others > MOST_OTHERS)
		report("cut");
}
