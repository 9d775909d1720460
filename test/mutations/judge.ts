/** Puts mistakes into functions that are proved and sees which keep their proof. */
import { cpus } from "node:os";
import pLimit from "p-limit";
import { contentKey } from "../../src/machine/cache.ts";
import { optimise, type ProofTools } from "../../src/stages/prove/compared.ts";
import { attempt, solved } from "../../src/stages/prove/tasks.ts";
import { isEffect } from "../../src/stages/prove/effects.ts";
import type { Instruction, IrFunction, Operand } from "../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../src/stages/prove/ir/read-module.ts";
import { lockstep } from "../../src/stages/prove/lockstep.ts";
import { PIPELINES } from "../../src/stages/prove/pipelines.ts";
import { differingVariables, fixedVariables } from "../../src/stages/prove/variables.ts";
import { Preparation } from "../../src/stages/prove/prepare.ts";
import { preparedName } from "../../src/stages/prove/prepared-names.ts";
import type { Side } from "../../src/stages/prove/sides.ts";
import { withoutPromises } from "../../src/stages/prove/strips.ts";
import { readsUnwritten } from "../../src/stages/prove/unwritten.ts";
import { tryFunction } from "../../src/stages/prove/trial/index.ts";
import type { Mutant } from "./mutants.ts";

export interface Judged {
  mutants: number;
  /** Lost their proof. */
  caught: number;
  /** `opt` makes the very function without the mistake, but for the order in which values are computed. */
  neutral: string[];
  /** Kept it without being seen to be neutral. */
  kept: string[];
  /** Are not written alike in any pipeline, and a solver proves them all the same. */
  solved: string[];
  /** Of those caught: the solver was asked as well. */
  asked: number;
  /** No module that LLVM takes. */
  invalid: number;
  /** A run of both functions on the same inputs shows the mistake. */
  shown: string[];
}

/**
 * @param own the functions that are compared, as the proofs had them
 * @param mutants by the key of a function that is proved
 * @param asked of each function so many mistakes are left to the solver as well, which may take five seconds over one
 */
export async function judge(
  c: Side,
  rust: Side,
  own: readonly string[],
  mutants: ReadonlyMap<string, readonly Mutant[]>,
  tools: ProofTools,
  asked = Number.POSITIVE_INFINITY,
): Promise<Judged> {
  const names = [...mutants].flatMap(([key, all]) =>
    all.map((m, n) => ({
      key,
      mutant: m,
      isAsked: n < asked,
      name: `mutant ${n} of ${key}`,
      at: `${key}: ${m.what} (${n})`,
    })),
  );
  const kept = new Set<string>();
  const neutral = new Set<string>();
  const proved = new Set<string>();
  const limit = pLimit(cpus().length);
  let invalid = 0;
  for (const pipeline of PIPELINES) {
    const preparation = new Preparation(
      new Set(own),
      differingVariables(c, rust),
      c.parts[0]?.module.dataLayout ?? "",
      { fixed: fixedVariables(c, rust) },
    );
    for (const key of mutants.keys()) for (const side of [c, rust]) preparation.add(side, key);
    const put = names.filter(
      ({ key, mutant, name }) =>
        attempt(() => preparation.add(rust, key, { name, function: mutant.function })) === undefined,
    );
    invalid = names.length - put.length;
    const module = new IrModule(await optimise(preparation.text(), pipeline, tools));
    const left: { at: string; inC: IrFunction; wrong: IrFunction }[] = [];
    for (const { key, name, at, isAsked } of put) {
      const [inC, inRust, wrong] = [
        module.function(preparedName("c", key)),
        module.function(preparedName("rust", key)),
        module.function(name),
      ] as [IrFunction, IrFunction, IrFunction];
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
    await Promise.all(
      left.map(({ at, inC, wrong }) =>
        limit(
          async () =>
            void (
              !proved.has(at) &&
              solver !== undefined &&
              (await solved(inC, wrong, solver)) === undefined &&
              proved.add(at)
            ),
        ),
      ),
    );
  }
  for (const at of await readingUnwritten(
    c,
    rust,
    own,
    names.filter((n) => kept.has(n.at)),
    tools,
  ))
    kept.delete(at);
  const unseen = [...kept].filter((k) => !neutral.has(k));
  return {
    mutants: names.length - invalid,
    caught: names.length - invalid - new Set([...kept, ...neutral, ...proved]).size,
    neutral: [...neutral],
    kept: unseen,
    solved: [...proved].filter((k) => !neutral.has(k)),
    asked: names.filter((n) => n.isAsked).length,
    invalid,
    shown: names.flatMap(({ key, mutant, at }) => {
      let isShown = false;
      attempt(() => {
        const { found } = tryFunction(key, { sides: [c, rust], keys: own, models: [], changed: mutant.function });
        isShown = found !== undefined;
      });
      return isShown ? [at] : [];
    }),
  };
}

/** Of those that keep their proof, the ones that look at what they have not written where C does not: a comparison takes their proof back (compared.ts). */
async function readingUnwritten(
  c: Side,
  rust: Side,
  own: readonly string[],
  kept: readonly { key: string; mutant: Mutant; name: string; at: string }[],
  tools: ProofTools,
): Promise<string[]> {
  if (kept.length === 0) return [];
  const how = { fixed: fixedVariables(c, rust), fillsVariables: true };
  const layout = c.parts[0]?.module.dataLayout ?? "";
  const preparation = new Preparation(new Set(own), differingVariables(c, rust), layout, how);
  for (const { key, mutant, name } of kept) {
    preparation.add(c, key);
    preparation.add(rust, key, { name, function: mutant.function });
  }
  const module = new IrModule(await optimise(preparation.text(), PIPELINES[0] as string, tools));
  return kept.flatMap(({ key, name, at }) => {
    const [inC, wrong] = [module.function(preparedName("c", key)), module.function(name)] as [IrFunction, IrFunction];
    return readsUnwritten(wrong) && attempt(() => lockstep(inC, wrong)) !== undefined ? [at] : [];
  });
}

/** What only computes, and may stand anywhere before it is used. */
const COMPUTES = new Set([
  "getelementptr",
  "zext",
  "sext",
  "trunc",
  "ptrtoint",
  "inttoptr",
  "bitcast",
  "freeze",
  "icmp",
  "select",
  "add",
  "sub",
  "mul",
  "and",
  "or",
  "xor",
  "shl",
  "lshr",
  "ashr",
  "udiv",
  "sdiv",
  "urem",
  "srem",
]);

/** Whether an instruction only computes, or reads what is the same wherever between two effects it stands. */
function computes(i: Instruction): boolean {
  return COMPUTES.has(i.op) || (i.op === "load" && !isEffect(i));
}

/** Whether it makes no difference which of two operands is the first. */
function isSymmetric(i: Instruction): boolean {
  return (
    ["add", "mul", "and", "or", "xor"].includes(i.op) || (i.op === "icmp" && /^(?:eq|ne)$/.test(i.flags.at(-1) ?? ""))
  );
}

/**
 * A function's text without what its names, the order of what only computes, that of a phi's ways and of operands that may be exchanged, and
 * what is only promised say.
 */
function canonicalText(f: IrFunction): string {
  const definitions = new Map(
    f.blocks.flatMap((b) =>
      b.instructions.flatMap((i) => (i.result !== undefined && computes(i) ? [[i.result, i] as const] : [])),
    ),
  );
  /** Which effects come before a read: between two of them it may stand anywhere. */
  const times = new Map<Instruction, string>();
  for (const [n, b] of f.blocks.entries()) {
    let effects = 0;
    for (const i of b.instructions) {
      if (isEffect(i)) effects++;
      if (i.op === "load") times.set(i, `${n}.${effects}`);
    }
  }
  const names = new Map<string, string>(f.parameters.map((p, n) => [p.name, `argument ${n}`]));
  const blocks = new Map(f.blocks.map((b, n) => [b.name, `block ${n}`]));
  for (const i of f.blocks.flatMap((b) => b.instructions))
    if (i.result !== undefined && !computes(i)) names.set(i.result, `value ${names.size}`);
  const known = new Map<string, string>();
  const told = ({ type, value }: Operand): string => {
    const definition = value.kind === "local" ? definitions.get(value.name) : undefined;
    if (value.kind !== "local" || definition === undefined)
      return shown({
        type,
        value: value.kind === "local" ? { kind: "local", name: names.get(value.name) ?? "?" } : value,
      });
    let digest = known.get(value.name);
    if (digest === undefined) known.set(value.name, (digest = contentKey([said(definition)])));
    return digest;
  };
  const shown = (o: unknown): string => JSON.stringify(o, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v));
  const said = (i: Instruction): string => {
    const labels = (i.labels ?? []).map((l) => blocks.get(l) ?? l);
    const operands = i.operands.map(told);
    if (isSymmetric(i)) operands.sort();
    const ways = i.op === "phi" ? operands.map((o, n) => `${labels[n]}: ${o}`).sort() : [...operands, ...labels];
    return [
      i.op,
      times.get(i) ?? "",
      ...withoutPromises(i).flags,
      shown([i.type, i.source, i.ordering, i.align, i.indices, i.signature]),
      ...ways,
    ].join(" ");
  };
  return f.blocks
    .flatMap((b) => [blocks.get(b.name) as string, ...b.instructions.filter((i) => !computes(i)).map(said)])
    .join("\n");
}
