/**
 * Units that were lowered before. A unit's key holds what its compilers can read: its own file, every file of the module's that is no
 * unit, the names of all others, the kernel and the tools as they are now, and what the lowering is told. A unit that may include another
 * one has the contents of all of them.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { CompileCommand } from "../../c/compile-command.ts";
import { contentKey } from "../../machine/cache.ts";
import { keepResult, type Kept, keptResult } from "../../machine/result-store.ts";
import type { SeenFile } from "../../machine/seen-files.ts";
import { isMadeByBuilds } from "../capture/made-by-builds.ts";
import { takesOther } from "../capture/takes-other.ts";
import { digestOfSymbols } from "./importable.ts";
import type { LoweredUnit, LoweringContext } from "./index.ts";
import type { MemberUse } from "./shrink.ts";

export interface KeptUnitsRequest {
  /** The working copy after the build. */
  root: string;
  files: readonly SeenFile[];
  /** This run's folder, which paths begin with. */
  workDir: string;
  /** A digest of all else that the compilers see. */
  around: string;
}

const FORMAT = "lowered 1";

export class KeptUnits {
  private readonly rq: KeptUnitsRequest;
  private readonly shared: string;
  private readonly everything: string;
  private readonly contents: ReadonlyMap<string, string>;
  private readonly othersInclude: boolean;
  private constructor(rq: KeptUnitsRequest, shared: string, everything: string, othersInclude: boolean) {
    this.rq = rq;
    this.shared = shared;
    this.everything = everything;
    this.othersInclude = othersInclude;
    this.contents = new Map(rq.files.map((f) => [f.name, f.content]));
  }

  static async of(rq: KeptUnitsRequest, units: readonly CompileCommand[], cx: LoweringContext): Promise<KeptUnits> {
    const own = new Set(units.map((u) => path.relative(rq.root, u.file)));
    const sources = rq.files.filter((f) => !isMadeByBuilds(f.name));
    const others = sources.filter((f) => !own.has(f.name));
    const told = [
      FORMAT,
      rq.around,
      cx.headers,
      cx.kernel.release,
      cx.kernel.buildDir,
      cx.clang,
      // By its own text: the name of its folder.
      cx.plugin,
      cx.readelf,
      cx.kbuild.compiler,
      JSON.stringify(cx.kbuild.flags),
      JSON.stringify([...cx.keepInC]),
      digestOfSymbols(cx.importable),
    ];
    const named = JSON.stringify([path.relative(rq.workDir, rq.root), sources.map((f) => [f.name, f.kind])]);
    const take = await Promise.all(
      others.filter((f) => f.kind === "file").map((f) => takesOtherIn(path.join(rq.root, f.name), f.content)),
    );
    const contents = (files: readonly SeenFile[]): string => JSON.stringify(files.map((f) => [f.name, f.content]));
    return new KeptUnits(
      rq,
      contentKey([...told, named, contents(others)]),
      contentKey([...told, named, contents(sources)]),
      take.includes(true),
    );
  }

  /** @param told what the lowering of this unit is told besides */
  async unit(command: CompileCommand, told: readonly string[]): Promise<KeptUnit> {
    const file = path.relative(this.rq.root, command.file);
    const includesOther = this.othersInclude || takesOther(await readFile(command.file, "latin1"));
    const words = JSON.stringify([command.file, command.directory, command.output, command.arguments]).replaceAll(
      this.rq.workDir,
      "\0",
    );
    return new KeptUnit(
      contentKey([includesOther ? this.everything : this.shared, file, this.contents.get(file) ?? "", words, ...told]),
      this.rq.workDir,
    );
  }
}

/** By the digest of a text: most are looked at for each module of a run. */
const taking = new Map<string, Promise<boolean>>();

function takesOtherIn(file: string, content: string): Promise<boolean> {
  const known = taking.get(content) ?? readFile(file, "latin1").then(takesOther);
  taking.set(content, known);
  return known;
}

/** What a unit names of structures, and what it asks of the names that all units of its module name. */
export interface KeptUse {
  use: MemberUse;
  asked: MemberUse;
}

/** One unit's results: what it names of structures, and, with what the whole module names of them, its lowered text. */
export class KeptUnit {
  readonly key: string;
  private readonly workDir: string;
  constructor(key: string, workDir: string) {
    this.key = key;
    this.workDir = workDir;
  }

  async use(): Promise<KeptUse | undefined> {
    return (await keptResult<KeptUse>("member-use", this.key, this.workDir))?.value;
  }

  async keepUse(use: KeptUse): Promise<void> {
    await keepResult("member-use", this.key, this.workDir, use);
  }

  async lowered(all: MemberUse, asked: MemberUse): Promise<Kept<LoweredUnit> | undefined> {
    return keptResult<LoweredUnit>("lowered", this.withUse(all, asked), this.workDir);
  }

  async keepLowered(all: MemberUse, asked: MemberUse, unit: LoweredUnit): Promise<void> {
    await keepResult("lowered", this.withUse(all, asked), this.workDir, unit);
  }

  private withUse(all: MemberUse, asked: MemberUse): string {
    const answer = (kind: keyof MemberUse): string[] => [...asked[kind]].filter((name) => all[kind].has(name)).sort();
    return contentKey([this.key, JSON.stringify([answer("mentioned"), answer("initialised")])]);
  }
}
