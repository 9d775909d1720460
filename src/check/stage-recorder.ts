/** Keeps the account of one module's run: which stages ran, how long they took, what they found. */
import { StageError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import type { Finding, StageResult } from "../report/schema.ts";

/** Stages in their order; one that was not reached is reported as skipped. `lowered` is none of them: it runs when there is a question. */
export const STAGES = [
  "capture",
  "lower",
  "transpile",
  "assemble",
  "print",
  "build",
  "inspect",
  "compare",
  "prove",
  "boot",
] as const satisfies StageResult["name"][];

/** Thrown to end a module's run after a failed stage, which is on record already. */
export class StageFailed extends Error {
  override readonly name = "StageFailed";
}

/** V8's word for it. A compiler can be told to take more brackets in one another than what walks along their tree here. */
function isOutOfStack(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}

export class StageRecorder {
  readonly stages: StageResult[] = [];
  readonly findings: Finding[] = [];
  private readonly relative: (file: string) => string;
  private readonly label: string;
  /**
   * @param relative a file of the working copy as the module's folder names it
   * @param module for the progress lines, where several modules are worked on at once
   */
  constructor(relative: (file: string) => string, before: readonly StageResult[] = [], module?: string) {
    this.relative = relative;
    this.label = module === undefined ? "" : `${module}: `;
    this.stages.push(...before);
  }

  /**
   * Run one stage. The work says how it went: a word for the progress line, whether it came from the cache, and from when. One that runs a second time counts as one.
   * @throws StageFailed when it threw a StageError, which becomes a finding
   */
  async stage<T>(
    name: StageResult["name"],
    work: () => Promise<{ value: T; say: string; cached?: boolean; reused?: Date }>,
  ): Promise<T> {
    const started = performance.now();
    const seconds = (): number => Number(((performance.now() - started) / 1000).toFixed(2));
    try {
      const { value, say, reused, cached = reused !== undefined } = await work();
      this.add({
        name,
        status: "ok",
        seconds: seconds(),
        cached,
        ...(reused === undefined ? {} : { reused: reused.toISOString() }),
      });
      log.step("ok", name, this.label + say + (reused === undefined ? "" : `, of ${minute(reused)}`), seconds());
      return value;
    } catch (thrown) {
      const error = isOutOfStack(thrown)
        ? new StageError(
            "nesting",
            `the module's text is nested so deep that ${name} cannot be done: kport's own stack is not as deep`,
          )
        : thrown;
      if (!(error instanceof StageError || error instanceof AggregateError)) throw error;
      const errors = error instanceof AggregateError ? (error.errors as StageError[]) : [error];
      for (const e of errors) this.fail(e, name);
      const message = (errors[0] as StageError).message.split("\n")[0] as string;
      this.add({ name, status: "failed", seconds: seconds(), cached: false, message });
      log.step("failed", name, this.label + message, seconds());
      throw new StageFailed(message);
    }
  }

  /** Stages as an earlier run has them, which are not run again. */
  reuse(stages: readonly StageResult[], at: Date): void {
    for (const s of stages) {
      this.add({ ...s, seconds: 0, cached: true, reused: at.toISOString() });
      log.step(s.status, s.name, `${this.label}reused, of ${minute(at)}`);
    }
  }

  private add(result: StageResult): void {
    const at = this.stages.findIndex((s) => s.name === result.name);
    if (at < 0) this.stages.push(result);
    else
      this.stages[at] = {
        ...result,
        seconds: Number((result.seconds + (this.stages[at] as StageResult).seconds).toFixed(2)),
      };
  }

  private fail(e: StageError, stage: string): void {
    const finding: Finding = { check: e.check === "tool" ? stage : e.check, severity: "error", message: e.message };
    if (e.file !== undefined) finding.file = this.relative(e.file);
    if (e.line !== undefined && e.line > 0) finding.line = e.line;
    this.findings.push(finding);
  }

  /** A stage that was left out on purpose, or not reached. */
  skip(name: StageResult["name"], message: string): void {
    this.stages.push({ name, status: "skipped", seconds: 0, cached: false, message });
  }

  /**
   * Run what only explains what was found: its failure is told, and is no failure of the module.
   * @param failing what a failure means for the reader
   */
  async aside(name: StageResult["name"], failing: string, work: () => Promise<string>): Promise<void> {
    await this.stage(name, async () => {
      try {
        return { value: undefined, say: await work() };
      } catch (error) {
        if (!(error instanceof StageError)) throw error;
        this.findings.push({ check: name, severity: "note", message: `${failing}: ${error.message}` });
        return { value: undefined, say: failing };
      }
    });
  }

  /** All stages, those that were not reached as skipped, and those that ran besides. */
  complete(): StageResult[] {
    const besides = this.stages.filter((s) => !STAGES.some((name) => name === s.name));
    return [
      ...STAGES.map(
        (name) =>
          this.stages.find((s) => s.name === name) ??
          ({ name, status: "skipped", seconds: 0, cached: false, message: "an earlier stage failed" } as const),
      ),
      ...besides,
    ];
  }
}

function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
