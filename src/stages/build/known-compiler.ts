/** The kernel's own compiler for a port's make, which knows what kbuild asks it before it compiles anything (toolchain/known-options.ts). */
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../../machine/cache.ts";
import { shellQuote } from "../../machine/tool-failure.ts";
import { kbuildCommand } from "../../toolchain/kbuild.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { knownOptions, NOTE, QUESTION } from "../../toolchain/known-options.ts";
import { answerOf, which } from "../../toolchain/program.ts";
import { contentOfProgram } from "../../toolchain/program-content.ts";

/** What gcc starts for a compilation of C: each is a program of its own. */
const PARTS = ["cc1", "as"];

const NOTING = `#!/bin/sh
${QUESTION}[ -n "$asked" ] || exec @CC@ "$@"
@CC@ "$@" || exit
${NOTE}
`;

const ANSWERING = `#!/bin/sh
${QUESTION}exec @CC@ "$@"
`;

export interface KnownCompiler {
  path: string;
  readable: string[];
}

/**
 * @returns the program for `make CC=…`, at the same place each time, since kbuild notes it with each object; undefined where the
 * compiler cannot be told by its contents, as one that is in another root
 */
export async function knownCompiler(kernel: Kernel): Promise<KnownCompiler | undefined> {
  if (kernel.root !== undefined) return undefined;
  const { compiler } = await kbuildCommand(kernel);
  const programs = await programsOf(compiler);
  if (programs === undefined) return undefined;
  const contents = await Promise.all(programs.map(contentOfProgram));
  const fill = (script: string, folder: string, notes = ""): string =>
    script
      .replaceAll("@CC@", shellQuote([compiler]))
      .replaceAll("@FOLDER@", folder)
      .replaceAll("@NOTES@", notes);
  const options = await knownOptions(kernel, {
    key: [NOTING, compiler, ...contents],
    readable: [],
    standIn: async (dir, notes) => writeProgram(path.join(dir, "cc"), fill(NOTING, dir, notes)),
  });
  if (options === undefined) return undefined;
  const { dir } = await cached("known-compiler", contentKey([ANSWERING, compiler, options]), async (into) => {
    await writeProgram(path.join(into, "cc"), fill(ANSWERING, options));
  });
  return { path: path.join(dir, "cc"), readable: [dir, options] };
}

async function writeProgram(file: string, text: string): Promise<string> {
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

async function programsOf(compiler: string): Promise<string[] | undefined> {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = (program: string): Promise<string | undefined> =>
    path.isAbsolute(program) ? Promise.resolve(program) : which(program, folders);
  const driver = await found(compiler);
  if (driver === undefined) return undefined;
  const parts = await Promise.all(
    PARTS.map(async (part) => {
      const named = (await answerOf(driver, [`-print-prog-name=${part}`]))?.trim();
      return named === undefined || named === "" ? undefined : found(named);
    }),
  );
  return parts.includes(undefined) ? undefined : [driver, ...(parts as string[])];
}
