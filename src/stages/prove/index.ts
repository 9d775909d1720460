/** Shows function by function that the Rust does what the lowered C does, where that can be shown. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LimitFunction } from "p-limit";
import { z } from "zod";
import { withoutComments } from "../../c/comments.ts";
import { contentKey } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import { ownCode } from "../../machine/own-code.ts";
import { cachedResult, usesKeptResults } from "../../machine/result-store.ts";
import type { Sandbox } from "../../machine/process.ts";
import { filesOfUntrusted, readUntrusted } from "../../machine/untrusted-folder.ts";
import { codeText } from "../../rust/code-text.ts";
import type { Tool } from "../../toolchain/tools.ts";
import { CrateCompiler, type CrateTools } from "../gate/compiled-crate.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { asC } from "../lowered-c/text.ts";
import { compareSides, type Outcome, type ProofTools } from "./compared.ts";
import { contentsOf } from "./ir/layout.ts";
import { Unsupported } from "./ir/model.ts";
import { IrModule } from "./ir/read-module.ts";
import { keptProofs } from "./kept-proofs.ts";
import { PIPELINES } from "./pipelines.ts";
import { solve } from "./solver.ts";
import { crateOfRust, Side, unitOfC } from "./sides.ts";
import type { UnitIr } from "./unit-ir.ts";
import { nameForwarded } from "./forwarded.ts";
import { writtenSides } from "./written.ts";

/** Anew with each change of how functions are compared. */
const FORMAT = "proofs 3";

export interface Proof {
  name: string;
  /** The unit's C file, absolute. */
  file: string;
  tier: "same-code" | "proved" | "none";
  /** Why there is no proof. */
  reason?: string;
  /** What the Rust was shown to do the same as: the C as it was written, or the lowered C alone. Of a function with a proof. */
  against?: "C" | "lowered C";
  /** Why the lowered C is not shown to be the C there. */
  loweredOnly?: string;
}

export interface ProveInput extends CrateTools {
  units: readonly LoweredUnit[];
  /** The name of each unit, which is that of its Rust module. */
  names: readonly string[];
  /** The port's folder. */
  port: string;
  clang: Tool;
  opt: Tool;
  /** Absent: nothing is left to a solver. */
  z3?: Tool;
  ir: UnitIr;
  limit: LimitFunction;
  /** This run's folder, in which all of that lies. */
  workDir: string;
  /** For the negative controls: is shown what is compared, which then is compared anew. */
  observe?: (programs: Programs) => Promise<void>;
}

/** Both programs, and what came of them. */
export interface Programs {
  c: Side;
  rust: Side;
  /** Functions that both have. */
  keys: readonly string[];
  outcomes: ReadonlyMap<string, Outcome>;
  tools: ProofTools;
  /** LLVM IR of the crate (`rust`) and of each unit; of each unit as it was written (`written NAME`) and of its helpers (`helpers NAME`). */
  texts: ReadonlyMap<string, string>;
}

const kept = z.array(
  z.object({
    name: z.string(),
    file: z.string(),
    tier: z.enum(["same-code", "proved", "none"]),
    reason: z.string().optional(),
    against: z.enum(["C", "lowered C"]).optional(),
    loweredOnly: z.string().optional(),
  }),
);

/** Stands in what is kept for this run's folder. */
const ANYWHERE = "@kport-work@";

/** @throws StageError("prove") where a compiler does not do its part */
export async function prove(input: ProveInput): Promise<{ proofs: Proof[]; cached: boolean }> {
  const { units, names, port, clang, opt, z3 } = input;
  const compiler = await CrateCompiler.for(input);
  if (input.observe) return { proofs: await proveAll(input, compiler), cached: false };
  const sources = await Promise.all(
    (await filesOfUntrusted(path.join(port, "src")))
      .sort()
      .map(
        async (f) =>
          [
            path.relative(port, f),
            codeText((await readUntrusted(port, path.relative(port, f))).toString("utf8")),
          ] as const,
      ),
  );
  // Nothing that is compared has comments in it.
  const lowered = units.flatMap((u, i) => [
    names[i] as string,
    u.command.file,
    ...u.command.arguments,
    withoutComments(asC(u)),
    ...u.functions.map((f) => f.name),
  ]);
  // Each run has a folder of its own, which the C names: it is none of what is proved.
  const anywhere = (text: string): string => text.replaceAll(input.workDir, ANYWHERE);
  const key = contentKey([
    FORMAT,
    await ownCode(),
    ...PIPELINES,
    clang.version,
    opt.version,
    z3?.version ?? "",
    compiler.key,
    ...sources.flat(),
    ...lowered.map(anywhere),
  ]);
  const { dir, hit } = await cachedResult("proofs", key, async (into) => {
    await writeFile(path.join(into, "proofs.json"), anywhere(JSON.stringify(await proveAll(input, compiler))));
  });
  const text = (await readFile(path.join(dir, "proofs.json"), "utf8")).replaceAll(ANYWHERE, input.workDir);
  return { proofs: kept.parse(JSON.parse(text)) as Proof[], cached: hit };
}

async function proveAll(input: ProveInput, compiler: CrateCompiler): Promise<Proof[]> {
  const { units, names, port, opt, z3, ir, limit, module } = input;
  const [rustIr, ...cIr] = await Promise.all([
    limit(() => compiler.unoptimised(port)),
    ...units.map((u) => ir.lowered(u)),
  ]);
  const lowered = cIr.map((text) => new IrModule(text));
  const c = new Side(
    "c",
    lowered.map((m, i) => unitOfC(m, names[i] as string)),
  );
  const rust = new Side("rust", [crateOfRust(new IrModule(rustIr), module.replaceAll(/\W/g, "_"))]);
  const functions = functionsOf(units, c, lowered);
  const both = [...functions.keys()].filter((k) => rust.has(k));
  const shut: Sandbox = { writable: [] };
  const tools: ProofTools = {
    opt: opt.path,
    sandbox: shut,
    ...(input.observe || !usesKeptResults() ? {} : { known: await keptProofs(opt, z3) }),
    ...(z3 === undefined ? {} : { solver: (task) => limit(() => solve(task, { path: z3.path, sandbox: shut })) }),
  };
  const outcomes = await compareSides(c, rust, both, tools);
  const asWritten = await sameAsWritten(input, lowered, tools);
  await input.observe?.({
    c,
    rust,
    keys: both,
    outcomes,
    tools,
    texts: new Map([["rust", rustIr], ...cIr.map((t, i) => [names[i] as string, t] as const), ...asWritten.texts]),
  });
  return [...functions].map(([key, f]) => proofOf(f, outcomes.get(key), asWritten.functions.get(identity(f))));
}

const identity = (f: Pick<Proof, "name" | "file">): string => JSON.stringify([f.file, f.name]);

function proofOf(
  f: Pick<Proof, "name" | "file">,
  outcome: Outcome | undefined,
  asWritten: Outcome = { same: false, reason: "the C as it was written was not read" },
): Proof {
  if (outcome === undefined) return { ...f, tier: "none", reason: "the Rust has no function of that name" };
  if (!outcome.same) return { ...f, tier: "none", reason: outcome.reason };
  const { tier } = outcome;
  return asWritten.same
    ? { ...f, tier, against: "C" }
    : { ...f, tier, against: "lowered C", loweredOnly: asWritten.reason };
}

/** What came of each function of the lowered C beside the C as it was written. */
async function sameAsWritten(
  { units, names, ir }: ProveInput,
  modules: readonly IrModule[],
  tools: ProofTools,
): Promise<{ functions: Map<string, Outcome>; texts: Map<string, string> }> {
  const texts = new Map<string, string>();
  const functions = new Map<string, Outcome>();
  try {
    const irs = await Promise.all(units.map((u) => ir.written(u)));
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

/**
 * The functions that are compared each by itself, by key: those that people wrote, those that others see, and those whose address is taken.
 * What else the headers bring is a part of the functions that call it.
 */
export function functionsOf(
  units: readonly LoweredUnit[],
  c: Side,
  modules: readonly IrModule[],
): Map<string, Pick<Proof, "name" | "file">> {
  const out = new Map<string, Pick<Proof, "name" | "file">>();
  for (const [i, u] of units.entries()) {
    const part = c.parts.find((p) => p.module === modules[i]) as Side["parts"][number];
    const written = new Map(u.functions.map((f) => [u.renamed.get(f.name) ?? f.name, f.name]));
    const symbols = new Map(
      [
        ...u.symbols,
        ...u.definitions.flatMap((d) => (d.symbol === undefined ? [] : [[d.name, d.symbol] as const])),
      ].map(([name, symbol]) => [symbol, name]),
    );
    const taken = addressesTaken(part.module);
    for (const symbol of part.module.defined) {
      const isLocal = part.module.isLocal(symbol);
      const name = written.get(symbols.get(symbol) ?? symbol);
      // A weak function that another unit has a better one of is in no module.
      if (c.isLinked(part, symbol) && (name !== undefined || !isLocal || taken.has(symbol)))
        out.set(c.functionKey(part, symbol), { name: name ?? symbol, file: u.command.file });
    }
  }
  return out;
}

/** Symbols of functions that are named other than to call them. */
function addressesTaken(module: IrModule): Set<string> {
  const out = new Set<string>();
  for (const g of module.globals.values()) {
    try {
      if (g.value !== undefined && g.name !== "llvm.used" && g.name !== "llvm.compiler.used")
        for (const a of contentsOf({ type: g.type, value: g.value }).addresses) out.add(a.symbol);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
    }
  }
  for (const name of module.defined) {
    try {
      for (const b of module.function(name)?.blocks ?? []) {
        for (const i of b.instructions)
          for (const o of i.op === "call" ? i.operands.slice(1) : i.operands)
            if (o.value.kind === "global") out.add(o.value.name);
      }
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
    }
  }
  return out;
}
