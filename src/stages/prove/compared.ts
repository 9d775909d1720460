/** Compares all functions of two programs: optimises both alike and lays each pair side by side. */
import { StageError } from "../../machine/errors.ts";
import { TOOL_OUTPUT } from "../../machine/bounds.ts";
import { describeFailure, run, type Sandbox } from "../../machine/process.ts";
import { type IrFunction, Unsupported } from "./ir/model.ts";
import { IrModule } from "./ir/read-module.ts";
import { lockstep } from "./lockstep.ts";
import { Different } from "./pairing.ts";
import { PIPELINES } from "./pipelines.ts";
import { Preparation, preparedName } from "./prepare.ts";
import type { Side } from "./sides.ts";

/** What came of a function: a proof, or why there is none. */
export type Outcome = { same: true } | { same: false; reason: string };

export interface Optimiser {
  path: string;
  sandbox: Sandbox;
}

/** What Rust's rules let a caller take for granted of a reference or a number with gaps, and C says of no parameter. */
const PROMISES = new Set(["noalias", "nonnull", "dereferenceable", "dereferenceable_or_null", "range", "readonly", "readnone", "writeonly", "writable", "returned"]);

/** @param keys functions that both sides have */
export async function compareSides(c: Side, rust: Side, keys: readonly string[], optimiser: Optimiser): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const own = new Set(keys);
  const differing = differingVariables(c, rust);
  for (const key of keys) {
    const promise = attempt(() => promiseOf(rust.function(key).f));
    if (promise !== undefined) outcomes.set(key, { same: false, reason: promise });
  }
  let left = keys.filter((k) => !outcomes.has(k));
  for (const pipeline of PIPELINES) {
    if (left.length === 0) break;
    const preparation = new Preparation(own, differing, c.parts[0]?.module.dataLayout ?? "");
    const prepared = left.filter((key) => {
      const reason = attempt(() => [c, rust].forEach((side) => preparation.add(side, key)));
      if (reason !== undefined) outcomes.set(key, { same: false, reason });
      return reason === undefined;
    });
    const module = new IrModule(await optimise(preparation.text(), pipeline, optimiser));
    for (const key of prepared) {
      const reason = attempt(() => lockstep(module.function(preparedName("c", key)) as IrFunction, module.function(preparedName("rust", key)) as IrFunction));
      // The first pipeline's reason is the one that is closest to the code as people write it.
      if (reason === undefined) outcomes.set(key, { same: true });
      else if (!outcomes.has(key)) outcomes.set(key, { same: false, reason });
    }
    left = prepared.filter((k) => outcomes.get(k)?.same !== true);
  }
  return outcomes;
}

/** Variables that both sides define and that do not hold the same at first. */
export function differingVariables(c: Side, rust: Side): Set<string> {
  const out = new Set<string>();
  for (const key of c.variableKeys) {
    const other = rust.initial(key);
    if (other !== undefined && other !== c.initial(key)) out.add(key);
  }
  return out;
}

function promiseOf(f: IrFunction): void {
  for (const [n, p] of f.parameters.entries()) {
    const promised = p.attributes.find((a) => PROMISES.has(a));
    // What is passed in memory is the compiler's own.
    if (promised !== undefined && p.passing.typed.length === 0) throw new Unsupported(`parameter ${n + 1} of the Rust promises more than C's (${promised})`);
  }
}

/** @returns why not, where it does not work */
export function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Unsupported) return `not understood: ${error.message}`;
    if (error instanceof Different) return error.message;
    // A value that is computed of thousands of others.
    if (error instanceof RangeError) return "too large";
    throw error;
  }
}

export async function optimise(text: string, pipeline: string, { path, sandbox }: Optimiser): Promise<string> {
  const args = ["-S", `-passes=${pipeline}`, "-", "-o", "-"];
  const r = await run(path, args, { input: text, sandbox, allowFailure: true, timeout: 600_000, output: TOOL_OUTPUT });
  if (r.exitCode !== 0) throw new StageError("prove", describeFailure(path, args, r));
  return r.stdout;
}
