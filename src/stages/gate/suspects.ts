/** Which printed functions a difference between two compilations of a crate can come from. */
import path from "node:path";
import { type Candidate, type CandidateKey } from "./candidate.ts";
import type { CompiledCrate } from "./compiled-crate.ts";
import { differences } from "./differences.ts";
import { type Reach, reachIn } from "./reach.ts";
import { symbolPath } from "./symbol-path.ts";

export class Suspects {
  private readonly candidates: ReadonlyMap<CandidateKey, Candidate>;
  private readonly crates: readonly string[];
  /** @param crates folders of the two crates: what one of them names counts */
  constructor(candidates: ReadonlyMap<CandidateKey, Candidate>, crates: readonly string[]) {
    this.candidates = candidates;
    this.crates = crates;
  }

  reach(): Promise<Reach> {
    return reachIn(this.crates);
  }

  /** What is different about a function: its code, or only how often it accesses memory as volatile. */
  difference(key: CandidateKey, base: CompiledCrate, other: CompiledCrate): string {
    const symbol = [...new Set([...base.code.keys(), ...other.code.keys()])].find((s) => this.ownKeys(s).includes(key));
    const [before, after] = symbol === undefined ? [] : [base.volatile.get(symbol), other.volatile.get(symbol)];
    const sameCode = symbol === undefined || base.code.get(symbol) === other.code.get(symbol);
    return sameCode && before !== undefined && after !== undefined && before !== after ? `volatile accesses: ${before}, ${after}` : "other machine code";
  }

  /** The candidates that a symbol is the function of: two units may have one of the same name. */
  private ownKeys(symbol: string, reach?: Reach): CandidateKey[] {
    const names = symbolPath(symbol);
    const name = names === undefined ? (reach?.named(symbol) ?? symbol) : (names[1] ?? names[0]);
    return [...this.candidates].flatMap(([key, c]) => (c.name === name && (names === undefined || path.basename(c.unit, ".rs") === names[0]) ? [key] : []));
  }

  /** The candidates that are functions of their own in both. */
  compiledIn(base: CompiledCrate, other: CompiledCrate, reach: Reach): Set<CandidateKey> {
    return new Set([...other.code.keys()].filter((s) => base.code.has(s)).flatMap((s) => this.ownKeys(s, reach)));
  }

  /** By symbol that is another. @param printed functions of which each is printed, and may be the cause */
  async all(base: CompiledCrate, other: CompiledCrate, printed: readonly CandidateKey[]): Promise<Map<string, CandidateKey[]>> {
    const reach = await this.reach();
    const differing = differences(base, other);
    return new Map(differing.map((s) => [s, this.of(s, base, other, differing, reach, printed)]));
  }

  /** Printed functions that a symbol's difference can come from: itself, and what is a part of it and has changed or is seen nowhere else. */
  of(symbol: string, base: CompiledCrate, other: CompiledCrate, differing: readonly string[], reach: Reach, printed: readonly CandidateKey[]): CandidateKey[] {
    const names = symbolPath(symbol);
    const reached = reach.from(names === undefined ? (reach.named(symbol) ?? symbol) : names.length > 1 ? `src/${names[0]}.rs ${names[1]}` : (names[0] ?? symbol));
    const [own, compiled] = [this.ownKeys(symbol, reach), this.compiledIn(base, other, reach)];
    const changed = new Set(differing.flatMap((s) => this.ownKeys(s, reach)));
    const within = printed.filter((key) => reached.has(key));
    const open = within.filter((key) => own.includes(key) || changed.has(key) || !compiled.has(key));
    return open.length > 0 ? open : within.length > 0 ? within : [...printed];
  }
}
