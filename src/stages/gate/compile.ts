/** Compiles a port's crate from other texts, as its own build does: the arguments are those that the build left beside the crate's object. */
import { cp, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { glob } from "tinyglobby";
import { cached, contentKey, scratchFolder } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { run, type Sandbox, usefulLines } from "../../machine/process.ts";
import type { RustCompiler } from "../../toolchain/tools.ts";
import { ARGUMENTS } from "../assemble/kbuild-files.ts";
import { type CompiledCrate, type Digest, digestOf } from "./same-code.ts";

/** Texts by their names within the port (`src/ring.rs`); those that are not named are the port's own. */
export type Texts = ReadonlyMap<string, string>;

/** What became of texts; `refused` is rustc's word where it takes them not. */
export type Compiled = { digest: Digest } | { refused: string };

/** Part of the cache's key: a change of what a digest holds makes all of them anew. */
const DIGEST_VERSION = "1";

export class CrateCompiler {
  readonly #port: string;
  readonly #rustc: RustCompiler;
  readonly #arguments: readonly string[];
  readonly #sandbox: Sandbox | undefined;
  /** How often rustc ran. */
  runs = 0;

  private constructor(port: string, rustc: RustCompiler, args: readonly string[], sandbox: Sandbox | undefined) {
    this.#port = port;
    this.#rustc = rustc;
    this.#arguments = args;
    this.#sandbox = sandbox;
  }

  /**
   * @param port a port that `make` has built, with its core
   * @throws StageError("gate") when it is not built
   */
  static async open(port: string, module: string, rustc: RustCompiler, sandbox?: Sandbox): Promise<CrateCompiler> {
    const text = await readFile(path.join(port, `${module}_rust.${ARGUMENTS}`), "utf8").catch(() => undefined);
    if (text === undefined) throw new StageError("gate", `${port} is not built, so nothing says how rustc compiles it: make`);
    return new CrateCompiler(port, rustc, text.trimEnd().split("\n"), sandbox);
  }

  /** Compile, or find what it was the last time. */
  async digest(texts: Texts): Promise<Compiled> {
    const { dir } = await cached("gate", await this.#key(texts), async (made) => {
      const result = await this.compile(texts);
      await writeFile(path.join(made, "digest.json"), JSON.stringify("refused" in result ? result : { digest: digestOf(result) }));
    });
    return JSON.parse(await readFile(path.join(dir, "digest.json"), "utf8")) as Compiled;
  }

  /** Compile now. */
  async compile(texts: Texts): Promise<CompiledCrate | { refused: string }> {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-gate-"));
    await cp(path.join(this.#port, "src"), path.join(scratch.dir, "src"), { recursive: true });
    for (const [name, text] of texts) await writeFile(path.join(scratch.dir, name), text);
    const [assembly, ir] = [path.join(scratch.dir, "crate.s"), path.join(scratch.dir, "crate.ll")];
    const args = this.#arguments.map((a) => a.replace(`--remap-path-prefix=${this.#port}/`, `--remap-path-prefix=${scratch.dir}/`).replace(`${this.#port}/src/lib.rs`, `${scratch.dir}/src/lib.rs`));
    const sandbox = this.#sandbox && { ...this.#sandbox, writable: [scratch.dir], readable: [...(this.#sandbox.readable ?? []), this.#port] };
    this.runs++;
    const r = await run(this.#rustc.path, [...args, `--emit=asm=${assembly},llvm-ir=${ir}`], { cwd: scratch.dir, env: { RUSTC_BOOTSTRAP: "1" }, allowFailure: true, timeout: 600_000, ...(sandbox ? { sandbox } : {}) });
    if (r.exitCode !== 0) return { refused: usefulLines(r.stderr) };
    return { assembly: await readFile(assembly, "utf8"), ir: await readFile(ir, "utf8") };
  }

  /** All that the result depends on. core is named by its folder, which is named by what it was made of (assemble/kbuild-files.ts). */
  async #key(texts: Texts): Promise<string> {
    const sources = new Map(await this.#sources());
    for (const [name, text] of texts) sources.set(name, text);
    const target = await readFile(path.join(this.#port, "target.json"));
    const args = this.#arguments.map((a) => a.replaceAll(this.#port, "."));
    return contentKey([DIGEST_VERSION, this.#rustc.version, this.#rustc.path, ...args, target, ...[...sources].sort(([a], [b]) => (a < b ? -1 : 1)).flat()]);
  }

  #read: Promise<[string, string][]> | undefined;

  #sources(): Promise<[string, string][]> {
    this.#read ??= (async () => {
      const names = await glob("src/**/*.rs", { cwd: this.#port });
      return Promise.all(names.map(async (n): Promise<[string, string]> => [n, await readFile(path.join(this.#port, n), "utf8")]));
    })();
    return this.#read;
  }
}
