/** Real c2rust and rustc for the tests of what is done to c2rust's output. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { run, type RunResult } from "../../src/machine/process.ts";
import { type RustItem, splitItems } from "../../src/rust/items.ts";
import { nameForRust } from "../../src/stages/lower/names.ts";
import { transpile } from "../../src/stages/transpile/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { unitOf } from "../c/unit.ts";

/** What c2rust makes of a text of preprocessed C. */
export async function rustOf(c: string): Promise<RustItem[]> {
  await using unit = await unitOf(c);
  const { c2rust } = await requireTools(["c2rust"]);
  const lowered = {
    command: unit.compiler.command,
    text: nameForRust(c, new Set(), new Set()).text,
    helperFlags: [],
    helperHeaders: [],
    moved: [],
    symbols: new Map(),
    elsewhere: new Map(),
    definitions: [],
    weakReferences: new Set<string>(),
    traced: new Set<string>(),
    volatileBitfields: new Set<string>(),
    layouts: [],
    assertions: [],
    written: [],
    keptInC: [],
    functions: [],
    renamed: new Map(),
    cLines: 1,
  };
  return splitItems((await transpile(lowered, "unit", c2rust)).rust);
}

/** Compile and run a Rust program; a result, also when it does not compile. */
export async function runRust(program: string): Promise<RunResult & { object: string }> {
  return inFolder(async (dir) => {
    const { rustc } = await requireTools(["rustc"]);
    const file = path.join(dir, "main.rs");
    await writeFile(file, program);
    const flags = [
      "--edition=2021",
      "-Zunstable-options",
      "--cap-lints=allow",
      "-Copt-level=1",
      "-Coverflow-checks=on",
      "-o",
      path.join(dir, "main"),
      file,
    ];
    const made = await run(rustc.path, flags, {
      cwd: dir,
      env: { RUSTC_BOOTSTRAP: "1" },
      allowFailure: true,
      timeout: 300_000,
    });
    if (made.exitCode !== 0) return { ...made, object: "" };
    const symbols = await run("nm", [path.join(dir, "main")], { allowFailure: true });
    return {
      ...(await run(path.join(dir, "main"), [], { allowFailure: true, timeout: 60_000 })),
      object: symbols.stdout,
    };
  });
}

/** Compile and run a C program with clang. */
export async function runC(program: string): Promise<RunResult> {
  return inFolder(async (dir) => {
    const { clang } = await requireTools(["clang"]);
    await writeFile(path.join(dir, "main.c"), program);
    await run(clang.path, ["-w", "-std=gnu11", "-o", path.join(dir, "main"), path.join(dir, "main.c")]);
    return run(path.join(dir, "main"), [], { timeout: 60_000 });
  });
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-rust-"));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What a crate root must allow for c2rust's output. */
export const ALLOW = "#![feature(extern_types, linkage, used_with_arg)]\n#![allow(warnings)]\n";
