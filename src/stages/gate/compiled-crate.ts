/**
 * Compiles a port's crate as its Kbuild does, as far as the machine code is rustc's, and keeps what is compared of it by content.
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { TOOL_OUTPUT } from "../../machine/bounds.ts";
import { contentKey, scratchFolder } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { cachedResult, knownResult } from "../../machine/result-store.ts";
import { run, type RunResult } from "../../machine/process.ts";
import { describeFailure } from "../../machine/tool-failure.ts";
import { filesOfUntrusted, LARGEST_OBJECT, readUntrusted } from "../../machine/untrusted-folder.ts";
import { codeText } from "../../rust/code-text.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { kernelSandbox } from "../../toolchain/kernel-sandbox.ts";
import { contentOfFile, contentOfProgram } from "../../toolchain/program-content.ts";
import { rustcFiles } from "../../toolchain/rust.ts";
import type { RustCompiler } from "../../toolchain/tools.ts";
import { compiledCore } from "../build/core.ts";
import { readAssembly, readByContents } from "./symbol-code.ts";
import { crateFlags, PORT } from "./crate-flags.ts";
import { type CompileError, compileErrors } from "./diagnostics.ts";
import { volatileAccesses } from "./volatile-accesses.ts";
import { readWarnings, type Warning } from "./warnings.ts";

/** What two compilations are compared by, as it is kept: of each symbol a digest of its code, of each function the count of its volatile accesses. */
export interface CompiledCrate {
  errors: CompileError[];
  code: ReadonlyMap<string, string>;
  /** The same where objects that nothing writes have no names. */
  byContents: ReadonlyMap<string, string>;
  volatile: ReadonlyMap<string, number>;
}
const digests = z.array(z.tuple([z.string(), z.string()])).transform((all) => new Map(all));
const kept = z.object({
  errors: z.array(
    z.object({
      code: z.string().optional(),
      message: z.string(),
      places: z.array(z.object({ file: z.string(), line: z.number(), primary: z.boolean() })),
    }),
  ),
  // Not by names as keys: zod leaves out `__proto__`, and what is not there is compared with nothing.
  code: digests,
  byContents: digests,
  volatile: z.array(z.tuple([z.string(), z.number()])).transform((all) => new Map(all)),
});

/** Anew with each change of what is kept. */
const FORMAT = "compiled-crate 7";

const KIND = "compiled-crate";
const RESULT = "compiled.json";

export interface CrateTools {
  module: string;
  kernel: Kernel;
  rustc: RustCompiler;
  /** A folder of the caller's, for scratch copies. */
  scratch: string;
  /** Lints that `warnings` tells of, whether the crate allows them or not. */
  lints?: readonly string[];
}

export class CrateCompiler {
  /** How often rustc ran. */
  compilations = 0;
  /** What a crate's code depends on besides its sources. It names nothing of this machine but where the library's sources lie, which stands in panics. */
  readonly key: string;
  private readonly tools: CrateTools;
  private readonly core: string;
  private readonly flags: readonly string[];
  /** By the key of a text, that of its code. */
  private readonly codeKeys = new Map<string, string>();
  /** What the crate that was compiled last is, by its very text, and what rustc said of it. */
  private last: { exact: string; warnings: () => Warning[] } | undefined;
  private constructor(tools: CrateTools, core: string, flags: readonly string[], key: string) {
    this.tools = tools;
    this.core = core;
    this.flags = flags;
    this.key = key;
  }

  static async for(tools: CrateTools): Promise<CrateCompiler> {
    const { kernel, rustc } = tools;
    const core = await compiledCore(kernel, rustc);
    const flags = await crateFlags(tools, core.dir);
    const parts = (await filesOfUntrusted(core.dir)).sort();
    const key = contentKey([
      ...flags.map((f) => f.replaceAll(core.dir, "core")),
      ...(await Promise.all(parts.map(contentOfFile))),
      kernel.release,
      rustc.version,
      rustc.libraryDir,
      await contentOfProgram(rustc.path),
    ]);
    return new CrateCompiler(tools, core.dir, flags, key);
  }

  /** @param dir the folder of a port, of which `src` and `target.json` count. It is read only. */
  async compile(dir: string): Promise<CompiledCrate> {
    const texts = await textsOf(dir);
    const code = texts.map(([n, text]) => [n, n.endsWith(".rs") ? this.codeKey(text) : text] as const);
    // What a crate is compiled to does not depend on its comments, and is told without lines; where an error is does.
    const [exact, asCode] = [this.keyOf(texts), this.keyOf(code)];
    const known = (await this.known(asCode)) ?? (await this.known(exact));
    if (known !== undefined) return known;
    this.compilations++;
    let made = await this.run(dir, exact);
    // A machine that is out of something fails at no place of the text: it is asked once more, and such an answer is not kept.
    if (failsAtNoPlace(made)) made = await this.run(dir, exact);
    if (!failsAtNoPlace(made))
      await cachedResult(KIND, made.errors.length === 0 ? asCode : exact, (into) =>
        writeFile(
          path.join(into, RESULT),
          JSON.stringify(made, (_key, value: unknown) => (value instanceof Map ? [...value] : value)),
        ),
      );
    return made;
  }

  private keyOf(texts: readonly (readonly [string, string | Uint8Array])[]): string {
    return contentKey([FORMAT, this.key, ...texts.flat()]);
  }

  /** Most files of a crate are those of the one that was compiled before. */
  private codeKey(text: Buffer): string {
    const exact = contentKey([text]);
    const made = this.codeKeys.get(exact) ?? contentKey([codeText(text.toString("utf8"))]);
    this.codeKeys.set(exact, made);
    return made;
  }

  private async known(key: string): Promise<CompiledCrate | undefined> {
    const dir = await knownResult(KIND, key);
    return dir === undefined
      ? undefined
      : (kept.parse(JSON.parse(await readFile(path.join(dir, RESULT), "utf8"))) as CompiledCrate);
  }

  /** @param exact the key of the very text */
  private async run(dir: string, exact: string): Promise<CompiledCrate> {
    const { rustc } = this.tools;
    await using scratch = await scratchFolder(path.join(this.tools.scratch, "crate-"));
    const [assembly, ir] = [path.join(scratch.dir, "crate.s"), path.join(scratch.dir, "crate.ll")];
    const args = [
      ...this.argumentsFor(dir),
      ...this.forced(),
      "--error-format=json",
      `--emit=asm=${assembly},llvm-ir=${ir}`,
    ];
    const r = await this.rustc(dir, scratch.dir, args);
    if (r.exitCode === 0) {
      // Of many crates that are tried, one is asked what rustc said of it, in a text of megabytes.
      this.last = { exact, warnings: () => readWarnings(r.stderr, dir) };
      return { errors: [], ...(await readCompiled(scratch.dir)) };
    }
    const errors = compileErrors(r.stderr, dir);
    if (errors.length === 0)
      throw new StageError("gate", `the crate cannot be compiled\n${describeFailure(rustc.path, args, r)}`);
    return { errors, code: new Map(), byContents: new Map(), volatile: new Map() };
  }

  /**
   * The crate's LLVM IR before any pass of LLVM's, with every function of the crate's own in it. rustc's own inlining would have taken
   * functions into their callers, and link-time optimisation what is left.
   * @throws StageError("prove") with rustc's words
   */
  async unoptimised(dir: string): Promise<string> {
    await using scratch = await scratchFolder(path.join(this.tools.scratch, "ir-"));
    const args = [
      ...this.argumentsFor(dir).filter((f) => f !== "-Clto=fat"),
      "-Cno-prepopulate-passes",
      "-Zinline-mir=no",
      "-Zmir-opt-level=1",
      `--emit=llvm-ir=${path.join(scratch.dir, "crate.ll")}`,
    ];
    const r = await this.rustc(dir, scratch.dir, args);
    if (r.exitCode !== 0)
      throw new StageError("prove", `the crate cannot be compiled\n${describeFailure(this.tools.rustc.path, args, r)}`);
    return (await readUntrusted(scratch.dir, "crate.ll", LARGEST_OBJECT)).toString("utf8");
  }

  /**
   * What rustc says of a crate by the lints that were asked for.
   * @returns nothing of a crate that does not compile
   */
  async warnings(dir: string): Promise<Warning[]> {
    if (this.last?.exact === this.keyOf(await textsOf(dir))) return this.last.warnings();
    await using scratch = await scratchFolder(path.join(this.tools.scratch, "warnings-"));
    const args = [
      ...this.argumentsFor(dir).filter((f) => f !== "-Clto=fat"),
      ...this.forced(),
      "--error-format=json",
      `--emit=metadata=${path.join(scratch.dir, "crate.rmeta")}`,
    ];
    const r = await this.rustc(dir, scratch.dir, args);
    return r.exitCode === 0 ? readWarnings(r.stderr, dir) : [];
  }

  private forced(): string[] {
    return (this.tools.lints ?? []).map((l) => `--force-warn=${l}`);
  }

  /** The names of values make the IR longer and nothing else. */
  private argumentsFor(dir: string): string[] {
    return [...this.flags.map((f) => f.replaceAll(PORT, dir)), "-Zfewer-names=yes", path.join(dir, "src/lib.rs")];
  }

  private async rustc(dir: string, writable: string, args: readonly string[]): Promise<RunResult> {
    const { rustc, kernel } = this.tools;
    const sandbox = kernelSandbox(kernel, [writable], [dir, this.core, ...(await rustcFiles(rustc))]);
    return run(rustc.path, args, {
      cwd: writable,
      env: { RUSTC_BOOTSTRAP: "1" },
      allowFailure: true,
      timeout: 1_800_000,
      // Of a large crate the lints say much.
      output: TOOL_OUTPUT,
      sandbox,
    });
  }
}

/** What counts of a port's folder. */
async function textsOf(dir: string): Promise<(readonly [string, Buffer])[]> {
  const names = (await filesOfUntrusted(path.join(dir, "src"))).map((f) => path.relative(dir, f)).sort();
  return Promise.all(["target.json", ...names].map(async (n) => [n, await readUntrusted(dir, n)] as const));
}

function failsAtNoPlace({ errors }: CompiledCrate): boolean {
  return errors.length > 0 && errors.every((e) => e.places.length === 0);
}

async function readCompiled(made: string): Promise<Omit<CompiledCrate, "errors">> {
  const text = async (name: string): Promise<string> =>
    (await readUntrusted(made, name, LARGEST_OBJECT)).toString("utf8");
  const assembly = await text("crate.s");
  const digested = (code: ReadonlyMap<string, string>): Map<string, string> =>
    new Map([...code].map(([symbol, body]) => [symbol, contentKey([body])]));
  return {
    code: digested(readAssembly(assembly)),
    byContents: digested(readByContents(assembly)),
    volatile: volatileAccesses(await text("crate.ll")),
  };
}

/** A copy of a port's crate to write in, without what it was built into. */
export async function copyCrate(port: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  for (const name of ["src", "target.json"]) await cp(path.join(port, name), path.join(to, name), { recursive: true });
}
