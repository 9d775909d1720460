/** Runs c2rust over the lowered units: one process a unit, and every unit accounted for. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import semver from "semver";
import { cached, contentKey, scratchFolder } from "../machine/cache.ts";
import { StageError } from "../machine/errors.ts";
import { run, usefulLines } from "../machine/process.ts";
import { asNewer } from "../rust/older-c2rust.ts";
import { readUntrusted } from "../machine/untrusted-folder.ts";
import { filesOfProgram } from "../toolchain/program.ts";
import type { Tool } from "../toolchain/tools.ts";
import { withoutIncludes, flagsOf } from "../c/compile-command.ts";
import { plainChar } from "../rust/plain-char.ts";
import type { LoweredUnit } from "./lower/index.ts";

/** The flags that change what clang makes of preprocessed C: language, target, signedness, layout. The rest only concerns code generation. */
const MEANINGFUL = /^(?:--target=|-target|-std=|-m(?:32|64|x32)$|-f(?:short-wchar|signed-char|unsigned-char|no-signed-char|short-enums|ms-extensions|pack-struct)|-fno-builtin)/;

/** The first c2rust that calls rustfmt, and knows the flag that it should not. */
const CALLS_RUSTFMT = "0.22.0";

export interface TranspiledUnit {
  unit: LoweredUnit;
  /** What c2rust wrote. */
  rust: string;
  seconds: number;
  cached: boolean;
}

/**
 * @param name the unit's name as a Rust module
 * @throws StageError("transpile") when c2rust fails, drops something, or writes nothing: its exit status alone is 0 for that too
 */
export async function transpile(unit: LoweredUnit, name: string, c2rust: Tool): Promise<TranspiledUnit> {
  const flags = withoutIncludes(flagsOf(unit.command)).filter((f) => MEANINGFUL.test(f));
  const started = performance.now();
  if (process.env["KPORT_DUMP"]) await writeFile(path.join(process.env["KPORT_DUMP"], `${name}.c`), unit.text);
  const { dir, hit } = await cached("transpiled", contentKey([c2rust.version, ...flags, name, unit.text, "2"]), async (out) => {
    await using scratch = await scratchFolder(path.join(tmpdir(), "kport-transpile-"));
    const file = path.join(scratch.dir, `${name}.c`);
    await writeFile(file, unit.text);
    const database = path.join(scratch.dir, "compile_commands.json");
    await writeFile(database, JSON.stringify([{ directory: path.dirname(file), file, arguments: ["clang", ...flags, "-undef", "-w", "-c", file] }]));
    // What is no macro in the unit is none here (`linux`, where a makefile has -Ulinux): the text was expanded.
    const args = ["transpile", "--emit-no-std", "--emit-modules", "--fail-on-error", "--disable-refactoring", ...(semver.gte(c2rust.version, CALLS_RUSTFMT) ? ["--disable-rustfmt"] : []), "--overwrite-existing", database];
    const sandbox = { writable: [scratch.dir], readable: [...filesOfProgram(c2rust.path), path.join(path.dirname(c2rust.path), "c2rust-transpile")] };
    const r = await run(c2rust.path, args, { cwd: scratch.dir, allowFailure: true, timeout: 1_200_000, sandbox });
    const written = (await readdir(scratch.dir, { withFileTypes: true })).filter((f) => f.isFile() && f.name.endsWith(".rs"));
    const complaint = /\b(?:warning|error):.*\n.*|panicked at[^\n]*\n[^\n]*/i.exec(r.all.replace(/\u001b\[[0-9;]*m/g, ""))?.[0];
    if (r.exitCode !== 0 || written.length !== 1) throw new StageError("transpile", `c2rust made no Rust of ${path.basename(unit.command.file)}\n${complaint ? `  | ${complaint}\n` : ""}${usefulLines(r.all)}`, { file: unit.command.file });
    const dropped = complaint !== undefined && /fail|drop|unsupported|unimplemented|unknown|not supported|missing/i.test(complaint);
    if (dropped) throw new StageError("transpile", `c2rust left something out of ${path.basename(unit.command.file)}: ${complaint}`, { file: unit.command.file });
    await writeFile(path.join(out, "unit.rs"), await readUntrusted(scratch.dir, written[0]?.name as string));
  });
  return { unit, rust: plainChar(asNewer(await readFile(path.join(dir, "unit.rs"), "utf8"), c2rust.version), flags), seconds: (performance.now() - started) / 1000, cached: hit };
}
