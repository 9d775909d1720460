/**
 * Decides which functions of a port are printed readable: those that rustc compiles, and that either are shown to do what the lowered C
 * does or become the same machine code as what they stand for, with as many volatile accesses. Nothing of a printed text is believed.
 */
import path from "node:path";
import { scratchFolder } from "../../machine/cache.ts";
import type { Candidate, CandidateKey, Settled, WriteCrate } from "./candidate.ts";
import { type CompiledCrate, CrateCompiler, type CrateTools } from "./compiled-crate.ts";
import type { CandidateProver } from "./proved.ts";
import { Verdicts } from "./verdicts.ts";
import { Settling } from "./settling.ts";

export interface SettleInput extends CrateTools {
  /** The text of a macro that printed texts may name. */
  macro?: (name: string) => string | undefined;
  /** Folder of the port as c2rust has it. Never changed. */
  base: string;
  write: WriteCrate;
  candidates: readonly Candidate[];
  /** Left out: machine code alone decides. */
  prover?: CandidateProver;
  /** How many attempts there are; left out: as many as the crate's size allows. */
  attempts?: number;
}

export interface Settlement {
  settled: Map<CandidateKey, Settled>;
  /** How often rustc ran. */
  compilations: number;
  /** What the crate as it is settled compiles to. */
  crate: CompiledCrate;
}

/** Where c2rust's own crate does not compile, nothing is printed. */
export async function settle(input: SettleInput): Promise<Settlement> {
  const compiler = await CrateCompiler.for(input);
  // Beside the first attempt, which is of no use where it fails.
  const base = compiler.compile(input.base);
  base.catch(() => undefined);
  await using scratch = await scratchFolder(path.join(input.scratch, "gate-"));
  const dir = path.join(scratch.dir, "port");
  const verdicts = await Verdicts.of(
    `${compiler.key} ${input.prover?.key ?? ""}`,
    input.base,
    input.candidates,
    input.macro ?? (() => undefined),
  );
  const known = await verdicts.known();
  const again = known.size === 0 ? undefined : new Settling(input, compiler, dir, base, known);
  const search =
    again !== undefined && (await again.run()) ? again : new Settling(input, compiler, dir, base, new Map());
  if (search !== again) await search.run();
  await verdicts.keep(search.verdicts());
  return { settled: search.settled(), compilations: compiler.compilations, crate: search.crate };
}
