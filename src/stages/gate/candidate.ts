/** What the gate decides on: functions and variables that can be printed, and what came of each. */

/** A function that can be printed. */
export interface Candidate {
  /** `src/ring.rs` */
  unit: string;
  name: string;
  /** Forms, best first. */
  texts: readonly string[];
}

/** `${unit} ${name}` */
export type CandidateKey = string;

/** Lines of a printed function; `file` is relative to the port. */
export interface PrintedLines {
  file: string;
  first: number;
  last: number;
}

/**
 * Writes the crate's sources into a copy of the base.
 * @param chosen the functions that are printed, each with the number of its form; the rest stays c2rust's
 */
export type WriteCrate = (
  dir: string,
  chosen: ReadonlyMap<CandidateKey, number>,
) => Promise<ReadonlyMap<CandidateKey, PrintedLines>>;

/** By what a text is known to do what it stands for: the same machine code as c2rust's, or a proof against the lowered C. */
export type Passed = "same-machine-code" | "same-code" | "proved";

/** The form that is taken; where none is, why the best was not. */
export type Settled = { form: number; by: Passed } | { reason: string };

export function candidateKey(c: Pick<Candidate, "unit" | "name">): CandidateKey {
  return `${c.unit} ${c.name}`;
}
