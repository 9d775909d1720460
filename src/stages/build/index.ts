/** Builds a port into a `.ko`: core (cached) and the crate into one object, kbuild does the rest. */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { StageError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { describeFailure } from "../../machine/tool-failure.ts";
import { copyUntrusted } from "../../machine/untrusted-folder.ts";
import { compiledCore, rustVariables } from "./core.ts";
import { knownCompiler } from "./known-compiler.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { kernelSandbox } from "../../toolchain/kernel-sandbox.ts";
import { describeRustError, forPeople, type LineOfC, rustErrors } from "./rust-errors.ts";
import { rustcFiles } from "../../toolchain/rust.ts";
import type { RustCompiler } from "../../toolchain/tools.ts";

export interface BuiltPort {
  ko: string;
  /** Warnings of objtool, modpost and the compilers, one a line. */
  warnings: string[];
  /** Whether core came from the cache. */
  coreCached: boolean;
}

/** Where the C is that a line of the port's Rust was made of; `path` is its absolute one. */
export type Origin = (file: string, line: number) => (LineOfC & { path: string }) | undefined;

/**
 * Build in place: `make KDIR=…` as anyone would, but with core compiled before, where the module has no part in it, and with a compiler
 * that has been asked for its options before, likewise.
 * @param symbols a Module.symvers of modules it may import from besides the kernel; within `port`
 * @param origin names the C of a line that rustc complains of
 * @throws StageError("build") with rustc's, gcc's or modpost's first errors, and the place in the C where that is known
 */
export async function build(
  port: string,
  module: string,
  kernel: Kernel,
  rustc: RustCompiler,
  symbols?: string,
  origin: Origin = () => undefined,
): Promise<BuiltPort> {
  const core = await compiledCore(kernel, rustc);
  const { ko, output } = await makeModule(
    port,
    {
      module,
      kernel,
      variables: [...rustVariables(rustc), `KPORT_CORE=${core.dir}`, "KPORT_RUSTFLAGS=--error-format=json"],
      readable: [core.dir, ...(await rustcFiles(rustc))],
      symbols,
    },
    (output) => rustFailure(output, origin),
  );
  return { ko, warnings: warningsIn(output), coreCached: core.hit };
}

/** What a failure of rustc's is called, with its place; of others just that the port does not build. */
function rustFailure(output: string, origin: Origin): { message: string; file?: string; line?: number } {
  const errors = rustErrors(output);
  const first = errors.find((e) => e.file !== undefined) ?? errors[0];
  if (first === undefined) return { message: "the port does not build" };
  const c = first.file === undefined || first.line === undefined ? undefined : origin(first.file, first.line);
  return { message: describeRustError(first, c), ...(c === undefined ? {} : { file: c.path, line: c.line }) };
}

export interface Make {
  module: string;
  kernel: Kernel;
  variables?: readonly string[];
  /** Folders of tools. */
  readable?: readonly string[];
  /** Of modules that it may import from besides the kernel; within the folder. */
  symbols?: string | undefined;
}

/**
 * Run a port's own makefile.
 * @param failure what a failure is called, by what was printed, and where it is
 * @returns the module, copied out of the folder that its makefile could write in to one beside it
 */
export async function makeModule(
  dir: string,
  { module, kernel, variables = [], readable = [], symbols }: Make,
  failure: (output: string) => { message: string; file?: string; line?: number },
): Promise<{ ko: string; output: string }> {
  const compiler = await knownCompiler(kernel);
  const sandbox = kernelSandbox(kernel, [dir], [...readable, ...(compiler?.readable ?? [])]);
  const args = ["-C", dir, `KDIR=${kernel.buildDir}`, ...variables, "-j2"];
  if (compiler !== undefined) args.push(`CC=${compiler.path}`);
  if (symbols !== undefined) args.push(`KBUILD_EXTRA_SYMBOLS=${symbols}`);
  const r = await run("make", args, { cwd: dir, allowFailure: true, timeout: 1_800_000, sandbox });
  if (r.exitCode !== 0) {
    const { message, ...place } = failure(r.all);
    throw new StageError(
      "build",
      `${message}\n${describeFailure("make", args, { ...r, all: forPeople(r.all) })}`,
      place,
    );
  }
  const ko = path.join(`${dir}-made`, `${module}.ko`);
  await mkdir(path.dirname(ko), { recursive: true });
  await rm(ko, { force: true });
  await copyUntrusted(dir, `${module}.ko`, ko);
  return { ko, output: forPeople(r.all) };
}

/** The lines of a build's output that warn. */
export function warningsIn(output: string): string[] {
  return output.split("\n").filter((l) => /\bwarning:|\bWARNING:/.test(l));
}
