/** Random C programs by csmith, and what they compute. A program prints one line: the checksum of all its global variables. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../../src/machine/process.ts";
import type { ProgramShape } from "./user-space.ts";

/** csmith's runtime headers in Debian's libcsmith-dev. */
export const CSMITH_HEADERS = "/usr/include/csmith";

/** How the program is compiled everywhere: as C by clang, lowered, by c2rust. The kernel's choices where they change what C means. */
const FLAGS = ["-std=gnu11", "-fno-strict-aliasing", "-fwrapv", `-I${CSMITH_HEADERS}`, "-DNDEBUG", "-w"];

/** Small, as a kernel module's functions are; with everything that structures can hold. */
const SHAPE = [
  "--max-funcs",
  "4",
  "--max-block-depth",
  "3",
  "--max-block-size",
  "4",
  "--max-expr-complexity",
  "6",
  "--concise",
  "--no-argc",
  "--inline-function",
];

/** What a program did: its output, or why there is none. */
export interface Outcome {
  /** `checksum = 8E2C1A40`. */
  printed?: string;
  problem?: string;
}

/** Write the program of a seed: the same seed gives the same program. */
export async function generate(seed: number, dir: string): Promise<string> {
  const file = path.join(dir, "program.c");
  await run("csmith", ["--seed", String(seed), ...SHAPE, "--output", file], { cwd: dir, timeout: 60_000 });
  // c2rust makes a program of `main`, with std; here it is a function like any other, called by the driver.
  await writeFile(file, (await readFile(file, "utf8")).replace(/^int main \(/m, "int program_main ("));
  return file;
}

/** Calls the program, and takes the words of a Rust panic, as the kernel does. */
const DRIVER = `#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
int program_main(void);
int main(void) { return program_main(); }
int _printk(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	fflush(stdout);
	abort();
}
`;

export const PROGRAM: ProgramShape = { flags: FLAGS, headers: CSMITH_HEADERS, driver: DRIVER };

/** Run a program to its end. csmith does not promise that there is one. */
export async function outcomeOf(program: string): Promise<Outcome> {
  const r = await run(program, [], { allowFailure: true, timeout: 5_000 });
  if (r.timedOut) return { problem: "does not end" };
  const printed = r.stdout.trim();
  return r.exitCode === 0 && /^checksum = [0-9A-F]+$/.test(printed)
    ? { printed }
    : { problem: `ended with ${r.exitCode ?? "a signal"}: ${printed || r.stderr.trim().slice(0, 200)}` };
}

/** What C says: the same without optimisation and with it, else the program's behaviour is not C's to define. */
export async function reference(file: string, clang: string): Promise<Outcome> {
  const dir = path.dirname(file);
  await writeFile(path.join(dir, "driver.c"), DRIVER);
  const compiled = async (level: string): Promise<Outcome> => {
    const program = path.join(dir, `c${level}`);
    await run(clang, [...FLAGS, level, "-o", program, file, path.join(dir, "driver.c")], { timeout: 120_000 });
    return outcomeOf(program);
  };
  const optimised = await compiled("-O2");
  if (optimised.printed === undefined) return optimised;
  const plain = await compiled("-O0");
  return plain.printed === optimised.printed
    ? plain
    : { problem: `-O0 and -O2 differ: ${plain.printed ?? plain.problem}, ${optimised.printed ?? optimised.problem}` };
}
