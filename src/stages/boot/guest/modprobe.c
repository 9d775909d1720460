/*
 * /sbin/modprobe of the guest: what the kernel runs when something in it calls request_module() (kernel/module/kmod.c), as
 * "modprobe -q -- NAME". It loads nothing: it notes the name, and says yes where the host has loaded what answers to it, because an
 * earlier run had asked. The agent hands the notes on.
 */
#include "modprobe.h"
#include "system.h"

static int is_known(const char *name)
{
	static char names[65536];

	if (read_file(MODPROBE_KNOWN, names, sizeof(names)) < 0)
		return 0;
	for (char *line = names, *next; *line; line = next) {
		char *end = find(line, '\n');

		next = *end ? end + 1 : end;
		*end = 0;
		if (same(line, name))
			return 1;
	}
	return 0;
}

/* The arguments lie above their count, where the kernel puts them. */
__attribute__((noreturn, used)) static void begin(char **stack)
{
	static char line[512];
	const char *name = 0;
	int notes;

	for (char **argument = stack + 2; *argument; argument++) {
		if (same(*argument, "-r"))
			leave(1);
		if (**argument != '-' && !name)
			name = *argument;
	}
	if (!name || length_of(name) > sizeof(line) - 2)
		leave(1);
	append(append(line, name), "\n");
	/* One write: several may be asked for at once. */
	notes = CALL(open, MODPROBE_ASKED, O_WRONLY | O_CREAT | O_APPEND, 0644);
	write_all(notes, line, length_of(line));
	leave(!is_known(name));
}

__asm__(".globl _start\n_start: xor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall begin\n");
