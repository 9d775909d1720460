/** Which printed functions a difference between two compilations of a crate can come from. */
import path from "node:path";
import { type Candidate, type CandidateKey, candidateKey } from "./candidate.ts";
import type { CompiledCrate } from "./compiled-crate.ts";
import { differences } from "./differences.ts";
import { type Reach, reachIn } from "./reach.ts";
import { symbolPath } from "./symbol-path.ts";

/** Two compilations, and what they have in common. */
interface Both {
  base: CompiledCrate;
  other: CompiledCrate;
  /** Candidates that are functions or variables of their own in both. */
  compiled: ReadonlySet<CandidateKey>;
  /** As `Reach` names things. */
  unchanged: ReadonlySet<string>;
}

export class Suspects {
  private readonly byName: ReadonlyMap<string, readonly Candidate[]>;
  private readonly crates: readonly string[];
  private last: Both | undefined;
  /** @param crates folders of the two crates: what one of them names counts */
  constructor(candidates: ReadonlyMap<CandidateKey, Candidate>, crates: readonly string[]) {
    this.byName = Map.groupBy(candidates.values(), (c) => c.name);
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
    return sameCode && before !== undefined && after !== undefined && before !== after
      ? `volatile accesses: ${before}, ${after}`
      : "other machine code";
  }

  /** The candidates that a symbol is the function of: two units may have one of the same name. */
  private ownKeys(symbol: string, reach?: Reach): CandidateKey[] {
    const names = symbolPath(symbol);
    const name = names === undefined ? (reach?.named(symbol) ?? symbol) : (names[1] ?? names[0]);
    return (this.byName.get(name ?? "") ?? []).flatMap((c) =>
      names === undefined || path.basename(c.unit, ".rs") === names[0] ? [candidateKey(c)] : [],
    );
  }

  /** The candidates that are functions of their own in both. */
  compiledIn(base: CompiledCrate, other: CompiledCrate, reach: Reach): ReadonlySet<CandidateKey> {
    return this.both(base, other, reach).compiled;
  }

  /** What both have, and what is the same in both: asked for each symbol that differs. */
  private both(base: CompiledCrate, other: CompiledCrate, reach: Reach): Both {
    if (this.last?.base === base && this.last.other === other) return this.last;
    const symbols = [...other.code.keys()].filter((s) => base.code.has(s));
    const unchanged = symbols.filter((s) => base.code.get(s) === other.code.get(s)).map((s) => nodeOf(s, reach));
    this.last = {
      base,
      other,
      compiled: new Set(symbols.flatMap((s) => this.ownKeys(s, reach))),
      unchanged: new Set(unchanged),
    };
    return this.last;
  }

  /** By symbol that is another. @param printed functions of which each is printed, and may be the cause */
  async all(
    base: CompiledCrate,
    other: CompiledCrate,
    printed: readonly CandidateKey[],
  ): Promise<Map<string, CandidateKey[]>> {
    const reach = await this.reach();
    const differing = differences(base, other);
    return new Map(differing.map((s) => [s, this.of(s, base, other, differing, reach, printed)]));
  }

  /**
   * Printed functions that a symbol's difference can come from: itself, and what is a part of it and has changed or is seen nowhere else.
   * What only a table names that holds the same as before is none of it: the calls through it are calls.
   */
  of(
    symbol: string,
    base: CompiledCrate,
    other: CompiledCrate,
    differing: readonly string[],
    reach: Reach,
    printed: readonly CandidateKey[],
  ): CandidateKey[] {
    const { compiled, unchanged } = this.both(base, other, reach);
    const [own, reached] = [this.ownKeys(symbol, reach), reach.from(nodeOf(symbol, reach), unchanged)];
    const changed = new Set(differing.flatMap((s) => this.ownKeys(s, reach)));
    const within = printed.filter((key) => reached.has(key));
    const open = within.filter((key) => own.includes(key) || changed.has(key) || !compiled.has(key));
    return open.length > 0 ? open : within.length > 0 ? within : [...printed];
  }
}

/** What a symbol is of, as `reach` has it: with its file, or a name that others see. */
function nodeOf(symbol: string, reach: Reach): string {
  const names = symbolPath(symbol);
  return names === undefined
    ? (reach.named(symbol) ?? symbol)
    : names.length > 1
      ? `src/${names[0]}.rs ${names[1]}`
      : (names[0] ?? symbol);
}
