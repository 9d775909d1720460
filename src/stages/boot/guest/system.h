/*
 * The kernel, without a C library: what little of it the guest's programs need. Every call returns what the kernel does: a
 * negative number is an errno. A static program of a few kilobytes, because each page and each instruction that runs for the
 * first time costs a restored guest dearly under emulation.
 */
#ifndef KPORT_SYSTEM_H
#define KPORT_SYSTEM_H

#include <asm/ioctls.h>
#include <asm/stat.h>
#include <asm/termbits.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

typedef unsigned long size;

static inline long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	return result;
}

#define CALL_6(number, a, b, c, d, e, f, ...) call(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* CALL(read, file, buffer, 10) is read(file, buffer, 10). */
#define CALL(name, ...) CALL_6(__NR_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* Text and memory. */
void *memcpy(void *to, const void *from, size length);
void *memset(void *to, int value, size length);
size length_of(const char *text);
int same(const char *a, const char *b);
int starts_with(const char *text, const char *start);
/* The first `c` in the text, or its end. */
char *find(char *text, char c);
/* Copy with the closing zero; returns where that is. */
char *append(char *to, const char *text);
char *append_number(char *to, long number);
long number_of(const char *text);

/* Files. */
int open_file(const char *path, int flags);
/* As much of a file as is there, at most `room` - 1 bytes, closed with a zero; its length, or the errno of what failed. */
long read_file(const char *path, char *to, size room);
long write_file(const char *path, const char *text);
/* 0 when all of it was written. */
int write_all(int file, const char *from, size length);

/* A child that shares nothing but open files; 0 in the child. */
int fork_child(void);
/* The status of a child that ended: its exit status, or 128 and the number of the signal that killed it, as a shell says it. */
int wait_for(int child);
__attribute__((noreturn)) void leave(int status);

#endif
