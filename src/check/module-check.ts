/** One captured module through all stages behind the capture. */
import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { LimitFunction } from "p-limit";
import type { CheckRequest } from "./check-request.ts";
import { StageError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { contentsOf, NoPlainFolder } from "../machine/seen-files.ts";
import { ModuleBoots } from "./module-boots.ts";
import { comparedOf } from "../report/compared.ts";
import { provedPercent, proofWords } from "../report/proofs.ts";
import type { BootRun, Finding, Proofs, Report, StageResult, UnitReport } from "../report/schema.ts";
import { printModule, printWords } from "./print-module.ts";
import { bootsKey, keepBoots, keptBoots } from "./kept-boots.ts";
import { keepTranslation, keptTranslation, translationKey } from "./kept-translation.ts";
import { shownFolder } from "./shown-folder.ts";
import { StageFailed, StageRecorder } from "./stage-recorder.ts";
import { deadHelpers, withoutHelpers } from "../stages/assemble/dead-helpers.ts";
import { assemble, type Port } from "../stages/assemble/index.ts";
import { accelerator } from "../stages/boot/index.ts";
import { build, type BuiltPort, type Origin } from "../stages/build.ts";
import type { Captured } from "../stages/capture.ts";
import type { CapturedModule } from "../stages/captured-modules.ts";
import { compareObjects } from "../stages/compare/index.ts";
import { leftForNothing, type Loss, losses, reasonsToStay } from "../stages/compare/losses.ts";
import { importableSymbols } from "../stages/importable.ts";
import { lineOfC } from "../stages/rust-errors.ts";
import { inspect, type InspectedObject } from "../stages/inspect/index.ts";
import type { WrittenFunction } from "../stages/lower/as-written.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import { sourceNames } from "../stages/lower/names.ts";
import { buildLowered } from "../stages/lowered-c/build.ts";
import { nameStages } from "../stages/lowered-c/judge.ts";
import { type Programs, prove } from "../stages/prove/index.ts";
import { builtSymbols, writeSiblingSymbols } from "../stages/siblings.ts";
import { countCasts, countRust, eachUnit, lowerUnits, unitNames, type UnitOutcome } from "../stages/translate-units.ts";
import { transpile, type TranspiledUnit, Untranslatable } from "../stages/transpile.ts";
import type { KbuildCommand } from "../toolchain/kbuild.ts";
import { type Kernel, kernelConfiguration } from "../toolchain/kernel.ts";
import type { Provers } from "../toolchain/provers.ts";
import type { Tools } from "../toolchain/tools.ts";

/** A module, and what its build said. */
interface Inspected {
  object: InspectedObject;
  warnings: readonly string[];
}

/** A module as Rust, and both read back. */
export interface Translation {
  port: Port;
  built: BuiltPort;
  c: InspectedObject;
  rust: InspectedObject;
}

/** What all modules of a run share. */
export interface Work {
  request: CheckRequest;
  tools: Pick<Tools, "clang" | "llvmReadelf" | "rustc" | "c2rust">;
  /** What proofs take, or why there are none. */
  provers: Provers | string;
  kernel: Kernel;
  kbuild: KbuildCommand;
  versions: Report["tools"];
  doctor?: Doctor;
  /** Lets as many units be worked on at once as there are processors, over all modules. */
  units: LimitFunction;
  /** The folder of this run's files. */
  workDir: string;
  /** A digest of all that the tools can see besides the module (stages/surroundings.ts); absent where nothing may be reused. */
  around?: string;
}

/** Makes a stage's mistake on purpose: for the negative controls. */
export interface Doctor {
  lowered?: (unit: LoweredUnit) => LoweredUnit;
  rust?: (unit: TranspiledUnit) => TranspiledUnit;
  /** Is shown what is proved. */
  programs?: (programs: Programs) => Promise<void>;
}

/** What the stages up to `inspect` leave in a check besides the translation: all of it comes back with one that was kept. */
interface Account {
  lowered: LoweredUnit[];
  idle: ReadonlySet<string>;
  units: UnitReport[];
  objects: Report["objects"];
  functions: Report["functions"];
  printed: Report["printed"];
}

/** Files that go beside the report. */
export interface Artefacts {
  port?: string;
  cKo?: string;
  rustKo?: string;
  loweredKo?: string;
}

export class ModuleCheck {
  readonly artefacts: Artefacts = {};
  private readonly recorder: StageRecorder;
  private readonly names: string[];
  private readonly units: UnitReport[] = [];
  private objects: Report["objects"] = {};
  private boot: Report["boot"];
  private rust: Inspected | undefined;
  private boots: Promise<ModuleBoots> | undefined;
  private functions: Report["functions"];
  private printed: Report["printed"];
  private proofs: Report["proofs"];
  /** As last translated; a later stage's failure does not take it back. */
  private lowered: LoweredUnit[] = [];
  private idle: ReadonlySet<string> = new Set();
  /** Functions that c2rust cannot translate, each with the reason. */
  private readonly beyond = new Map<string, string>();
  /** Tells the translation from every other one, where it is kept. */
  private translation: string | undefined;
  private readonly work: Work;
  private readonly captured: Captured;
  private readonly module: CapturedModule;
  private readonly scratch: string;
  constructor(work: Work, captured: Captured, module: CapturedModule, scratch: string, before: readonly StageResult[]) {
    this.work = work;
    this.captured = captured;
    this.module = module;
    this.scratch = scratch;
    this.recorder = new StageRecorder((file) => this.relative(file), before, captured.modules.length > 1 ? module.name : undefined);
    this.names = unitNames(module.objects.flatMap((o) => (o.kind === "c" ? [o.command.file] : [])));
  }

  /** Run the stages and say what came of them. */
  async report(): Promise<Report> {
    await mkdir(this.scratch, { recursive: true });
    let broken = false;
    try {
      const made = await this.translated();
      await this.compare(made);
      await this.prove(made);
      broken = await this.bootBoth(made.built);
    } catch (error) {
      if (!(error instanceof StageFailed)) throw error;
    }
    if (this.lowered.length > 0 && !broken && (this.work.request.threeWay === true || this.isPuzzling())) await this.loweredInC();
    const { work, recorder } = this;
    const failed = recorder.findings.some((f) => f.severity === "error") || recorder.stages.some((s) => s.status === "failed");
    const report: Report = {
      schemaVersion: 1,
      verdict: broken ? "error" : failed ? "fail" : "pass",
      module: { name: this.module.name, dir: shownFolder(work.request.dir) },
      kernel: { release: work.kernel.release, arch: work.kernel.arch, compiler: work.kernel.compiler },
      tools: work.versions,
      stages: recorder.complete(),
      units: this.units,
      objects: this.objects,
      findings: recorder.findings,
      ...(this.boot ? { boot: this.boot } : {}),
      ...(this.printed ? { printed: this.printed } : {}),
      ...(this.proofs ? { proofs: this.proofs } : {}),
      ...(this.functions ? { functions: this.functions } : {}),
    };
    return { ...report, compared: comparedOf(report) };
  }

  /** The translation as an earlier run has made it, or a new one. */
  private async translated(): Promise<Translation> {
    const { work, recorder } = this;
    const key = translationKey(work, this.captured, this.module.name);
    const kept = key === undefined ? undefined : await keptTranslation<Account>(key, work.workDir);
    if (kept !== undefined) {
      const { translation, account, stages, findings } = kept.value;
      this.translation = kept.id;
      ({ lowered: this.lowered, idle: this.idle, objects: this.objects, functions: this.functions, printed: this.printed } = account);
      this.units.push(...account.units);
      recorder.reuse(stages, kept.at);
      recorder.findings.push(...findings);
      Object.assign(this.artefacts, { port: translation.port.dir, rustKo: translation.built.ko, cKo: this.module.ko } satisfies Artefacts);
      return translation;
    }
    const before = { stages: recorder.stages.length, findings: recorder.findings.length };
    const translation = await this.translateWhole();
    const { lowered, idle, units, objects, functions, printed } = this;
    if (key !== undefined) this.translation = await keepTranslation<Account>(key, work.workDir, { translation, account: { lowered, idle, units, objects, functions, printed }, stages: recorder.stages.slice(before.stages), findings: recorder.findings.slice(before.findings) });
    return translation;
  }

  /** Translate, and leave to C the functions that lose a check behind helpers: those where the kernel's own compiler then has it. */
  private async translateWhole(): Promise<Translation> {
    const say = (functions: Iterable<string>, what: string): void => log.info(`  ${this.module.name}: ${what}: ${[...functions].join(", ")}`);
    let made = await this.translate(new Map());
    // Mistakes made on purpose are to be found.
    const { doctor } = this.work;
    const lost = doctor?.lowered || doctor?.rust ? [] : this.lostIn(made);
    const keepInC = reasonsToStay(lost);
    if (keepInC.size === 0) return made;
    say(keepInC.keys(), "a helper lacks checks that C has, tried as C");
    made = await this.translate(keepInC);
    this.idle = leftForNothing(lost, this.lostIn(made));
    if (this.idle.size === 0) return made;
    say(this.idle, "the kernel's own compiler does without them, Rust after all");
    for (const f of this.idle) keepInC.delete(f);
    return this.translate(keepInC);
  }

  private lostIn({ c, rust }: Translation): Loss[] {
    return losses({ c, rust, functions: this.ownFunctions(), sourceNames: sourceNames(this.lowered) });
  }

  private ownFunctions(): WrittenFunction[] {
    return this.lowered.flatMap((u) => u.functions);
  }

  /**
   * From the captured C to the Rust module, both read back.
   * @param keepInC functions that stay C, each with its reason
   */
  private async translate(keepInC: ReadonlyMap<string, string>): Promise<Translation> {
    let units: TranspiledUnit[] | undefined;
    while (units === undefined) {
      this.lowered = await this.lower(new Map([...this.beyond, ...keepInC]));
      units = await this.transpile(this.lowered);
    }
    const made = await this.put(units);
    const dead = deadHelpers(made.rust, units);
    if (dead.size === 0) return made;
    log.debug(`${this.module.name}: helpers that nothing calls are left out: ${[...dead].join(", ")}`);
    const alive = units.map((u) => withoutHelpers(u, dead));
    this.lowered = alive.map((u) => u.unit);
    return this.put(alive);
  }

  /** Put the units together, build that and read it back. */
  private async put(units: TranspiledUnit[]): Promise<Translation> {
    const port = await this.assemble(units);
    await this.print(port);
    const built = await this.build(port);
    return { port, built, ...(await this.inspect(built)) };
  }

  private lower(keepInC: ReadonlyMap<string, string>): Promise<LoweredUnit[]> {
    const { work, captured } = this;
    this.units.length = 0;
    return this.recorder.stage("lower", async () => {
      const outcomes = await lowerUnits(this.module, this.names, work.units, {
        kernel: work.kernel,
        kbuild: work.kbuild,
        clang: work.tools.clang.path,
        readelf: work.tools.llvmReadelf.path,
        headers: work.request.headers,
        isOwn: (file) => file.startsWith(`${captured.copy.root}${path.sep}`),
        importable: await importableSymbols(work.kernel, captured.copy.dir),
        keepInC,
        sandbox: captured.sandbox,
      }, await this.seenFolder());
      for (const o of outcomes) this.unitReport(o, 0, "");
      const value = allOf(outcomes).map((u) => this.work.doctor?.lowered?.(u) ?? u);
      const kept = value.reduce((n, u) => n + u.keptInC.length, 0);
      const reused = outcomes.flatMap((o) => o.reused ?? []).sort((a, b) => a.getTime() - b.getTime());
      const say = `${value.length} ${value.length === 1 ? "unit" : "units"}${reused.length === 0 ? "" : `, ${reused.length} of them reused`}; ${kept} ${kept === 1 ? "thing stays" : "things stay"} in C behind helpers`;
      return { value, say, ...(reused.length === value.length ? { reused: reused[0] as Date } : {}) };
    });
  }

  /** What the units' results depend on besides the unit; undefined where that cannot be told, as of a pipe that the makefile has left, and nothing is reused. */
  private async seenFolder() {
    const { around, workDir } = this.work;
    const { root } = this.captured.copy;
    if (around === undefined) return undefined;
    try {
      return { root, files: await contentsOf(root), workDir, around };
    } catch (error) {
      if (!(error instanceof NoPlainFolder)) throw error;
      return undefined;
    }
  }

  /** @returns undefined where there are functions that c2rust cannot translate, and that were to be Rust so far */
  private transpile(lowered: LoweredUnit[]): Promise<TranspiledUnit[] | undefined> {
    return this.recorder.stage("transpile", async () => {
      const outcomes = await eachUnit(lowered, (u) => u.command.file, this.work.units, (u, i) => transpile(u, this.names[i] as string, this.work.tools.c2rust));
      const beyond = new Map(outcomes.flatMap((o) => (o.error instanceof Untranslatable ? [...o.error.functions].filter(([f]) => !this.beyond.has(f)) : [])));
      // Where something else fails as well, it would fail again.
      if (beyond.size > 0 && outcomes.every((o) => o.error === undefined || (o.error instanceof Untranslatable && o.error.functions.size > 0))) {
        for (const [f, why] of beyond) this.beyond.set(f, why);
        return { value: undefined, say: `left to C: ${[...beyond].map(([f, why]) => `${f} (${why})`).join(", ")}` };
      }
      for (const [i, o] of outcomes.entries()) if (o.error) (this.units[i] as UnitReport).status = "failed";
      const value = allOf(outcomes).map((u) => this.work.doctor?.rust?.(u) ?? u);
      return { value, say: `c2rust ${this.work.tools.c2rust.version}, ${value.length} of ${lowered.length} units`, cached: value.every((u) => u.cached) };
    });
  }

  private assemble(units: TranspiledUnit[]): Promise<Port> {
    return this.recorder.stage("assemble", async () => {
      await Promise.all(["port", "build"].map((d) => rm(path.join(this.scratch, d), { recursive: true, force: true })));
      const { work } = this;
      const provenance = {
        module: this.module.name,
        kernel: { release: work.kernel.release, arch: work.kernel.arch, compiler: work.kernel.compiler },
        tools: work.versions,
        headers: work.request.headers,
        units: units.map((u) => ({ file: this.relative(u.unit.command.file), flags: u.unit.helperFlags, keptInC: u.unit.keptInC })),
      };
      const port = await assemble(this.module, units, this.names, provenance, (f) => this.relative(f), path.join(this.scratch, "port"));
      this.artefacts.port = port.dir;
      for (const [i, u] of units.entries()) {
        const unit = this.units[i] as UnitReport;
        Object.assign(unit, { rustLines: port.lines[i] ?? 0, seconds: Number((unit.seconds + u.seconds).toFixed(2)), unsafe: countRust(port.texts[i] ?? ""), casts: countCasts(port.texts[i] ?? "") });
      }
      this.functions = port.functions;
      return { value: port, say: `${port.sources.length} Rust files, ${port.lines.reduce((a, b) => a + b, 0)} lines of the units` };
    });
  }

  /** Functions as they read in C, where they are the same machine code. */
  private print(port: Port): Promise<void> {
    return this.recorder.stage("print", async () => {
      const { work, module, names } = this;
      const made = await printModule({ module, units: this.lowered, names, port, kernel: work.kernel, rustc: work.tools.rustc, scratch: this.scratch, ...(typeof work.provers === "string" ? {} : { proofs: { ...work.provers, clang: work.tools.clang, sandbox: this.captured.sandbox, limit: work.units, workDir: work.workDir } }) });
      this.printed = made;
      for (const [i, unit] of this.units.entries()) Object.assign(unit, { rustLines: port.lines[i] ?? 0, unsafe: countRust(port.texts[i] ?? ""), casts: countCasts(port.texts[i] ?? "") });
      return { value: undefined, say: printWords(made) };
    });
  }

  private build(port: Port): Promise<BuiltPort> {
    return this.recorder.stage("build", async () => {
      // Built in a copy: what a pull request contains is the port without its objects.
      const copy = path.join(this.scratch, "build");
      await cp(port.dir, copy, { recursive: true });
      const symbols = await writeSiblingSymbols(await builtSymbols(this.captured.copy.dir), this.module.name, copy);
      const value = await build(copy, this.module.name, this.work.kernel, this.work.tools.rustc, symbols, (file, line) => this.originOf(port, file, line));
      this.artefacts.rustKo = value.ko;
      this.artefacts.cKo = this.module.ko;
      return { value, say: `${this.module.name}.ko linked${value.coreCached ? "" : " (core was compiled first)"}`, cached: false };
    });
  }

  /** The C, in the working copy, that a line of the port was made of. */
  private originOf(port: Port, file: string, line: number): ReturnType<Origin> {
    const unit = this.names.findIndex((n) => file === `src/${n}.rs`);
    const c = unit < 0 ? undefined : lineOfC(port.texts[unit] ?? "", line, port.functions);
    return c && { ...c, path: path.resolve(this.captured.copy.dir, c.file) };
  }

  private inspect(built: BuiltPort): Promise<{ c: InspectedObject; rust: InspectedObject }> {
    return this.recorder.stage("inspect", async () => {
      const readelf = this.work.tools.llvmReadelf.path;
      const [c, rust] = await Promise.all([inspect(this.module.ko, readelf), inspect(built.ko, readelf)]);
      this.objects = { c: factsOf(c), rust: factsOf(rust) };
      return { value: { c, rust }, say: `text ${c.text} bytes in C, ${rust.text} in Rust (${(rust.text / Math.max(1, c.text)).toFixed(2)} times)` };
    });
  }

  private async compare({ port, built, c, rust }: Translation): Promise<void> {
    await this.recorder.stage("compare", async () => {
      this.rust = { object: rust, warnings: built.warnings };
      const found = await this.differences({ object: c, warnings: this.captured.warnings }, this.rust, port.constructs);
      this.recorder.findings.push(...found);
      const errors = found.filter((f) => f.severity === "error").length;
      return { value: undefined, say: errors === 0 ? "both modules show the same" : `${errors} differences that matter` };
    });
  }

  /** What can be shown of each function. It says nothing about the module where it cannot. */
  private async prove({ port }: Translation): Promise<void> {
    const { work, module, recorder } = this;
    const { provers, tools } = work;
    if (typeof provers === "string") {
      this.proofs = { functions: [], leftOut: provers };
      recorder.skip("prove", provers);
      this.requireProofs(this.proofs);
      return;
    }
    await recorder.stage("prove", async () => {
      const made = await prove({ module: module.name, kernel: work.kernel, rustc: tools.rustc, scratch: this.scratch, units: this.lowered, names: this.names, port: port.dir, clang: tools.clang, ...provers, sandbox: this.captured.sandbox, limit: work.units, workDir: work.workDir, ...(work.doctor?.programs ? { observe: work.doctor.programs } : {}) }).catch((error: unknown) => {
        if (!(error instanceof StageError)) throw error;
        return error;
      });
      if (made instanceof StageError) {
        this.proofs = { functions: [], leftOut: made.message.split("\n")[0] as string };
        log.debug(made.message);
        this.requireProofs(this.proofs);
        return { value: undefined, say: `left out: ${this.proofs.leftOut}` };
      }
      this.proofs = { functions: made.proofs.map((p) => ({ ...p, file: this.relative(p.file) })) };
      this.requireProofs(this.proofs);
      return { value: undefined, say: proofWords(this.proofs), cached: made.cached };
    });
  }

  private requireProofs(proofs: Proofs): void {
    const { requireProof } = this.work.request;
    const percent = provedPercent(proofs);
    if (requireProof === undefined || percent >= requireProof) return;
    this.recorder.findings.push({ check: "proof", severity: "error", message: `${percent.toFixed(1)} % of the functions are the same code or proved, ${requireProof} % are asked for: ${proofWords(proofs)}` });
  }

  private async differences(c: Inspected, other: Inspected, constructs: Port["constructs"] = [], isLowered = false): Promise<Finding[]> {
    const shown = (warnings: readonly string[]): string[] => warnings.map((w) => w.replaceAll(this.scratch, ""));
    const constants = new Set(this.lowered.flatMap((u) => u.definitions.flatMap((d) => (d.constant ? [d.name] : []))));
    return compareObjects({ c: c.object, rust: other.object, ...(isLowered ? { lowered: true } : {}), constants, constructs, functions: this.ownFunctions(), sourceNames: sourceNames(this.lowered), idle: this.idle, config: await kernelConfiguration(this.work.kernel), warnings: { c: shown(c.warnings), rust: shown(other.warnings) } });
  }

  /** @returns whether the harness broke, which says nothing about the module */
  private async bootBoth(built: BuiltPort): Promise<boolean> {
    const { work, recorder } = this;
    if (!work.request.boot) {
      recorder.skip("boot", "left out on request");
      return false;
    }
    return recorder.stage("boot", async () => {
      const boots = await this.booting();
      const say = (c: BootRun, rust: BootRun, used: string): string => `C ${c.status}, Rust ${rust.status} (${used}, ${boots.exercised ? "exercised" : "no exercise"})`;
      const key = await bootsKey(work, this.captured, this.translation, await boots.exerciseKey());
      const kept = key === undefined ? undefined : await keptBoots(key, work.workDir);
      if (kept !== undefined) {
        this.boot = kept.value;
        return { value: false, say: say(kept.value.c, kept.value.rust, kept.value.accelerator), reused: kept.at };
      }
      const [c, rust] = await boots.both(built.ko);
      // Asked behind them: a boot may have found that KVM does not work.
      const used = await accelerator();
      this.boot = { accelerator: used, c, rust };
      const found = await boots.differences(c, rust, c);
      recorder.findings.push(...found);
      const broken = c.status === "harness-error" || rust.status === "harness-error";
      if (key !== undefined && boots.uneventful && found.length === 0) await keepBoots(key, work.workDir, { accelerator: used, c, rust });
      return { value: broken, say: say(c, rust, used) };
    });
  }

  private booting(): Promise<ModuleBoots> {
    const { request, kernel } = this.work;
    this.boots ??= ModuleBoots.of(this.module, this.captured.modules, kernel, this.ownFolder(), this.captured.copy.bound, this.scratch, request.signal);
    return this.boots;
  }

  /** Whether there is an error of which it is not known which stage made it: the Rust did not build, or it is another module than the C. */
  private isPuzzling(): boolean {
    return this.artefacts.port !== undefined && this.recorder.findings.some((f) => f.severity === "error");
  }

  /** The third module: which stage made what the others differ in? */
  private async loweredInC(): Promise<void> {
    const { work, recorder, captured, module } = this;
    await recorder.aside("lowered", "the lowered C could not be tried, so no stage is named", async () => {
      const dir = path.join(this.scratch, "lowered");
      await mkdir(dir);
      const symbols = await writeSiblingSymbols(await builtSymbols(captured.copy.dir), module.name, dir);
      const built = await buildLowered({ module, units: this.lowered, names: this.names, relative: (f) => this.relative(f), kernel: work.kernel, clang: work.tools.clang.path, limit: work.units, sandbox: captured.sandbox }, dir, symbols);
      Object.assign(this.artefacts, { cKo: module.ko, loweredKo: built.ko } satisfies Artefacts);
      const readelf = work.tools.llvmReadelf.path;
      const [c, object] = await Promise.all([inspect(module.ko, readelf), inspect(built.ko, readelf)]);
      const lowered = { object, warnings: built.warnings };
      this.objects = { c: factsOf(c), ...this.objects, lowered: factsOf(object) };
      const found = await this.differences({ object: c, warnings: captured.warnings }, lowered, [], true);
      const between = this.rust ? await this.differences(lowered, this.rust) : [];
      if (work.request.boot) {
        const boots = await this.booting();
        const [inC, inLowered] = this.boot?.c ? [this.boot.c, await boots.run(built.ko)] : await boots.both(built.ko);
        this.boot = { accelerator: await accelerator(), c: inC, ...this.boot, lowered: inLowered };
        found.push(...(await boots.differences(inC, inLowered, inC)));
        if (this.boot.rust) between.push(...(await boots.differences(inLowered, this.boot.rust, inC)));
        if (inLowered.status === "harness-error") throw new StageError("lowered", `${inLowered.message}`);
      }
      recorder.findings.splice(0, Infinity, ...nameStages(recorder.findings, found, between));
      const errors = found.filter((f) => f.severity === "error").length;
      return `the lowered C ${errors === 0 ? "is like the C" : `differs from the C in ${errors === 1 ? "one thing" : `${errors} things`} that matter${errors === 1 ? "s" : ""}`}`;
    });
  }

  private unitReport(o: UnitOutcome<LoweredUnit>, rustLines: number, rust: string): void {
    const functions = o.value?.functions ?? [];
    this.units.push({
      file: this.relative(o.file),
      status: o.error ? "failed" : "ok",
      cLines: o.value?.cLines ?? 0,
      rustLines,
      functions: functions.length,
      unsafe: countRust(rust),
      keptInC: o.value?.keptInC ?? [],
      seconds: Number(o.seconds.toFixed(2)),
    });
  }

  /** The folder that the module is built in, as the user has it, and the one that was asked for. */
  private ownFolder(): [string, string] {
    const { dir } = this.work.request;
    const within = this.relative(this.module.builtIn);
    return [within.startsWith("..") ? dir : path.join(dir, within), dir];
  }

  private relative(file: string): string {
    return path.relative(this.captured.copy.dir, file);
  }
}

function factsOf({ elf: _elf, code: _code, ...facts }: InspectedObject): NonNullable<Report["objects"]["c"]> {
  return facts;
}

/** Every unit's result; all failures at once where some failed. A unit that is missing is a failure with a name. */
function allOf<T>(outcomes: readonly UnitOutcome<T>[]): T[] {
  const errors = outcomes.flatMap((o) => (o.error ? [o.error] : o.value === undefined ? [new StageError("missing-unit", `no result for ${o.file}`, { file: o.file })] : []));
  if (errors.length > 0) throw new AggregateError(errors);
  return outcomes.map((o) => o.value as T);
}
