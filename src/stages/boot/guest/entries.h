/* What modules can register and forget: names under /proc, /sys and /dev, and what the kernel's own lists name. */
#ifndef KPORT_ENTRIES_H
#define KPORT_ENTRIES_H

#include "system.h"

/* Know all there is now. */
void remember_entries(void);
/* Hand each entry that was not there when they were remembered to `found`. The kernel's lists come as "FILE:LINE". */
void each_new_entry(void (*found)(const char *entry));

/* The names in a folder but those that begin with a dot, each appended to `path` (which has room for it) while `visit` runs. */
void each_name(char *path, void (*visit)(char *path, int type, const void *with), const void *with);
/* Those that begin with a dot as well. */
void each_name_at_all(char *path, void (*visit)(char *path, int type, const void *with), const void *with);

#define LONGEST_PATH 4096

#endif
