/** Of report.json: what stands behind each function, and behind the module as a whole where calls of it were generated. */
import { z } from "zod";
import { line, list, name, text } from "./bounds.ts";

/** What is known of a function. */
const proof = z.object({
  name: name,
  /** The unit's C file, relative to the module's folder. */
  file: name,
  /**
   * `same-code`: the lowered C and the Rust are the same after the same optimisation. `proved`: a solver shows that they do the same.
   * `none`: neither, and `reason` says why not. See docs/proof.md for what each means.
   */
  tier: z.enum(["same-code", "proved", "none"]),
  reason: text.optional(),
  /** What it was shown to be the same as: the C as it was written, or the lowered C alone. Absent without a proof, and in older reports. */
  against: z.enum(["C", "lowered C"]).optional(),
  /** Of one that is shown against the lowered C alone: why that is not shown to be the C. Absent in older reports. */
  loweredOnly: text.optional(),
});
export type Proof = z.infer<typeof proof>;

export const proofs = z.object({
  functions: list(proof),
  /** Why nothing was looked at. */
  leftOut: line.optional(),
});
export type Proofs = z.infer<typeof proofs>;

/** What ran of a function in one boot: blocks of its machine code, out of all that it has. */
const ran = z.object({ ran: z.number(), blocks: z.number() });

/** What ran in the boots. */
export const observed = z.object({
  functions: list(
    z.object({
      name: name,
      /** The unit's C file, relative to the module's folder. */
      file: name,
      /** Absent where the module has no symbol of the function: it lies in its callers, where nobody can tell it from them. */
      c: ran.optional(),
      rust: ran.optional(),
    }),
  ),
  /** Why nothing was looked at. */
  leftOut: line.optional(),
});
export type Observed = z.infer<typeof observed>;

/** Calls of what the module offers to user space, generated, and made on both modules (docs/fuzz.md). */
export const fuzzed = z.object({
  seconds: z.number(),
  seed: z.number(),
  /** What was called. */
  targets: list(name),
  /** Guests of each module. */
  rounds: z.number(),
  /** Made on each module. */
  calls: z.number(),
  /** Answers that were dropped: runs of the C module alone differ in them. */
  dropped: z.number(),
  /** Rounds in which both modules crashed or hung in the same way. */
  crashes: z.number(),
  /** Kinds of calls that were given up: they wait, answer by chance, or the machine does not come back from them. */
  given: list(line),
  /** Of the C module's: all, those that ran when what it shows was read, and those that the calls ran. */
  blocks: z.object({ all: z.number(), reading: z.number(), fuzzed: z.number() }),
});
export type FuzzReport = z.infer<typeof fuzzed>;
