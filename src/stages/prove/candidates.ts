/** Shows for the gate which printed functions of a crate do what the lowered C does. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LimitFunction } from "p-limit";
import { z } from "zod";
import { contentKey } from "../../machine/cache.ts";
import { log } from "../../machine/log.ts";
import { ownCode } from "../../machine/own-code.ts";
import type { Sandbox } from "../../machine/process.ts";
import { cachedResult } from "../../machine/result-store.ts";
import { filesOfUntrusted, readUntrusted } from "../../machine/untrusted-folder.ts";
import type { Provers } from "../../toolchain/provers.ts";
import type { Tool } from "../../toolchain/tools.ts";
import type { CandidateKey } from "../gate/candidate.ts";
import { CrateCompiler, type CrateTools } from "../gate/compiled-crate.ts";
import type { CandidateProver } from "../gate/proved.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { asC } from "../lowered-c/text.ts";
import { compareSides, type ProofTools } from "./compared.ts";
import { IrModule } from "./ir/read-module.ts";
import { PIPELINES } from "./pipelines.ts";
import { crateOfRust, Side, unitOfC } from "./sides.ts";
import { solve } from "./solver.ts";
import type { UnitIr } from "./unit-ir.ts";

export interface CandidateInput extends CrateTools, Provers {
  units: readonly LoweredUnit[];
  /** The name of each unit, which is that of its Rust module. */
  names: readonly string[];
  clang: Tool;
  ir: UnitIr;
  limit: LimitFunction;
  /** This run's folder, in which all of that lies. */
  workDir: string;
}

const FORMAT = "proved candidates 1";
const kept = z.record(z.string(), z.enum(["same-code", "proved"]));

/** Whatever is asked, the lowered C is compiled once. */
export function candidateProver(input: CandidateInput): CandidateProver {
  let c: Promise<Side> | undefined;
  const prove: CandidateProver["prove"] = async (dir, keys) => {
    const compiler = await CrateCompiler.for(input);
    const { dir: at } = await cachedResult(
      "proved-candidates",
      await keyOf(input, compiler, dir, keys),
      async (into) => {
        c ??= loweredSide(input);
        await writeFile(
          path.join(into, "proved.json"),
          JSON.stringify(await proved(input, await c, await compiler.unoptimised(dir), keys)),
        );
      },
    );
    return new Map(Object.entries(kept.parse(JSON.parse(await readFile(path.join(at, "proved.json"), "utf8")))));
  };
  return { key: toolsKey(input), prove };
}

/** What a proof depends on besides both programs. */
function toolsKey({ clang, opt, z3 }: CandidateInput): string {
  return contentKey([FORMAT, ...PIPELINES, clang.version, opt.version, z3?.version ?? ""]);
}

async function keyOf(
  input: CandidateInput,
  compiler: CrateCompiler,
  dir: string,
  keys: readonly CandidateKey[],
): Promise<string> {
  const { units, names, workDir } = input;
  const sources = await Promise.all(
    (await filesOfUntrusted(path.join(dir, "src")))
      .sort()
      .map(async (f) => [path.relative(dir, f), await readUntrusted(dir, path.relative(dir, f))] as const),
  );
  const lowered = units.flatMap((u, i) =>
    [names[i] as string, ...u.command.arguments, asC(u)].map((text) => text.replaceAll(workDir, "@kport-work@")),
  );
  return contentKey([toolsKey(input), await ownCode(), compiler.key, ...sources.flat(), ...lowered, ...keys]);
}

async function loweredSide({ units, names, ir }: CandidateInput): Promise<Side> {
  const modules = await Promise.all(units.map((u) => ir.module(u)));
  return new Side(
    "c",
    modules.map((m, i) => unitOfC(m, names[i] as string)),
  );
}

async function proved(
  { module, opt, z3, limit }: CandidateInput,
  c: Side,
  crate: string,
  keys: readonly CandidateKey[],
): Promise<z.infer<typeof kept>> {
  const rust = new Side("rust", [crateOfRust(new IrModule(crate), module.replaceAll(/\W/g, "_"))]);
  const shut: Sandbox = { writable: [] };
  const tools: ProofTools = {
    opt: opt.path,
    sandbox: shut,
    ...(z3 === undefined ? {} : { solver: (task) => limit(() => solve(task, { path: z3.path, sandbox: shut })) }),
  };
  const both = [...c.keys].filter((key) => rust.has(key));
  const asked = new Map(
    keys.flatMap((key) => {
      const [unit = "", name = ""] = key.split(" ");
      // What its own unit alone knows has the unit's name before its own.
      const own = [`${path.basename(unit, ".rs")}::${name}`, name].find((k) => c.has(k) && rust.has(k));
      return own === undefined ? [] : [[own, key] as const];
    }),
  );
  // No other function is a part of one that is asked for: it may be printed itself, and not yet be settled.
  const outcomes = await compareSides(c, rust, [...asked.keys()], tools, new Set(both));
  for (const [own, o] of outcomes)
    if (!o.same) log.debug(`${asked.get(own)}: not shown to do as the C does: ${o.reason}`);
  return Object.fromEntries(
    [...outcomes].flatMap(([own, o]) => (o.same ? [[asked.get(own) as CandidateKey, o.tier] as const] : [])),
  );
}
