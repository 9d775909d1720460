/**
 * What came of the functions of the lowered C beside the C as it was written. No Rust has a part in that, so it is begun while the Rust is
 * printed: rustc compiles a crate on one processor, and each try waits for the one before.
 */
import type { LimitFunction } from "p-limit";
import { StageError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import type { Sandbox } from "../../machine/process.ts";
import { usesKeptResults } from "../../machine/result-store.ts";
import type { Provers } from "../../toolchain/provers.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { compareSides, type Outcome, type ProofTools } from "./compared.ts";
import { nameForwarded } from "./forwarded.ts";
import { functionsOf } from "./functions-of.ts";
import type { Proof } from "./index.ts";
import { keptProofs } from "./kept-proofs.ts";
import { settledHelpers } from "./object-sizes.ts";
import { solve } from "./solver.ts";
import type { UnitIr } from "./unit-ir.ts";
import { writtenSides } from "./written.ts";

export interface AsWrittenInput {
  units: readonly LoweredUnit[];
  /** The name of each unit, which is that of its Rust module. */
  names: readonly string[];
  ir: UnitIr;
}

export interface WrittenOutcomes {
  /** By `identity`. */
  functions: ReadonlyMap<string, Outcome>;
  /** LLVM IR of each unit as it was written (`written NAME`) and of its helpers (`helpers NAME`). */
  texts: ReadonlyMap<string, string>;
}

/** So many units have enough to do for all processors with their IR, which is all held in memory. */
export const MOST_AHEAD = 24;

/** What was begun of one module. */
export class AsWritten {
  private begun: { units: readonly LoweredUnit[]; outcomes: Promise<WrittenOutcomes> } | undefined;
  private isEnded = false;

  /** Begin with units of which no earlier run has shown anything. What comes of it is told to who asks for it. */
  begin(input: AsWrittenInput, provers: Provers, limit: LimitFunction): void {
    if (input.units.length > MOST_AHEAD) return;
    const outcomes = proofTools(provers, limit, () => this.isEnded).then((tools) => sameAsWritten(input, tools));
    outcomes.catch(() => undefined);
    this.begun = { units: input.units, outcomes };
  }

  /** Of the very units that were begun with; undefined where it was not. */
  of(units: readonly LoweredUnit[]): Promise<WrittenOutcomes> | undefined {
    return this.begun?.units === units ? this.begun.outcomes : undefined;
  }

  /** No solver is asked any more, and nothing runs when this returns. */
  async ended(): Promise<void> {
    this.isEnded = true;
    await this.begun?.outcomes.catch(() => undefined);
    this.begun = undefined;
  }
}

/**
 * The tools of proofs that are kept, where any are.
 * @param isOver whether nobody waits for what is asked any more
 */
export async function proofTools(
  { opt, z3 }: Provers,
  limit: LimitFunction,
  isOver: () => boolean = () => false,
): Promise<ProofTools> {
  const shut: Sandbox = { writable: [] };
  return {
    opt: opt.path,
    sandbox: shut,
    ...(usesKeptResults() ? { known: await keptProofs(opt, z3) } : {}),
    ...(z3 === undefined
      ? {}
      : {
          solver: (task) =>
            limit(async () => (isOver() ? "nobody waits for it" : solve(task, { path: z3.path, sandbox: shut }))),
        }),
  };
}

/** What came of each function of the lowered C beside the C as it was written. */
export async function sameAsWritten({ units, names, ir }: AsWrittenInput, tools: ProofTools): Promise<WrittenOutcomes> {
  const texts = new Map<string, string>();
  const functions = new Map<string, Outcome>();
  try {
    const modules = await Promise.all(units.map((u) => ir.module(u)));
    const irs = await Promise.all(units.map(async (u) => settledHelpers(await ir.written(u), tools)));
    for (const [i, made] of irs.entries()) {
      texts.set(`written ${names[i]}`, made.unit);
      if (made.helpers !== undefined) texts.set(`helpers ${names[i]}`, made.helpers);
    }
    const { written, lowered } = writtenSides(units, names, modules, irs);
    await nameForwarded(written, lowered, (keys) => compareSides(written, lowered, keys, tools));
    const named = functionsOf(units, lowered, modules);
    const keys = [...named.keys()].filter((k) => written.has(k));
    const outcomes = await compareSides(written, lowered, keys, tools);
    for (const [key, f] of named)
      functions.set(
        identity(f),
        outcomes.get(key) ?? { same: false, reason: "the C as it was written has no function of that name" },
      );
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    log.debug(`the lowered C is not held against the C: ${error.message}`);
  }
  return { functions, texts };
}

export function identity(f: Pick<Proof, "name" | "file">): string {
  return JSON.stringify([f.file, f.name]);
}
