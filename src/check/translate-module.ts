/** A module's way from the captured C to the Rust module: the stages from `lower` to `inspect`, or what an earlier run made of the same. */
import path from "node:path";
import { StageError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { NoPlainFolder } from "../machine/seen-files.ts";
import type { UnitReport } from "../report/schema.ts";
import { filesOfCopy, symbolsOfCopy } from "./built-copy.ts";
import { keepTranslation, keptTranslation, translationKey } from "./kept-translation.ts";
import { relativeIn, type Subject } from "./subject.ts";
import { deadHelpers, withoutHelpers } from "../stages/assemble/dead-helpers.ts";
import { leftForNothing, type Loss, losses, reasonsToStay } from "../stages/compare/losses.ts";
import { importableSymbols } from "../stages/lower/importable.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import { sourceNames } from "../stages/lower/names.ts";
import { countRust, eachUnit, lowerUnits, type UnitOutcome } from "./translate-units.ts";
import { transpile, type TranspiledUnit, Untranslatable } from "../stages/transpile/index.ts";
import { type Account, PortOfUnits, type Translation } from "./port-of-units.ts";

export class ModuleTranslation {
  /** A later stage's failure does not take back what is there. */
  readonly account: Account = {
    lowered: [],
    idle: new Set(),
    units: [],
    objects: {},
    functions: undefined,
    printed: undefined,
  };
  /** What is put together of the units. */
  readonly made: PortOfUnits;
  /** Functions that c2rust cannot translate, each with the reason. */
  private readonly beyond = new Map<string, string>();
  private readonly subject: Subject;
  constructor(subject: Subject) {
    this.subject = subject;
    this.made = new PortOfUnits(subject, this.account);
  }

  /** The translation as an earlier run has made it, or a new one. */
  async translated(): Promise<Translation> {
    const { work, recorder, captured, module } = this.subject;
    const key = translationKey(work, captured, module.name);
    const kept = key === undefined ? undefined : await keptTranslation(key, work.workDir);
    if (kept !== undefined) {
      const { translation, account, stages, findings } = kept.value;
      Object.assign(this.account, account);
      this.made.port = translation.port.dir;
      this.made.rustKo = translation.built.ko;
      recorder.reuse(stages, kept.at);
      recorder.findings.push(...findings);
      return translation;
    }
    const before = { stages: recorder.stages.length, findings: recorder.findings.length };
    const translation = await this.translateWhole();
    if (key !== undefined)
      await keepTranslation(key, work.workDir, {
        translation,
        account: this.account,
        stages: recorder.stages.slice(before.stages),
        findings: recorder.findings.slice(before.findings),
      });
    return translation;
  }

  /** Translate, and leave to C the functions that lose a check behind helpers: those where the kernel's own compiler then has it. */
  private async translateWhole(): Promise<Translation> {
    const say = (functions: Iterable<string>, what: string): void =>
      log.info(`  ${this.subject.module.name}: ${what}: ${[...functions].join(", ")}`);
    let made = await this.translate(new Map());
    // Mistakes made on purpose are to be found.
    const { doctor } = this.subject.work;
    const lost = doctor?.lowered || doctor?.rust || doctor?.printed ? [] : this.lostIn(made);
    const keepInC = reasonsToStay(lost);
    if (keepInC.size === 0) return made;
    say(keepInC.keys(), "a helper lacks checks that C has, tried as C");
    made = await this.translate(keepInC);
    this.account.idle = leftForNothing(lost, this.lostIn(made));
    if (this.account.idle.size === 0) return made;
    say(this.account.idle, "the kernel's own compiler does without them, Rust after all");
    for (const f of this.account.idle) keepInC.delete(f);
    return this.translate(keepInC);
  }

  private lostIn({ c, rust }: Translation): Loss[] {
    const { lowered } = this.account;
    return losses({ c, rust, functions: lowered.flatMap((u) => u.functions), sourceNames: sourceNames(lowered) });
  }

  /**
   * From the captured C to the Rust module, both read back.
   * @param keepInC functions that stay C, each with its reason
   */
  private async translate(keepInC: ReadonlyMap<string, string>): Promise<Translation> {
    let units: TranspiledUnit[] | undefined;
    while (units === undefined) {
      this.account.lowered = await this.lower(new Map([...this.beyond, ...keepInC]));
      units = await this.transpile(this.account.lowered);
    }
    const made = await this.made.put(units);
    const dead = deadHelpers(made.rust, made.c, units);
    if (dead.size === 0) return made;
    log.debug(`${this.subject.module.name}: helpers that nothing calls are left out: ${[...dead].join(", ")}`);
    const alive = units.map((u) => withoutHelpers(u, dead));
    this.account.lowered = alive.map((u) => u.unit);
    return this.made.put(alive);
  }

  private lower(keepInC: ReadonlyMap<string, string>): Promise<LoweredUnit[]> {
    const { work, captured, module, names, recorder } = this.subject;
    this.account.units = [];
    return recorder.stage("lower", async () => {
      const outcomes = await lowerUnits(
        module,
        names,
        work.units,
        {
          kernel: work.kernel,
          kbuild: work.kbuild,
          clang: work.tools.clang.path,
          plugin: work.plugin,
          readelf: work.tools.llvmReadelf.path,
          headers: work.request.headers,
          isOwn: (file) => file.startsWith(`${captured.copy.root}${path.sep}`),
          importable: await importableSymbols(work.kernel, await symbolsOfCopy(captured)),
          keepInC,
          sandbox: captured.sandbox,
        },
        await this.seenFolder(),
      );
      this.account.units.push(...outcomes.map((o) => this.unitReport(o)));
      const value = allOf(outcomes).map((u) => work.doctor?.lowered?.(u) ?? u);
      const kept = value.reduce((n, u) => n + u.keptInC.length, 0);
      const reused = outcomes.flatMap((o) => o.reused ?? []).sort((a, b) => a.getTime() - b.getTime());
      const say = `${value.length} ${value.length === 1 ? "unit" : "units"}${reused.length === 0 ? "" : `, ${reused.length} of them reused`}; ${kept} ${kept === 1 ? "thing stays" : "things stay"} in C behind helpers`;
      return { value, say, ...(reused.length === value.length ? { reused: reused[0] as Date } : {}) };
    });
  }

  /** What the units' results depend on besides the unit; undefined where that cannot be told, as of a pipe that the makefile has left, and nothing is reused. */
  private async seenFolder() {
    const { around, workDir } = this.subject.work;
    const { root } = this.subject.captured.copy;
    if (around === undefined) return undefined;
    try {
      return { root, files: await filesOfCopy(this.subject.captured), workDir, around };
    } catch (error) {
      if (!(error instanceof NoPlainFolder)) throw error;
      return undefined;
    }
  }

  /** @returns undefined where there are functions that c2rust cannot translate, and that were to be Rust so far */
  private transpile(lowered: LoweredUnit[]): Promise<TranspiledUnit[] | undefined> {
    const { work, names, recorder } = this.subject;
    const { c2rust } = work.tools;
    return recorder.stage("transpile", async () => {
      const outcomes = await eachUnit(
        lowered,
        (u) => u.command.file,
        work.units,
        (u, i) => transpile(u, names[i] as string, c2rust),
      );
      const beyond = new Map(
        outcomes.flatMap((o) =>
          o.error instanceof Untranslatable ? [...o.error.functions].filter(([f]) => !this.beyond.has(f)) : [],
        ),
      );
      // Where something else fails as well, it would fail again.
      if (
        beyond.size > 0 &&
        outcomes.every(
          (o) => o.error === undefined || (o.error instanceof Untranslatable && o.error.functions.size > 0),
        )
      ) {
        for (const [f, why] of beyond) this.beyond.set(f, why);
        return { value: undefined, say: `left to C: ${[...beyond].map(([f, why]) => `${f} (${why})`).join(", ")}` };
      }
      for (const [i, o] of outcomes.entries()) if (o.error) (this.account.units[i] as UnitReport).status = "failed";
      const value = allOf(outcomes).map((u) => work.doctor?.rust?.(u) ?? u);
      return {
        value,
        say: `c2rust ${c2rust.version}, ${value.length} of ${lowered.length} units`,
        cached: value.every((u) => u.cached),
      };
    });
  }

  private unitReport(o: UnitOutcome<LoweredUnit>): UnitReport {
    return {
      file: this.relative(o.file),
      status: o.error ? "failed" : "ok",
      cLines: o.value?.cLines ?? 0,
      rustLines: 0,
      functions: o.value?.functions.length ?? 0,
      unsafe: countRust(""),
      keptInC: o.value?.keptInC ?? [],
      seconds: Number(o.seconds.toFixed(2)),
    };
  }

  private relative(file: string): string {
    return relativeIn(this.subject.captured, file);
  }
}

/** Every unit's result; all failures at once where some failed. A unit that is missing is a failure with a name. */
function allOf<T>(outcomes: readonly UnitOutcome<T>[]): T[] {
  const errors = outcomes.flatMap((o) =>
    o.error
      ? [o.error]
      : o.value === undefined
        ? [new StageError("missing-unit", `no result for ${o.file}`, { file: o.file })]
        : [],
  );
  if (errors.length > 0) throw new AggregateError(errors);
  return outcomes.map((o) => o.value as T);
}
