/** The programs the end-to-end tests use, each of one exact version, installed into the cache folder the first time. */
import { existsSync } from "node:fs";
import path from "node:path";
import { cached, contentKey } from "../../src/machine/cache.ts";
import { log } from "../../src/machine/log.ts";
import type { RunOptions, RunResult } from "../../src/machine/process.ts";
import { run } from "../../src/machine/process.ts";

const GO_PROGRAMS = {
  act: "github.com/nektos/act@v0.2.89",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
} as const;
const PYTHON_PROGRAMS = { zizmor: "zizmor==1.32.0", "check-jsonschema": "check-jsonschema==0.39.0" } as const;

export type Program = keyof typeof GO_PROGRAMS | keyof typeof PYTHON_PROGRAMS;

/** How to start a program: what comes before its own arguments, and what its environment needs. */
export interface Start {
  file: string;
  args: string[];
  env: Record<string, string>;
}

/** @throws when Go or Python's pip, or their package registry, is not there. */
export async function program(name: Program): Promise<Start> {
  if (name in GO_PROGRAMS) {
    const source = GO_PROGRAMS[name as keyof typeof GO_PROGRAMS];
    const { dir } = await cached("tools", contentKey([source]), async (into) => {
      log.info(`installing ${source} by go install`);
      await run("go", ["install", source], { env: { GOBIN: into } });
    });
    return { file: path.join(dir, name), args: [], env: {} };
  }
  const source = PYTHON_PROGRAMS[name as keyof typeof PYTHON_PROGRAMS];
  const { dir } = await cached("tools", contentKey([source]), async (into) => {
    log.info(`installing ${source} by pip`);
    // Into a plain folder: a virtual environment names itself in its scripts and cannot be renamed.
    await run("python3", [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--no-warn-script-location",
      "--target",
      into,
      source,
    ]);
  });
  const env = { PYTHONPATH: dir, PYTHONDONTWRITEBYTECODE: "1" };
  return name === "zizmor"
    ? { file: path.join(dir, "bin", name), args: [], env }
    : { file: "python3", args: ["-m", name.replaceAll("-", "_")], env };
}

/** What the program cannot be installed for want of, for a test to say why it is skipped. */
export function lacking(name: Program): string | undefined {
  const needed = name in GO_PROGRAMS ? "go" : "python3";
  const there = (process.env["PATH"] ?? "").split(path.delimiter).some((dir) => existsSync(path.join(dir, needed)));
  return there ? undefined : `${needed} is not on this machine`;
}

/** Start a program and wait for its end, whatever its exit status. */
export async function start(name: Program, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { file, args: first, env } = await program(name);
  return run(file, [...first, ...args], { allowFailure: true, ...options, env: { ...env, ...options.env } });
}
