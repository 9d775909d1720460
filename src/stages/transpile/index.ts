/** Runs c2rust over the lowered units: one process a unit, and every unit accounted for. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import semver from "semver";
import { contentKey, scratchFolder } from "../../machine/cache.ts";
import { cachedResult } from "../../machine/result-store.ts";
import { StageError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { usefulLines } from "../../machine/tool-failure.ts";
import { asNewer } from "../../rust/older-c2rust.ts";
import { readUntrusted } from "../../machine/untrusted-folder.ts";
import { filesOfProgram } from "../../toolchain/program.ts";
import { contentOfProgram } from "../../toolchain/program-content.ts";
import type { Tool } from "../../toolchain/tools.ts";
import { withoutIncludes, flagsOf } from "../../c/compile-command.ts";
import { withoutComments } from "../../c/comments.ts";
import { plainChar } from "../../rust/plain-char.ts";
import { failingFunctions } from "./failing-functions.ts";
import type { LoweredUnit } from "../lower/index.ts";

/** The flags that change what clang makes of preprocessed C: language, target, signedness, layout. The rest only concerns code generation. */
const MEANINGFUL =
  /^(?:--target=|-target|-std=|-m(?:32|64|x32)$|-f(?:short-wchar|signed-char|unsigned-char|no-signed-char|short-enums|ms-extensions|pack-struct)|-fno-builtin)/;

/** The first c2rust that calls rustfmt, and knows the flag that it should not. */
const CALLS_RUSTFMT = "0.22.0";

export interface TranspiledUnit {
  unit: LoweredUnit;
  /** What c2rust wrote. */
  rust: string;
  seconds: number;
  cached: boolean;
}

/** How many seconds of a processor c2rust may take for one unit, and how much memory. It takes seconds for thousands of lines; its relooper may take hours for one function. */
const LIMITS = { seconds: 60, bytes: 6 * 1024 ** 3 };
/** The same for a part of a unit, where the whole took too long. */
const PART_SECONDS = 20;

/** Of the clock, for either. */
const MOST_SECONDS = 1200;
/** 128 and SIGKILL, which ends what has used up its time. */
const KILLED = 137;
/** The same of SIGTERM and SIGINT: c2rust itself ends by neither. */
const TERMINATED = 143;
const INTERRUPTED = 130;

/** What c2rust made of a text, or why it made nothing. */
export type Attempt = { rust: string } | { why: string; tooLong: boolean };

/** c2rust cannot translate a unit: with the functions that it fails on, where it is these and nothing else. */
export class Untranslatable extends StageError {
  /** By their names in C, with the reason of each; empty where it is nothing of a function's. */
  readonly functions: ReadonlyMap<string, string>;
  constructor(message: string, file: string, functions: ReadonlyMap<string, string>) {
    super("transpile", message, { file });
    this.functions = functions;
  }
}

/**
 * @param name the unit's name as a Rust module
 * @throws Untranslatable when c2rust fails, drops something, takes too long, or writes nothing: its exit status alone is 0 for that too
 */
export async function transpile(unit: LoweredUnit, name: string, c2rust: Tool): Promise<TranspiledUnit> {
  const flags = withoutIncludes(flagsOf(unit.command)).filter((f) => MEANINGFUL.test(f));
  const started = performance.now();
  if (process.env["KPORT_DUMP"]) await writeFile(path.join(process.env["KPORT_DUMP"], `${name}.c`), unit.text);
  // c2rust drops comments, and a changed one is no other text.
  const text = withoutComments(unit.text);
  const key = contentKey([c2rust.version, await contentOfProgram(programOf(c2rust)), ...flags, name, text, "3"]);
  const attempt = (text: string, seconds: number): Promise<Attempt> =>
    translated(text, name, flags, c2rust, path.basename(unit.command.file), seconds);
  // What c2rust cannot do it cannot do the next time: that is kept as well.
  const { dir, hit } = await cachedResult("transpiled", key, async (out) => {
    const made = await attempt(text, LIMITS.seconds);
    if ("rust" in made) return writeFile(path.join(out, "unit.rs"), made.rust);
    const functions = await failingFunctions(text, (text) => attempt(text, PART_SECONDS));
    return writeFile(path.join(out, "failed.json"), JSON.stringify({ why: made.why, functions: [...functions] }));
  });
  const rust = await readFile(path.join(dir, "unit.rs"), "utf8").catch(() => undefined);
  if (rust === undefined) {
    const { why, functions } = JSON.parse(await readFile(path.join(dir, "failed.json"), "utf8")) as {
      why: string;
      functions: [string, string][];
    };
    const inC = new Map([...unit.renamed].map(([c, is]) => [is, c]));
    throw new Untranslatable(
      why,
      unit.command.file,
      new Map(functions.map(([f, reason]) => [inC.get(f) ?? f, reason])),
    );
  }
  return {
    unit,
    rust: plainChar(asNewer(rust, c2rust.version), flags),
    seconds: (performance.now() - started) / 1000,
    cached: hit,
  };
}

/** c2rust starts another program of its own, whose end by a signal it does not tell. */
function programOf(c2rust: Tool): string {
  const own = path.join(path.dirname(c2rust.path), "c2rust-transpile");
  return existsSync(own) ? own : c2rust.path;
}

/** One run of c2rust, in a folder of its own. */
async function translated(
  text: string,
  name: string,
  flags: readonly string[],
  c2rust: Tool,
  shown: string,
  seconds: number,
): Promise<Attempt> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-transpile-"));
  const file = path.join(scratch.dir, `${name}.c`);
  await writeFile(file, text);
  const database = path.join(scratch.dir, "compile_commands.json");
  // What is no macro in the unit is none here (`linux`, where a makefile has -Ulinux): the text was expanded.
  await writeFile(
    database,
    JSON.stringify([{ directory: scratch.dir, file, arguments: ["clang", ...flags, "-undef", "-w", "-c", file] }]),
  );
  const args = [
    "--emit-no-std",
    "--emit-modules",
    "--fail-on-error",
    "--disable-refactoring",
    ...(semver.gte(c2rust.version, CALLS_RUSTFMT) ? ["--disable-rustfmt"] : []),
    "--overwrite-existing",
    database,
  ];
  const program = programOf(c2rust);
  const words = program === c2rust.path ? [program, "transpile", ...args] : [program, ...args];
  const sandbox = { writable: [scratch.dir], readable: [...filesOfProgram(c2rust.path), program] };
  // Time of a processor, not of the clock: what a busy machine slows down stays what it was.
  const r = await run("prlimit", [`--as=${LIMITS.bytes}`, `--cpu=${seconds}`, "--", ...words], {
    cwd: scratch.dir,
    allowFailure: true,
    timeout: MOST_SECONDS * 1000,
    sandbox,
  });
  if (r.exitCode === KILLED) return { why: `c2rust does not end within ${seconds} seconds on ${shown}`, tooLong: true };
  if (r.timedOut)
    throw new StageError("transpile", `c2rust did not end within ${MOST_SECONDS / 60} minutes on ${shown}`, {
      file: shown,
    });
  // What somebody ended says nothing of the text, and is not kept.
  if (r.bound === undefined && [undefined, TERMINATED, INTERRUPTED].includes(r.exitCode))
    throw new StageError("transpile", `c2rust was ended by another program while it worked on ${shown}`, {
      file: shown,
    });
  const written = (await readdir(scratch.dir, { withFileTypes: true })).flatMap((f) =>
    f.isFile() && f.name.endsWith(".rs") ? [f.name] : [],
  );
  const complaint = /\b(?:warning|error):.*\n.*|panicked at[^\n]*\n[^\n]*/i.exec(
    r.all.replace(/\u001b\[[0-9;]*m/g, ""),
  )?.[0];
  if (r.exitCode !== 0 || written.length !== 1)
    return {
      why: `c2rust made no Rust of ${shown}\n${complaint ? `  | ${complaint}\n` : ""}${r.bound === undefined ? usefulLines(r.all) : `  | it was ended (${r.bound})`}`,
      tooLong: false,
    };
  const dropped =
    complaint !== undefined && /fail|drop|unsupported|unimplemented|unknown|not supported|missing/i.test(complaint);
  if (dropped) return { why: `c2rust left something out of ${shown}: ${complaint}`, tooLong: false };
  return { rust: (await readUntrusted(scratch.dir, written[0] as string)).toString("utf8") };
}
