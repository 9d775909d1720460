/** What came of a list of calls in one guest. */
import type { BootRun } from "../../report/schema.ts";
import type { Executed, ReachedByCalls } from "../boot/execution.ts";
import { normalise } from "../boot/normalise.ts";

export interface Outcome {
  run: BootRun;
  executed: Executed;
  reached: ReachedByCalls;
}

/** Makes the calls of a list on the C module or on the Rust one, in a guest of its own. @throws what `bootModule` throws */
export type Make = (side: "c" | "rust", list: string) => Promise<Outcome>;

/** By the number of a call in the list (from 1), what it answered; normalised, so that what may differ does not. */
export function answersOf({ run }: Outcome): Map<number, string> {
  const answers = new Map<number, string>();
  let last = 0;
  for (const line of run.exercise?.output ?? []) {
    const [, digits, answer] = /^(\d+) (.*)$/.exec(line) ?? [];
    // What is said of a process is said of its last call.
    if (digits !== undefined) last = Number(digits);
    answers.set(last, `${answers.has(last) ? `${answers.get(last)}; ` : ""}${normalise(answer ?? line).text}`);
  }
  return answers;
}

/** The numbers of calls that one outcome answers otherwise than another: of those that both answer. Ascending. */
export function answeredOtherwise(one: Outcome, other: Outcome): number[] {
  const [a, b] = [answersOf(one), answersOf(other)];
  return [...a.keys()].filter((n) => b.has(n) && a.get(n) !== b.get(n)).sort((x, y) => x - y);
}

/** The run without what the calls answered, which is compared call by call. */
export function withoutAnswers({ run }: Outcome): BootRun {
  const { exercise: _, ...rest } = run;
  return rest;
}

/** Whether the machine came back from all calls. */
export const cameBack = ({ run }: Outcome): boolean => run.exercise !== undefined && run.exercise.exitCode !== null;
