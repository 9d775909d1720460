/**
 * Whether C and Rust differ on a list of calls, and where. What another run of the C module answers otherwise as well is chance and is
 * dropped; of the kernel's log, crashes and what else is compared settleChance says what is chance, as it does for exercises.
 */
import type { Finding } from "../../report/schema.ts";
import { settleChance } from "../boot/chance.ts";
import { answeredOtherwise, answersOf, type Make, type Outcome, withoutAnswers } from "./outcome.ts";

/** Runs of the C module besides the first, before a difference is believed. */
const AGAIN = 2;

export interface Verdict {
  c: Outcome;
  rust: Outcome;
  /** Numbers of calls that the Rust answers otherwise than every run of the C does. */
  calls: number[];
  /** Numbers of calls that runs of the C module answer otherwise among themselves. */
  chance: number[];
  /** Errors besides, of the kernel's log, the end of the run and the like. */
  findings: Finding[];
}

export async function judge(make: Make, list: string): Promise<Verdict> {
  const [c, rust] = await Promise.all([make("c", list), make("rust", list)]);
  const again: Promise<Outcome>[] = [];
  const runAgain = (n: number): Promise<Outcome> => (again[n] ??= make("c", list));
  let calls = answeredOtherwise(c, rust);
  const chance = new Set<number>();
  for (let n = 0; n < AGAIN && calls.length > 0; n++) {
    const other = await runAgain(n);
    for (const call of answeredOtherwise(c, other)) chance.add(call);
    // One that it did not come to says nothing for the difference either.
    const answers = answersOf(other);
    calls = calls.filter((call) => answers.has(call) && !chance.has(call));
  }
  const settled = await settleChance(withoutAnswers(c), withoutAnswers(rust), withoutAnswers(c), async (n) =>
    withoutAnswers(await runAgain(n)),
  );
  return {
    c,
    rust,
    calls,
    chance: [...chance],
    findings: settled.filter((f) => f.severity === "error"),
  };
}

/** Whether a verdict stands when the Rust module is run again as well: it answers the call as it did, or shows the same error. */
export async function standsAgain(make: Make, list: string, before: Verdict): Promise<boolean> {
  if (before.calls.length > 0) {
    const [then, now] = [answersOf(before.rust), answersOf(await make("rust", list))];
    return before.calls.some((call) => then.get(call) === now.get(call));
  }
  const now = await judge(make, list);
  return before.findings.some((f) => now.findings.some((again) => again.check === f.check));
}
