/** One captured module through all stages behind the capture. */
import { mkdir } from "node:fs/promises";
import { differences, type Inspected } from "./differences.ts";
import { bootsKey, keepBoots, keptBoots } from "./kept-boots.ts";
import { loweredInC } from "./lowered-module.ts";
import { type ExecutedInBoth, ModuleBoots } from "./module-boots.ts";
import { observeModule, ranOnOneSide } from "./observe-module.ts";
import { type FuzzedModule, fuzzModule } from "./fuzz-module.ts";
import { ModuleProofs } from "./prove-module.ts";
import type { Artefacts } from "./results.ts";
import { shownFolder } from "./shown-folder.ts";
import { StageFailed, StageRecorder } from "./stage-recorder.ts";
import { ownFolders, relativeIn, type Subject } from "./subject.ts";
import { ModuleTranslation } from "./translate-module.ts";
import type { Translation } from "./port-of-units.ts";
import type { Work } from "./work.ts";
import { comparedOf } from "../report/compared.ts";
import type { BootRun, Report, StageResult } from "../report/schema.ts";
import { accelerator } from "../stages/boot/index.ts";
import type { Captured } from "../stages/capture/index.ts";
import type { CapturedModule } from "../stages/capture/captured-modules.ts";
import { union } from "../stages/fuzz/index.ts";
import { AsWritten } from "../stages/prove/as-written.ts";
import { UnitIr } from "../stages/prove/unit-ir.ts";
import { unitNames } from "./translate-units.ts";

export class ModuleCheck {
  private readonly subject: Subject;
  private readonly translation: ModuleTranslation;
  private rust: Inspected | undefined;
  private loweredKo: string | undefined;
  private boot: Report["boot"];
  private boots: Promise<ModuleBoots> | undefined;
  private proofs: Report["proofs"];
  private observed: Report["observed"];
  private executed: ExecutedInBoth | undefined;
  private fuzzed: FuzzedModule | undefined;
  constructor(work: Work, captured: Captured, module: CapturedModule, scratch: string, before: readonly StageResult[]) {
    const recorder = new StageRecorder(
      (file) => relativeIn(captured, file),
      before,
      captured.modules.length > 1 ? module.name : undefined,
    );
    const names = unitNames(module.objects.flatMap((o) => (o.kind === "c" ? [o.command.file] : [])));
    const { around, tools, workDir } = work;
    const ir = new UnitIr({
      clang: tools.clang.path,
      sandbox: captured.sandbox,
      workDir,
      ...(around === undefined ? {} : { around }),
    });
    this.subject = {
      work,
      captured,
      module,
      names,
      recorder,
      scratch,
      ir,
      asWritten: new AsWritten(),
      proofs: new ModuleProofs(),
    };
    this.translation = new ModuleTranslation(this.subject);
  }

  /** Run the stages and say what came of them. */
  async report(): Promise<Report> {
    const { work, module, recorder, scratch } = this.subject;
    const { account } = this.translation;
    await mkdir(scratch, { recursive: true });
    let broken = false;
    try {
      const made = await this.translation.translated();
      await this.compare(made);
      this.proofs = await this.subject.proofs.stage(this.subject, account.lowered, made.port.dir);
      broken = await this.bootBoth(made);
      if (!broken && work.request.fuzz !== undefined) await this.fuzz(made);
      if (this.boot !== undefined) this.observe(made);
    } catch (error) {
      if (!(error instanceof StageFailed)) throw error;
    } finally {
      const { ir, asWritten, proofs } = this.subject;
      await Promise.all([ir.ended(), asWritten.ended(), proofs.ended()]);
    }
    if (account.lowered.length > 0 && !broken && (work.request.threeWay === true || this.isPuzzling())) {
      const { ko, boot } = await loweredInC(this.subject, {
        account,
        booting: () => this.booting(),
        ...(this.rust ? { rust: this.rust } : {}),
        ...(this.boot ? { boot: this.boot } : {}),
      });
      this.loweredKo = ko;
      this.boot = boot;
    }
    const failed =
      recorder.findings.some((f) => f.severity === "error") || recorder.stages.some((s) => s.status === "failed");
    const { units, objects, functions, printed } = account;
    const report: Report = {
      schemaVersion: 1,
      verdict: broken ? "error" : failed ? "fail" : "pass",
      module: { name: module.name, dir: shownFolder(work.request.dir) },
      kernel: { release: work.kernel.release, arch: work.kernel.arch, compiler: work.kernel.compiler },
      tools: work.versions,
      stages: recorder.complete(),
      units,
      objects,
      findings: recorder.findings,
      ...(this.boot ? { boot: this.boot } : {}),
      ...(printed ? { printed } : {}),
      ...(this.proofs ? { proofs: this.proofs } : {}),
      ...(this.observed ? { observed: this.observed } : {}),
      ...(this.fuzzed ? { fuzz: this.fuzzed.report } : {}),
      ...(functions ? { functions } : {}),
    };
    return { ...report, compared: comparedOf(report) };
  }

  /** What goes beside the report. */
  get artefacts(): Artefacts {
    const { port, rustKo } = this.translation.made;
    const { loweredKo, fuzzed } = this;
    return {
      ...(fuzzed === undefined ? {} : { fuzz: fuzzed.exercises }),
      ...(port === undefined ? {} : { port }),
      ...(rustKo === undefined ? {} : { rustKo }),
      ...(loweredKo === undefined ? {} : { loweredKo }),
      ...(rustKo === undefined && loweredKo === undefined ? {} : { cKo: this.subject.module.ko }),
    };
  }

  private async compare({ port, built, c, rust }: Translation): Promise<void> {
    const { captured, recorder } = this.subject;
    await recorder.stage("compare", async () => {
      this.rust = { object: rust, warnings: built.warnings };
      const found = await differences(this.subject, this.translation.account, {
        c: { object: c, warnings: captured.warnings },
        other: this.rust,
        constructs: port.constructs,
      });
      recorder.findings.push(...found);
      const errors = found.filter((f) => f.severity === "error").length;
      return {
        value: undefined,
        say: errors === 0 ? "both modules show the same" : `${errors} differences that matter`,
      };
    });
  }

  /** @returns whether the harness broke, which says nothing about the module */
  private async bootBoth({ built }: Translation): Promise<boolean> {
    const { work, recorder } = this.subject;
    if (!work.request.boot) {
      recorder.skip("boot", "left out on request");
      return false;
    }
    return recorder.stage("boot", async () => {
      const boots = await this.booting();
      const say = (c: BootRun, rust: BootRun, used: string): string =>
        `C ${c.status}, Rust ${rust.status} (${used}, ${boots.exercised ? "exercised" : "no exercise"})`;
      const key = await bootsKey(work, boots.files(built.ko), await boots.exerciseKey());
      const kept = key === undefined ? undefined : await keptBoots(key, work.workDir);
      if (kept !== undefined) {
        const { executed, ...booted } = kept.value;
        this.boot = booted;
        this.executed = executed;
        return { value: false, say: say(kept.value.c, kept.value.rust, kept.value.accelerator), reused: kept.at };
      }
      const [c, rust] = await boots.both(built.ko);
      // Asked behind them: a boot may have found that KVM does not work.
      const used = await accelerator();
      this.boot = { accelerator: used, c, rust };
      const found = await boots.differences(c, rust, c);
      recorder.findings.push(...found);
      const executed = await boots.whatRan(built.ko);
      this.executed = executed;
      const broken = c.status === "harness-error" || rust.status === "harness-error";
      if (key !== undefined && boots.uneventful && found.length === 0)
        await keepBoots(key, work.workDir, { accelerator: used, c, rust, ...(executed ? { executed } : {}) });
      return { value: broken, say: say(c, rust, used) };
    });
  }

  private async fuzz({ built, c }: Translation): Promise<void> {
    const { recorder } = this.subject;
    if (this.boot?.c?.status !== "ok" || this.boot.rust?.status !== "ok")
      return recorder.skip("fuzz", "there is no module to call: a boot did not end well");
    this.fuzzed = await fuzzModule(this.subject, await this.booting(), built.ko, c);
    const { executed } = this.fuzzed;
    this.executed = {
      c: union(this.executed?.c ?? {}, executed.c),
      rust: union(this.executed?.rust ?? {}, executed.rust),
    };
  }

  /** What ran of each function. It says nothing about the module where that is not known. */
  private observe({ c, rust }: Translation): void {
    const { executed } = this;
    if (executed === undefined) {
      this.observed = { functions: [], leftOut: "no boot says what ran" };
      return;
    }
    const { captured, names, recorder } = this.subject;
    const functions = observeModule({
      lowered: this.translation.account.lowered,
      names,
      c,
      rust,
      executed,
      besides: this.proofs?.functions ?? [],
      relative: (f) => relativeIn(captured, f),
    });
    this.observed = { functions };
    recorder.findings.push(...ranOnOneSide(functions));
  }

  private booting(): Promise<ModuleBoots> {
    const { work, captured, module, scratch } = this.subject;
    this.boots ??= ModuleBoots.of(
      module,
      captured.modules,
      work.kernel,
      ownFolders(this.subject),
      captured.copy.bound,
      scratch,
      work.request.signal,
    );
    return this.boots;
  }

  /** Whether there is an error of which it is not known which stage made it: the Rust did not build, or it is another module than the C. */
  private isPuzzling(): boolean {
    return (
      this.translation.made.port !== undefined && this.subject.recorder.findings.some((f) => f.severity === "error")
    );
  }
}
