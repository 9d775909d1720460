/** Asks z3, in the sandbox, with a bound on its time and its memory. What it does not answer is not proved. */
import { run, type Sandbox } from "../../machine/process.ts";
import type { Task } from "./obligations.ts";
import { smtOf } from "./smt.ts";

export interface Solver {
  path: string;
  sandbox: Sandbox;
}

/** Of one function: seconds in all, milliseconds a question, megabytes. */
export const BUDGET = { seconds: 15, question: 5_000, megabytes: 1_024 } as const;

export interface Bounds {
  /** Of one function, in all. */
  seconds: number;
  /** An option of SMT-LIB's, of one question. */
  question: string;
  megabytes: number;
  /** Questions beyond which a function is not tried. */
  questions: number;
}

const TIMED: Bounds = { seconds: BUDGET.seconds, question: `:timeout ${BUDGET.question}`, megabytes: BUDGET.megabytes, questions: 400 };
/** The same answer on any machine: z3 counts its own steps, and the time is for one that hangs. */
export const COUNTED: Bounds = { seconds: 300, question: ":rlimit 4000000", megabytes: 2_048, questions: 60 };

/** @returns why not, where it is not proved */
export async function solve(task: Task, { path, sandbox }: Solver, bounds = TIMED): Promise<string | undefined> {
  if (task.obligations.length > bounds.questions) return `${task.obligations.length} questions for the solver`;
  const args = ["-in", `-T:${bounds.seconds}`, `-memory:${bounds.megabytes}`];
  const r = await run(path, args, { input: smtOf(task, bounds.question), sandbox, allowFailure: true, timeout: (bounds.seconds + 10) * 1000 });
  const answers = r.stdout.split("\n").filter((l) => l !== "");
  const first = answers.findIndex((a) => a !== "unsat");
  if (first >= 0) return `the solver says ${answers[first]?.slice(0, 200)} to: ${task.obligations[first]?.what ?? "a question"}`;
  if (answers.length !== task.obligations.length || r.bound !== undefined) return "the solver came to no end";
  return undefined;
}
