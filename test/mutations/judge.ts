/** Puts mistakes into functions that are proved and sees which keep their proof. */
import { cpus } from "node:os";
import pLimit from "p-limit";
import { attempt, differingVariables, fixedVariables, optimise, type ProofTools, solved } from "../../src/stages/prove/compared.ts";
import type { IrFunction, Value } from "../../src/stages/prove/ir/model.ts";
import { printFunction } from "../../src/stages/prove/ir/print.ts";
import { IrModule } from "../../src/stages/prove/ir/read-module.ts";
import { lockstep } from "../../src/stages/prove/lockstep.ts";
import { PIPELINES } from "../../src/stages/prove/pipelines.ts";
import { Preparation, preparedName } from "../../src/stages/prove/prepare.ts";
import type { Side } from "../../src/stages/prove/sides.ts";
import type { Mutant } from "./mutants.ts";

export interface Judged {
  mutants: number;
  /** Lost their proof. */
  caught: number;
  /** `opt` makes the very text of the function without the mistake. */
  neutral: number;
  /** Kept it without being seen to be neutral. */
  kept: string[];
  /** Are not written alike in any pipeline, and a solver proves them all the same. */
  solved: string[];
  /** Of those caught: the solver was asked as well. */
  asked: number;
  /** No module that LLVM takes. */
  invalid: number;
}

/**
 * @param own the functions that are compared, as the proofs had them
 * @param mutants by the key of a function that is proved
 * @param asked of each function so many mistakes are left to the solver as well, which may take a quarter of a minute over one
 */
export async function judge(c: Side, rust: Side, own: readonly string[], mutants: ReadonlyMap<string, readonly Mutant[]>, tools: ProofTools, asked = Number.POSITIVE_INFINITY): Promise<Judged> {
  const names = [...mutants].flatMap(([key, all]) => all.map((m, n) => ({ key, mutant: m, isAsked: n < asked, name: `mutant ${n} of ${key}`, at: `${key}: ${m.what} (${n})` })));
  const kept = new Set<string>();
  const neutral = new Set<string>();
  const proved = new Set<string>();
  const limit = pLimit(cpus().length);
  let invalid = 0;
  for (const pipeline of PIPELINES) {
    const preparation = new Preparation(new Set(own), differingVariables(c, rust), c.parts[0]?.module.dataLayout ?? "", { fixed: fixedVariables(c, rust) });
    for (const key of mutants.keys()) for (const side of [c, rust]) preparation.add(side, key);
    const put = names.filter(({ key, mutant, name }) => attempt(() => preparation.add(rust, key, { name, function: mutant.function })) === undefined);
    invalid = names.length - put.length;
    const module = new IrModule(await optimise(preparation.text(), pipeline, tools));
    const left: { at: string; inC: IrFunction; wrong: IrFunction }[] = [];
    for (const { key, name, at, isAsked } of put) {
      const [inC, inRust, wrong] = [module.function(preparedName("c", key)), module.function(preparedName("rust", key)), module.function(name)] as [IrFunction, IrFunction, IrFunction];
      // Whatever is said of it, then: LLVM itself makes no difference.
      if (canonicalText(wrong) === canonicalText(inRust)) {
        neutral.add(at);
        continue;
      }
      if (attempt(() => lockstep(inC, wrong)) !== undefined) {
        if (isAsked && tools.solver !== undefined) left.push({ at, inC, wrong });
        continue;
      }
      kept.add(at);
    }
    const { solver } = tools;
    await Promise.all(left.map(({ at, inC, wrong }) => limit(async () => void (!proved.has(at) && solver !== undefined && (await solved(inC, wrong, solver)) === undefined && proved.add(at)))));
  }
  const unseen = [...kept].filter((k) => !neutral.has(k));
  return { mutants: names.length - invalid, caught: names.length - invalid - new Set([...kept, ...neutral, ...proved]).size, neutral: neutral.size, kept: unseen, solved: [...proved].filter((k) => !neutral.has(k)), asked: names.filter((n) => n.isAsked).length, invalid };
}

/** A function's text with its names by their order. */
function canonicalText(f: IrFunction): string {
  const names = new Map<string, string>();
  const named = (n: string): string => {
    if (!names.has(n)) names.set(n, `v${names.size}`);
    return names.get(n) as string;
  };
  const value = (v: Value): Value => (v.kind === "local" ? { kind: "local", name: named(v.name) } : v);
  const parameters = f.parameters.map((p) => ({ ...p, name: named(p.name) }));
  const blocks = f.blocks.map((b) => ({ name: named(b.name), instructions: b.instructions.map((i) => ({ ...i, operands: i.operands.map((o) => ({ ...o, value: value(o.value) })), ...(i.labels ? { labels: i.labels.map(named) } : {}), ...(i.result === undefined ? {} : { result: named(i.result) }) })) }));
  return printFunction({ ...f, name: "f", parameters, blocks }, ["", ""]);
}
