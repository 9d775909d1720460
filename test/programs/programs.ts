/** Small C programs written by hand, one idea a file, four ways: as C, as lowered C, as c2rust's Rust, and as the Rust that people read. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { StageError } from "../../src/machine/errors.ts";
import { run } from "../../src/machine/process.ts";
import { type Doctors, LoweredProgram, programName, programTools, type ProgramShape } from "../csmith/user-space.ts";

export const PROGRAMS = fileURLToPath(new URL("c", import.meta.url));

/** What 6.1 gives its modules where it changes what C means. */
const FLAGS = [
  "-std=gnu11",
  "-fshort-wchar",
  "-fno-common",
  "-fno-strict-aliasing",
  "-fno-strict-overflow",
  "-fno-delete-null-pointer-checks",
  "-ftrivial-auto-var-init=zero",
  "-mno-sse",
  "-fno-builtin-printf",
  "-w",
];

/**
 * Rust's own assignment of a pair leaves out what lies between: such a function is refused by the gate, which takes no part here (the fixture
 * `padding` has it take part).
 */
const PADDED: ReadonlySet<string> = new Set(["conditional_copy", "padding_copies"]);

export interface Way {
  name: "C" | "lowered C" | "Rust" | "printed Rust";
  /** By program: what it prints, and how it ends. Undefined where there is no such program. */
  said: Map<string, string> | undefined;
  problem?: string;
}

export interface Compared {
  ways: Way[];
  /** What stays C of them, and why. */
  kept: string[];
  /** Of the functions, those that are printed. */
  printed?: { functions: number; all: number };
  /** Why the others are not. */
  unprinted: string[];
  /** The first way that is not as C, for each program of which there is one. */
  differences: { program: string; way: Way["name"]; why: string }[];
}

/**
 * @param files programs: `a-b.c` defines `int a_b(void)`, and nothing else that is not static has a name that another one has
 * @param dir a folder to work in
 * @param more flags
 */
export async function compare(
  files: readonly string[],
  dir: string,
  doctors: Doctors = {},
  more: readonly string[] = [],
): Promise<Compared> {
  const names = files.map(programName);
  const shape: ProgramShape = { flags: [...FLAGS, ...more], headers: PROGRAMS, driver: driver(names) };
  const same = (text: string): string => text;
  const ways: Way[] = [];
  const way = async (name: Way["name"], make: () => Promise<string>): Promise<void> => {
    try {
      ways.push({ name, said: await saidBy(await make(), names) });
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      ways.push({ name, said: undefined, problem: error.message });
    }
  };
  await way("C", () => asC(files, dir, shape, "-O2"));
  const plain = await saidBy(await asC(files, dir, shape, "-O0"), names);
  for (const [name, said] of ways[0]?.said ?? []) {
    if (!/^ends with \d+$/m.test(said)) throw new Error(`${name}: as C it does not come to its end:\n${said}`);
    if (plain.get(name) !== said)
      throw new Error(`${name}: -O0 and -O2 differ, so it is not C's to define:\n${plain.get(name)}\n${said}`);
  }
  let printed: Compared["printed"];
  const kept: string[] = [];
  const unprinted: string[] = [];
  try {
    const program = (await LoweredProgram.of(files, dir, shape)).doctored(doctors.lowered ?? same);
    for (const u of program.units) kept.push(...u.keptInC.map((k) => `${k.name}: ${k.reason}`));
    await way("lowered C", () => program.inC());
    await way("Rust", () => program.inRust(doctors.rust ?? same));
    await way("printed Rust", async () => {
      const made = await program.inPrinted(doctors.printed ?? same);
      printed = { functions: made.printed, all: made.all };
      unprinted.push(...made.unprinted);
      return made.program;
    });
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    ways.push({ name: "lowered C", said: undefined, problem: error.message });
  }
  const differences = names.flatMap((program) => {
    const c = ways[0]?.said?.get(program);
    const held = ways.filter((w) => w.name !== "printed Rust" || !PADDED.has(program));
    const other = held.find((w) => c === undefined || w.said?.get(program) !== c);
    return other === undefined ? [] : [{ program, way: other.name, why: why(c, other, program) }];
  });
  return { ways, differences, kept, unprinted, ...(printed === undefined ? {} : { printed }) };
}

function why(c: string | undefined, other: Way, program: string): string {
  const said = other.said?.get(program);
  if (said === undefined) return other.problem ?? "";
  const lines = (c ?? "").split("\n");
  const others = said.split("\n");
  const at = lines.findIndex((l, i) => l !== others[i]);
  return at < 0 ? "more lines than in C" : `${lines[at]} in C, ${others[at] ?? "nothing"}`;
}

async function asC(files: readonly string[], dir: string, shape: ProgramShape, level: string): Promise<string> {
  const { clang } = await programTools();
  const program = path.join(dir, `c${level}`);
  const source = path.join(dir, "driver.c");
  await writeFile(source, shape.driver);
  await run(clang.path, [...shape.flags, level, "-o", program, source, ...files], { timeout: 120_000 });
  return program;
}

async function saidBy(program: string, names: readonly string[]): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  for (const name of names) {
    const r = await run(program, [name], { allowFailure: true, timeout: 5_000 });
    said.set(name, `${r.stdout}${r.timedOut ? "does not end" : `ends with ${r.exitCode ?? "a signal"}`}`);
  }
  return said;
}

/** Calls the program that is named, and takes the words of a Rust panic, as the kernel does. */
function driver(names: readonly string[]): string {
  return `int vprintf(const char *, __builtin_va_list);
int fflush(void *);
int strcmp(const char *, const char *);
_Noreturn void abort(void);
void rust_eh_personality(void) {}
${names.map((n) => `int ${n}(void);`).join("\n")}
int main(int argc, char **argv)
{
${names.map((n) => `	if (!strcmp(argv[1], "${n}")) return ${n}();`).join("\n")}
	return 99;
}
int _printk(const char *format, ...)
{
	__builtin_va_list arguments;
	__builtin_va_start(arguments, format);
	vprintf(format, arguments);
	__builtin_va_end(arguments);
	fflush(0);
	abort();
}
`;
}
