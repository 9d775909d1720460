/** Compares all functions of two programs: optimises both alike and lays each pair side by side. */
import { StageError } from "../../machine/errors.ts";
import { TOOL_OUTPUT } from "../../machine/bounds.ts";
import { run, type Sandbox } from "../../machine/process.ts";
import { describeFailure } from "../../machine/tool-failure.ts";
import type { IrFunction } from "./ir/model.ts";
import { IrModule } from "./ir/read-module.ts";
import type { Known, Tier } from "./kept-proofs.ts";
import { withEndsApart } from "./ends-apart.ts";
import { lockstep } from "./lockstep.ts";
import type { Task } from "./obligations.ts";
import { Different } from "./pairing.ts";
import { PIPELINES } from "./pipelines.ts";
import { Preparation } from "./prepare.ts";
import { preparedName } from "./prepared-names.ts";
import { promiseOf } from "./promises.ts";
import type { Side } from "./sides.ts";
import { attempt, type Solver, tasksOf } from "./tasks.ts";
import { readsUnwritten } from "./unwritten.ts";
import { differingVariables, type FixedVariable, fixedVariables } from "./variables.ts";

/** What came of a function: a proof, or why there is none. */
export type Outcome =
  | { same: true; tier: Tier }
  /** `task`: what a solver was asked in vain. */
  | { same: false; reason: string; task?: Task };

export interface ProofTools {
  opt: string;
  sandbox: Sandbox;
  solver?: Solver;
  /** Absent: every function is proved anew. */
  known?: Known;
}

/** How often the solver is asked about a function, which each pipeline makes another text of, before copies are written otherwise: it may take five seconds each time. */
const MOST_TRIES = 3;

/** Instructions up to which a function that is compared itself may also be inlined into its callers, where they are not the same otherwise. */
const SMALL = 60;

/**
 * @param keys functions that both sides have
 * @param declared functions that are never a part of others, besides `keys`; left out: small ones may be
 */
export async function compareSides(
  c: Side,
  rust: Side,
  keys: readonly string[],
  tools: ProofTools,
  declared?: ReadonlySet<string>,
): Promise<Map<string, Outcome>> {
  return new Comparison(c, rust, keys, tools, declared).run();
}

/** The lowered C's, or the written one's, and the Rust's. */
type Both = [IrFunction, IrFunction];

/** Functions as one pipeline has made them of both programs, as far as they are understood. */
interface Form {
  functions: Map<string, Both>;
}

class Comparison {
  private readonly sides: readonly [Side, Side];
  private readonly keys: readonly string[];
  private readonly tools: ProofTools;
  private readonly differing: ReadonlySet<string>;
  private readonly fixed: ReadonlyMap<string, FixedVariable>;
  private readonly outcomes = new Map<string, Outcome>();
  private readonly declared: ReadonlySet<string> | undefined;
  /** Functions that are not understood. */
  private readonly beyond = new Set<string>();
  /** How often the solver was asked about a function. */
  private readonly tries = new Map<string, number>();
  constructor(
    c: Side,
    rust: Side,
    keys: readonly string[],
    tools: ProofTools,
    declared: ReadonlySet<string> | undefined,
  ) {
    this.declared = declared;
    this.sides = [c, rust];
    this.keys = keys;
    this.tools = tools;
    this.differing = differingVariables(c, rust);
    this.fixed = fixedVariables(c, rust);
  }

  async run(): Promise<Map<string, Outcome>> {
    for (const key of this.keys) {
      const promise = attempt(() => promiseOf(this.sides[1].function(key).f));
      if (promise !== undefined) this.outcomes.set(key, { same: false, reason: promise });
    }
    const whole = new Set([...this.keys, ...(this.declared ?? [])]);
    const large = this.declared === undefined ? new Set(this.keys.filter((k) => !this.isSmall(k))) : undefined;
    const texts = await this.recall(large === undefined ? [whole] : [whole, large]);
    const asked = this.keys.filter((k) => !this.outcomes.has(k));
    const first = PIPELINES[0] as string;
    // Most of what one form does not show without a solver, another one does, and what a solver answers to nobody is seconds of its time.
    const forms: Form[] = [];
    for (const pipeline of PIPELINES) forms.push(await this.form(this.left(asked), whole, pipeline));
    const apart = this.left(asked);
    const inCallers = large && (await this.form(apart, large, first));
    // What is proved with small functions in it is held to it in that form: they may write its variables, or not.
    if (large !== undefined) await this.requireWritten(apart, large, first);
    for (const form of forms) await this.solve(this.left(asked), form);
    if (large !== undefined && inCallers !== undefined) {
      const open = this.left(apart);
      await this.solve(open, inCallers);
      await this.requireWritten(
        open.filter((k) => !this.left(open).includes(k)),
        large,
        first,
      );
    }
    const open = this.left(asked);
    await this.solve(open, await this.form(open, whole, first, true), true);
    await this.requireWritten(asked, whole, first);
    await this.remember(texts);
    return this.outcomes;
  }

  /**
   * Take what earlier runs have proved.
   * @param inlinings which functions are not inlined into others, in each of the ways that are tried
   * @returns the text of each function that is still to be proved
   */
  private async recall(inlinings: readonly ReadonlySet<string>[]): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    const { known } = this.tools;
    if (known === undefined) return texts;
    for (const key of this.keys) {
      if (this.outcomes.has(key)) continue;
      let text = "";
      const reason = attempt(() => {
        text = inlinings
          .map((own) => {
            const preparation = this.preparation(own);
            for (const side of this.sides) preparation.add(side, key);
            return preparation.text();
          })
          .join("\0");
      });
      const tier = reason === undefined ? await known.find(text) : undefined;
      if (tier !== undefined) this.outcomes.set(key, { same: true, tier });
      else if (reason === undefined) texts.set(key, text);
    }
    return texts;
  }

  private async remember(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const [key, text] of texts) {
      const outcome = this.outcomes.get(key);
      if (outcome?.same === true) await this.tools.known?.keep(text, outcome.tier);
    }
  }

  private preparation(
    own: ReadonlySet<string>,
    how: { copiesSingly?: boolean; fillsVariables?: boolean } = {},
  ): Preparation {
    return new Preparation(own, this.differing, this.sides[0].parts[0]?.module.dataLayout ?? "", {
      fixed: this.fixed,
      ...how,
    });
  }

  /** Take back the proof of what looks at variables of its own that it has not written, unless the C does the very same. */
  private async requireWritten(keys: readonly string[], own: ReadonlySet<string>, pipeline: string): Promise<void> {
    const preparation = this.preparation(own, { fillsVariables: true });
    const proved = this.prepare(
      keys.filter((k) => this.outcomes.get(k)?.same === true),
      preparation,
    );
    if (proved.length === 0) return;
    const module = new IrModule(await optimise(preparation.text(), pipeline, this.tools));
    for (const key of proved) {
      let reads = true;
      const reason = attempt(() => {
        const [c, rust] = this.sides.map((side) => module.function(preparedName(side.tag, key))) as [
          IrFunction,
          IrFunction,
        ];
        reads = readsUnwritten(rust);
        if (reads) lockstep(c, rust);
      });
      if (reads && reason !== undefined)
        this.outcomes.set(key, { same: false, reason: `the Rust reads what it has not written: ${reason}` });
    }
  }

  /** @returns those that are understood */
  private prepare(keys: readonly string[], preparation: Preparation): string[] {
    return keys.filter((key) => {
      const reason = attempt(() => this.sides.forEach((side) => preparation.add(side, key)));
      if (reason !== undefined) this.outcomes.set(key, { same: false, reason });
      return reason === undefined;
    });
  }

  /** Those of which nothing is shown so far. */
  private left(keys: readonly string[]): string[] {
    return keys.filter((k) => this.outcomes.get(k)?.same !== true && !this.beyond.has(k));
  }

  /** Functions in one form, of which those are proved that are the same code. */
  private async form(
    keys: readonly string[],
    own: ReadonlySet<string>,
    pipeline: string,
    copiesSingly = false,
  ): Promise<Form> {
    const preparation = this.preparation(own, { copiesSingly });
    const prepared = this.prepare(keys, preparation);
    for (const k of keys) if (!prepared.includes(k)) this.beyond.add(k);
    const form: Form = { functions: new Map() };
    if (prepared.length === 0) return form;
    const module = new IrModule(await optimise(preparation.text(), pipeline, this.tools));
    for (const key of prepared) {
      const reason = attempt(() => {
        // What the optimised text holds is understood here for the first time.
        const [c, rust] = this.sides.map((side) => module.function(preparedName(side.tag, key))) as Both;
        form.functions.set(key, [c, rust]);
        const reason = attempt(() => lockstep(c, rust));
        // The first reason is closer to the code as people write it.
        if (reason !== undefined && !isSameApart(c, rust)) throw new Different(reason);
      });
      if (reason === undefined) this.outcomes.set(key, { same: true, tier: "same-code" });
      // The first pipeline's reason is the one that is closest to the code as people write it.
      else if (!this.outcomes.has(key)) this.outcomes.set(key, { same: false, reason });
    }
    return form;
  }

  /** Ask the solver about functions, as one form has them. */
  private async solve(keys: readonly string[], { functions }: Form, isLast = false): Promise<void> {
    const { solver } = this.tools;
    if (solver === undefined) return;
    await Promise.all(
      keys.map(async (key) => {
        const both = functions.get(key);
        const tries = this.tries.get(key) ?? 0;
        if (both === undefined || !(isLast || tries < MOST_TRIES)) return;
        this.tries.set(key, tries + 1);
        let task: Task | undefined;
        for (const made of tasksOf(...both)) {
          task ??= made;
          if ((await solver(made)) !== undefined) continue;
          this.outcomes.set(key, { same: true, tier: "proved" });
          return;
        }
        const outcome = this.outcomes.get(key);
        if (tries === 0 && task !== undefined && outcome?.same === false) this.outcomes.set(key, { ...outcome, task });
      }),
    );
  }

  private isSmall(key: string): boolean {
    return this.sides.every((side) => {
      let count = Number.POSITIVE_INFINITY;
      attempt(() => {
        const { f } = side.function(key);
        // What takes any number of arguments is never a part of others.
        if (!f.variadic) count = f.blocks.reduce((n, b) => n + b.instructions.length, 0);
      });
      return count <= SMALL;
    });
  }
}

export async function optimise(text: string, pipeline: string, { opt, sandbox }: ProofTools): Promise<string> {
  const args = ["-S", `-passes=${pipeline}`, "-", "-o", "-"];
  const r = await run(opt, args, { input: text, sandbox, allowFailure: true, timeout: 600_000, output: TOOL_OUTPUT });
  if (r.exitCode !== 0) throw new StageError("prove", describeFailure(opt, args, r));
  return r.stdout;
}

/** Whether two are the same code once each way has its own end. */
function isSameApart(c: IrFunction, rust: IrFunction): boolean {
  return attempt(() => lockstep(withEndsApart(c), withEndsApart(rust))) === undefined;
}
