/** Rewrites of a whole crate, each taken where the crate compiles to the same as before it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { scratchFolder } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { filesOfUntrusted } from "../../machine/untrusted-folder.ts";
import { type CompiledCrate, copyCrate, CrateCompiler, type CrateTools } from "./compiled-crate.ts";
import { differencesByContents } from "./differences.ts";

/** Texts by file within the port. */
export type CrateTexts = ReadonlyMap<string, string>;

export interface Rewrite {
  /** What it does, for the report. */
  name: string;
  /** @param symbols what the crate compiles to, as it is and where the rewrites were tried */
  apply: (files: CrateTexts, symbols: readonly string[]) => ReadonlyMap<string, string>;
  /** The same, more carefully with what a function is whose code it changed; nothing where it knows no other way. */
  sparing?: (symbol: string) => Rewrite | undefined;
}

/** So many functions a rewrite is told to spare, one after the other. */
const MOST_SPARED = 4;

export interface RefineInput extends CrateTools {
  /** The port, which is rewritten in place. */
  dir: string;
  rewrites: readonly Rewrite[];
  /** What a crate compiles to that is the same; left out, the port as it is. */
  before?: CompiledCrate;
  /** Left out: one of its own. */
  compiler?: CrateCompiler;
}

/** @returns why those that were not taken were not, by name */
export async function refine(input: RefineInput): Promise<Map<string, string>> {
  const compiler = input.compiler ?? (await CrateCompiler.for(input));
  await using scratch = await scratchFolder(path.join(input.scratch, "refine-"));
  const search = new Refining(input, compiler, path.join(scratch.dir, "port"), await textsOf(input.dir));
  return await search.run();
}

class Refining {
  private readonly in: RefineInput;
  private readonly compiler: CrateCompiler;
  private readonly dir: string;
  private readonly original: CrateTexts;
  private symbols: readonly string[] = [];
  /** Those of the last crate that was tried. */
  private compiled: readonly string[] = [];
  /** The function that was another in it. */
  private other: string | undefined;
  private readonly reasons = new Map<string, string>();
  constructor(input: RefineInput, compiler: CrateCompiler, dir: string, original: CrateTexts) {
    this.in = input;
    this.compiler = compiler;
    this.dir = dir;
    this.original = original;
  }

  async run(): Promise<Map<string, string>> {
    const known = this.in.before;
    if (known !== undefined && known.errors.length === 0) {
      this.symbols = [...known.code.keys()];
      const taken = await this.together(known);
      if (taken !== undefined) return this.take(taken);
      this.reasons.clear();
    }
    const before = await this.compiler.compile(this.in.dir);
    if (before.errors.length > 0)
      return new Map(this.in.rewrites.map((r) => [r.name, "the crate does not compile without it"]));
    this.symbols = [...before.code.keys()];
    const taken = (await this.together(before)) ?? (await this.again(before)) ?? (await this.oneByOne(before));
    return this.take(taken);
  }

  private async take(files: CrateTexts): Promise<Map<string, string>> {
    for (const [file, text] of files)
      if (text !== this.original.get(file)) await writeFile(path.join(this.in.dir, file), text);
    return this.reasons;
  }

  /** All of them, which mostly are as they should be. */
  private async together(before: CompiledCrate): Promise<CrateTexts | undefined> {
    let files = this.original;
    for (const r of this.in.rewrites) files = this.applied(r, files);
    return (await this.why(before, files)) === undefined ? files : undefined;
  }

  /** Once more, where what was compiled has functions that were a part of others before: a rewrite may leave those as they are. */
  private async again(before: CompiledCrate): Promise<CrateTexts | undefined> {
    const more = this.compiled.filter((s) => !this.symbols.includes(s));
    if (more.length === 0) return undefined;
    this.symbols = [...this.symbols, ...more];
    return this.together(before);
  }

  private async oneByOne(before: CompiledCrate): Promise<CrateTexts> {
    let files = this.original;
    this.reasons.clear();
    for (const r of this.in.rewrites) {
      let next = this.applied(r, files);
      let why = await this.why(before, next);
      let careful: Rewrite | undefined = r;
      for (let tries = 0; this.other !== undefined && tries < MOST_SPARED; tries++) {
        careful = careful.sparing?.(this.other);
        if (careful === undefined) break;
        next = this.applied(careful, files);
        why = await this.why(before, next);
      }
      if (why === undefined) files = next;
      else this.reasons.set(r.name, why);
    }
    return files;
  }

  /** A rewrite that fails is none. */
  private applied(r: Rewrite, files: CrateTexts): CrateTexts {
    try {
      return r.apply(files, this.symbols);
    } catch (error) {
      this.reasons.set(r.name, `it failed: ${error instanceof Error ? error.message : String(error)}`);
      return files;
    }
  }

  /** Why a crate is not the same as before. */
  private async why(before: CompiledCrate, files: CrateTexts): Promise<string | undefined> {
    this.other = undefined;
    await copyCrate(this.in.dir, this.dir);
    for (const [file, text] of files) {
      await mkdir(path.dirname(path.join(this.dir, file)), { recursive: true });
      await writeFile(path.join(this.dir, file), text);
    }
    let crate: CompiledCrate;
    try {
      crate = await this.compiler.compile(this.dir);
    } catch (error) {
      // A compiler that breaks on it is no reason to have no port.
      if (error instanceof StageError) return error.message.split("\n")[0];
      throw error;
    }
    this.compiled = [...crate.code.keys()];
    const [error] = crate.errors;
    const place = error?.places.find((p) => p.primary) ?? error?.places[0];
    if (error) return `does not compile: ${error.message}${place ? ` (${place.file}:${place.line})` : ""}`;
    const [other] = differencesByContents(before, crate);
    this.other = other;
    return other === undefined ? undefined : `another ${other}`;
  }
}

/** The Rust of a port. */
export async function textsOf(dir: string): Promise<CrateTexts> {
  const names = (await filesOfUntrusted(path.join(dir, "src"))).filter((f) => f.endsWith(".rs"));
  return new Map(
    await Promise.all(names.sort().map(async (f) => [path.relative(dir, f), await readFile(f, "utf8")] as const)),
  );
}
