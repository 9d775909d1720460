/** Shows function by function that the Rust does what the lowered C does, where that can be shown. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LimitFunction } from "p-limit";
import { z } from "zod";
import { withoutComments } from "../../c/comments.ts";
import { contentKey } from "../../machine/cache.ts";
import { ownCode } from "../../machine/own-code.ts";
import { cachedResult } from "../../machine/result-store.ts";
import { filesOfUntrusted, readUntrusted } from "../../machine/untrusted-folder.ts";
import { codeText } from "../../rust/code-text.ts";
import type { Tool } from "../../toolchain/tools.ts";
import { CrateCompiler, type CrateTools } from "../gate/compiled-crate.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { asC } from "../lowered-c/text.ts";
import { type AsWritten, identity, proofTools, sameAsWritten } from "./as-written.ts";
import { compareSides, type Outcome, type ProofTools } from "./compared.ts";
import { functionsOf } from "./functions-of.ts";
import { IrModule } from "./ir/read-module.ts";
import { PIPELINES } from "./pipelines.ts";
import { crateOfRust, Side, unitOfC } from "./sides.ts";
import type { UnitIr } from "./unit-ir.ts";

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
  /** What was begun before. */
  asWritten?: AsWritten;
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
  const { units, names, port, ir, limit, module } = input;
  const [rustIr, ...lowered] = await Promise.all([
    limit(() => compiler.unoptimised(port)),
    ...units.map((u) => ir.module(u)),
  ]);
  const c = new Side(
    "c",
    lowered.map((m, i) => unitOfC(m, names[i] as string)),
  );
  const rust = new Side("rust", [crateOfRust(new IrModule(rustIr), module.replaceAll(/\W/g, "_"))]);
  const functions = functionsOf(units, c, lowered);
  const both = [...functions.keys()].filter((k) => rust.has(k));
  const { known, ...asked } = await proofTools(input, limit);
  const tools = input.observe || known === undefined ? asked : { ...asked, known };
  const outcomes = await compareSides(c, rust, both, tools);
  const asWritten = await ((input.observe ? undefined : input.asWritten?.of(units)) ?? sameAsWritten(input, tools));
  if (input.observe) {
    const cIr = await Promise.all(units.map(async (u, i) => [names[i] as string, await ir.lowered(u)] as const));
    const texts = new Map([["rust", rustIr], ...cIr, ...asWritten.texts]);
    await input.observe({ c, rust, keys: both, outcomes, tools, texts });
  }
  return [...functions].map(([key, f]) => proofOf(f, outcomes.get(key), asWritten.functions.get(identity(f))));
}

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
