/** Printed functions that are shown to do what the lowered C does: whatever they are compiled to is no difference. */
import type { CandidateKey, Passed } from "./candidate.ts";

/** Compares functions of a crate with the lowered C. */
export interface CandidateProver {
  /** What its answers depend on besides the C and the crate. */
  key: string;
  /**
   * @param dir the crate, in which they are printed
   * @returns those that are shown to do the same, each with how
   */
  prove: (
    dir: string,
    keys: readonly CandidateKey[],
  ) => Promise<ReadonlyMap<CandidateKey, Exclude<Passed, "same-machine-code">>>;
}

/** How often proofs are asked for: each is a compilation of the crate and a run of `opt` over what is asked. */
const MOST = 4;

export class Proved {
  private readonly prover: CandidateProver | undefined;
  private readonly by = new Map<CandidateKey, Passed>();
  /** Each form that was asked for. */
  private readonly asked = new Set<string>();
  private rounds = 0;
  constructor(prover: CandidateProver | undefined) {
    this.prover = prover;
  }

  has(key: CandidateKey): boolean {
    return this.by.has(key);
  }

  passedBy(key: CandidateKey): Passed {
    return this.by.get(key) ?? "same-machine-code";
  }

  get mayAsk(): boolean {
    return this.prover !== undefined && this.rounds < MOST;
  }

  /**
   * @param forms functions, each with the form that it is printed in
   * @returns those that are proved now and were not before
   */
  async ask(dir: string, forms: ReadonlyMap<CandidateKey, number>): Promise<CandidateKey[]> {
    const open = [...forms].filter(([key, form]) => !this.by.has(key) && !this.asked.has(`${key} ${form}`));
    if (this.prover === undefined || open.length === 0) return [];
    this.rounds++;
    for (const [key, form] of open) this.asked.add(`${key} ${form}`);
    const found = await this.prover.prove(dir, open.map(([key]) => key).sort());
    for (const [key, how] of found) this.by.set(key, how);
    return [...found.keys()];
  }

  forget(keys: Iterable<CandidateKey>): void {
    for (const key of keys) this.by.delete(key);
  }
}
