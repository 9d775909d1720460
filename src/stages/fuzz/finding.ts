/** A difference: reduced to a few calls, as a finding and as an exercise that shows it. */
import type { Finding } from "../../report/schema.ts";
import type { Exercise } from "../boot/index.ts";
import { type Call, listOf, lineOf, type Sequence } from "./calls.ts";
import { judge, standsAgain, type Verdict } from "./judge.ts";
import { answeredOtherwise, answersOf, type Make } from "./outcome.ts";
import { Budget, reduced } from "./reduce.ts";

/** Smaller lists that are tried for one difference, and milliseconds that this may take. */
const MOST_TRIES = 40;
const MOST_TIME = 120_000;

/** What is looked for while a list is made smaller: this call is answered otherwise, or this check fails. */
type Symptom = { call: Call } | { check: string };

export interface Difference {
  sequences: readonly Sequence[];
  verdict: Verdict;
}

/**
 * Make a list that shows a difference as short as it will get.
 * @param prepared of the first sequences, which make files that others use
 * @returns undefined where it does not show again when both modules are run once more
 */
export async function reduce(
  make: Make,
  all: readonly Sequence[],
  found: Verdict,
  prepared = 0,
): Promise<Difference | undefined> {
  const symptom = symptomOf(all, found);
  const budget = new Budget(MOST_TRIES, MOST_TIME);
  const shows = (sequences: readonly Sequence[]): Promise<boolean> => showsSymptom(make, sequences, symptom);
  let sequences = upTo(all, found);
  const last = sequences.slice(-1);
  const files = sequences.slice(0, Math.min(prepared, sequences.length - 1));
  // Most often one process is enough, or one and the files that it uses.
  const few = [last, ...(files.length > 0 ? [[...files, ...last]] : [])].filter((f) => f.length < sequences.length);
  const enough = await firstOf(few, shows);
  sequences = enough ?? (await reduced(sequences, shows, budget));
  for (let i = sequences.length - 1; i >= 0; i--) {
    const put = (calls: Sequence): Sequence[] => sequences.map((s, j) => (j === i ? calls : s));
    sequences = put(await reduced(sequences[i] ?? [], (calls) => shows(put(calls)), budget));
  }
  const verdict = await judge(make, listOf(sequences));
  if (!hasSymptom(sequences, verdict, symptom)) return undefined;
  return (await standsAgain(make, listOf(sequences), verdict)) ? { sequences, verdict } : undefined;
}

async function firstOf<T>(all: readonly T[], is: (one: T) => Promise<boolean>): Promise<T | undefined> {
  for (const one of all) if (await is(one)) return one;
  return undefined;
}

/** One run of each module does while a list gets smaller: what is left is judged. */
async function showsSymptom(make: Make, sequences: readonly Sequence[], symptom: Symptom): Promise<boolean> {
  const list = listOf(sequences);
  if ("check" in symptom) return hasSymptom(sequences, await judge(make, list), symptom);
  const [c, rust] = await Promise.all([make("c", list), make("rust", list)]);
  const calls = sequences.flat();
  return answeredOtherwise(c, rust).some((n) => calls[n - 1] === symptom.call);
}

function symptomOf(all: readonly Sequence[], { calls: [first], findings }: Verdict): Symptom {
  const call = first === undefined ? undefined : all.flat()[first - 1];
  if (call !== undefined) return { call };
  return { check: findings[0]?.check ?? "" };
}

function hasSymptom(sequences: readonly Sequence[], verdict: Verdict, symptom: Symptom): boolean {
  if ("check" in symptom) return verdict.findings.some((f) => f.check === symptom.check);
  const calls = sequences.flat();
  return verdict.calls.some((n) => calls[n - 1] === symptom.call);
}

/** The processes up to the one that the difference was seen in. */
function upTo(all: readonly Sequence[], { calls: [first], c, rust }: Verdict): readonly Sequence[] {
  const at = first ?? Math.max(c.reached.unfinished, rust.reached.unfinished);
  if (at === 0) return all;
  let before = 0;
  const end = all.findIndex((s) => (before += s.length) >= at);
  return all.slice(0, end + 1);
}

/** What kind of call a difference was seen at: the same one is told once. */
export function kindOf(sequences: readonly Sequence[], { calls: [first], findings, c, rust }: Verdict): string {
  const at = first ?? (c.reached.unfinished || rust.reached.unfinished);
  return sequences.flat()[at - 1]?.kind ?? findings[0]?.check ?? "";
}

/** The files of an exercise (docs/exercise.md), by name. */
export type ExerciseFiles = Readonly<Record<string, string>>;

/** An exercise that makes the calls. @param own what the module is loaded with */
export function exerciseOf(
  sequences: readonly Sequence[],
  seed: number,
  own: Pick<Exercise, "params" | "devices"> = {},
): ExerciseFiles {
  return {
    "run.sh": `#!/bin/sh
# Calls that a C module and its port to Rust answered otherwise: found by kport --fuzz with the seed ${seed}, and made as few as would do.
# This folder is an exercise: as exercise/ beside the module it is run in each check. A line of its output is a call's answer.
calls <<'END'
${listOf(sequences)}END
`,
    ...(own.params === undefined ? {} : { params: `${own.params}\n` }),
    ...(own.devices === undefined ? {} : { devices: own.devices.map((d) => `${d.name}\n`).join("") }),
  };
}

/** Calls shown in a finding. */
const SHOWN = 12;

/** @param repeat the command that shows it again */
export function findingOf({ sequences, verdict }: Difference, repeat: string): Finding {
  const calls = sequences.flat();
  const told = (side: "c" | "rust"): string => {
    const answers = answersOf(verdict[side]);
    const lines = calls.map((c, i) => `${clipped(lineOf(c))}  → ${answers.get(i + 1) ?? "no answer"}`);
    return lines.slice(-SHOWN).join("\n");
  };
  const [first] = verdict.calls;
  const shown = first === undefined ? undefined : calls[first - 1];
  const [other] = verdict.findings;
  const what =
    shown === undefined
      ? (other?.message ?? "the modules differ")
      : `the Rust module answers ${clipped(lineOf(shown))} otherwise than the C one`;
  return {
    check: "fuzz",
    severity: "error",
    message: `after ${calls.length === 1 ? "one call" : `${calls.length} calls`} ${what}; to see it again: ${repeat}`,
    c: [told("c"), ...(other?.c === undefined ? [] : [other.c])].join("\n"),
    rust: [told("rust"), ...(other?.rust === undefined ? [] : [other.rust])].join("\n"),
  };
}

const LONGEST = 160;
const clipped = (line: string): string => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line);
