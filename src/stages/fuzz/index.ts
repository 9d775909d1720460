/** The fuzz stage: calls of all that a module offers, generated, made on the C module and on the Rust one, and compared. */
import type { Finding } from "../../report/schema.ts";
import { byName } from "../../machine/by-name.ts";
import { log } from "../../machine/log.ts";
import type { Executed } from "../boot/execution.ts";
import type { Exercise } from "../boot/index.ts";
import type { Dictionary } from "./dictionary.ts";
import { exerciseOf, type ExerciseFiles, findingOf, kindOf, reduce } from "./finding.ts";
import { listOf, type Sequence } from "./calls.ts";
import { judge, type Verdict } from "./judge.ts";
import { readOffers, wereCut } from "./offers.ts";
import { cameBack, type Make, type Outcome } from "./outcome.ts";
import { Rounds } from "./rounds.ts";
import { imagesFor, targetsOf } from "./targets/index.ts";

export type { ExerciseFiles } from "./finding.ts";

export interface FuzzInput {
  make: Make;
  /** What the guest's agent has told of the C module. */
  offers: readonly string[];
  dictionary: Dictionary;
  seconds: number;
  /** Rounds at the most; as many as there is time for when left out. */
  most?: number;
  seed: number;
  /** Is given an exercise that shows a difference; says how a person runs it. @param number from 1 */
  keep: (exercise: ExerciseFiles, number: number) => Promise<string>;
  /** The exercise that the module has: it is loaded with its parameters, and has its devices. */
  own?: Pick<Exercise, "params" | "devices">;
  signal?: AbortSignal;
}

export interface Fuzzed {
  findings: Finding[];
  targets: string[];
  rounds: number;
  /** On each module. */
  calls: number;
  /** Calls whose answers were dropped, because the C module's own runs differ in them. */
  dropped: number;
  /** Rounds that ended early for both modules, in the same way. */
  crashes: number;
  /** Kinds of calls that were given up: they wait, answer by chance or take the machine with them. */
  given: string[];
  executed: { c: Executed; rust: Executed };
}

/** Differences that are told. */
export const MOST_FINDINGS = 3;

export async function fuzz(input: FuzzInput): Promise<Fuzzed> {
  const { make, dictionary, seed } = input;
  const end = performance.now() + 1000 * input.seconds;
  const offers = readOffers(input.offers);
  const targets = targetsOf(offers, dictionary, await imagesFor(offers));
  const fuzzed: Fuzzed = {
    findings: [],
    targets: targets.map((t) => t.name),
    rounds: 0,
    calls: 0,
    dropped: 0,
    crashes: 0,
    given: [],
    executed: { c: {}, rust: {} },
  };
  if (targets.length === 0) return fuzzed;
  const rounds = new Rounds(targets, dictionary, seed);
  const told = new Set<string>();
  while (
    performance.now() < end &&
    fuzzed.rounds < (input.most ?? Infinity) &&
    fuzzed.findings.length < MOST_FINDINGS
  ) {
    input.signal?.throwIfAborted();
    const sequences = rounds.next();
    const verdict = await judge(make, listOf(sequences));
    const { c, rust } = verdict;
    // Nothing is known of the module.
    if ([c, rust].some((o) => o.run.status === "harness-error")) break;
    fuzzed.rounds++;
    fuzzed.calls += Math.min(made(c, sequences), made(rust, sequences));
    fuzzed.dropped += verdict.chance.length;
    fuzzed.executed = { c: union(fuzzed.executed.c, c.executed), rust: union(fuzzed.executed.rust, rust.executed) };
    rounds.learn(c);
    for (const call of verdict.chance) rounds.trouble(rounds.kindOf(call));
    const isNew = differs(verdict) && !told.has(kindOf(sequences, verdict));
    if (isNew) {
      const kind = kindOf(sequences, verdict);
      log.debug(`fuzz: a difference at ${kind}, in round ${fuzzed.rounds}`);
      told.add(kind);
      await tell(input, fuzzed, sequences, verdict, rounds.prepared);
    }
    if (!cameBack(c) || !cameBack(rust)) {
      if (!isNew) fuzzed.crashes++;
      rounds.trouble(rounds.kindOf(c.reached.unfinished || rust.reached.unfinished));
    }
  }
  fuzzed.given = [...rounds.given, ...(wereCut(input.offers) ? ["what is offered beyond the first 400 files"] : [])];
  return fuzzed;
}

const differs = ({ calls, findings }: Verdict): boolean => calls.length > 0 || findings.length > 0;

async function tell(
  { make, seed, keep, own }: FuzzInput,
  fuzzed: Fuzzed,
  sequences: Sequence[],
  found: Verdict,
  prepared: number,
): Promise<void> {
  const difference = await reduce(make, sequences, found, prepared);
  if (difference === undefined) {
    fuzzed.dropped++;
    return;
  }
  const repeat = await keep(exerciseOf(difference.sequences, seed, own), fuzzed.findings.length + 1);
  fuzzed.findings.push(findingOf(difference, repeat));
}

/** Calls that were made before the machine ended, or all. */
function made({ reached }: Outcome, sequences: readonly Sequence[]): number {
  return reached.unfinished || sequences.flat().length;
}

/** What ran in one run or in another. */
export function union(one: Executed, other: Executed): Executed {
  const out = byName(one);
  for (const [section, offsets] of Object.entries(other))
    out[section] = [...new Set([...(out[section] ?? []), ...offsets])].sort((a, b) => a - b);
  return out;
}
