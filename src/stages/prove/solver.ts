/** Asks z3, in the sandbox, with a bound on its time and its memory. What it does not answer is not proved. */
import { run, type Sandbox } from "../../machine/process.ts";
import { askedFor, Model } from "./model.ts";
import type { Task } from "./obligations.ts";
import { smtOf } from "./smt.ts";
import type { Term } from "./terms.ts";

export interface Solver {
  path: string;
  sandbox: Sandbox;
  /** It may take for a function; the budget's when left out. */
  seconds?: number;
  /** The same answer on any machine: it counts its own steps, and the time is for one that hangs. */
  counted?: true;
}

/** Of one function: seconds in all, milliseconds a question, megabytes. */
export const BUDGET = { seconds: 5, question: 2_500, megabytes: 1_024 } as const;

/** Where steps are counted: of a question, and questions of a function. */
const COUNTED = { steps: 1_000_000, questions: 60, seconds: 300 } as const;

/** Characters: what a solver answers in time is a hundredth of it. */
const MOST_TEXT = 16 * 1024 * 1024;

/** Seconds until a solver that does not keep to its time is ended. */
const GRACE = 10;

/** Each is a trial. */
const MOST_MODELS = 20;

/** Questions beyond which a function is not tried. */
const MOST = 400;

/** @returns why not, where it is not proved */
export async function solve(
  task: Task,
  { path, sandbox, counted, seconds = counted ? COUNTED.seconds : BUDGET.seconds }: Solver,
): Promise<string | undefined> {
  if (task.obligations.length === 0) return undefined;
  if (task.obligations.length > (counted ? COUNTED.questions : MOST))
    return `${task.obligations.length} questions for the solver`;
  const text = textOf(task, counted ? COUNTED.steps : undefined);
  if (text === undefined) return "too large for the solver";
  const args = ["-in", `-T:${seconds}`, `-memory:${BUDGET.megabytes}`];
  const r = await run(path, args, { input: text, sandbox, allowFailure: true, timeout: (seconds + GRACE) * 1000 });
  const answers = r.stdout.split("\n").filter((l) => l !== "");
  const first = answers.findIndex((a) => a !== "unsat");
  if (first >= 0)
    return `the solver says ${answers[first]?.slice(0, 200)} to: ${task.obligations[first]?.what ?? "a question"}`;
  if (answers.length !== task.obligations.length || r.exitCode !== 0) return "the solver came to no end";
  return undefined;
}

/** Undefined for what is too large: a value that is computed of thousands of others, or too much text. */
function textOf(
  task: Task,
  steps: number | undefined,
  valuesOf?: (o: Task["obligations"][number]) => readonly Term[],
): string | undefined {
  try {
    const text = smtOf(task, BUDGET.question, {
      ...(steps === undefined ? {} : { steps }),
      ...(valuesOf ? { valuesOf } : {}),
    });
    return text.length > MOST_TEXT ? undefined : text;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Cases that the solver names for what it could not show: the trial says whether a run comes to them. */
export async function models(task: Task, { path, sandbox, seconds = BUDGET.seconds }: Solver): Promise<Model[]> {
  if (task.obligations.length > MOST) return [];
  const text = textOf(task, undefined, (o) => askedFor(task, o));
  if (text === undefined) return [];
  const args = ["-in", `-T:${seconds}`, `-memory:${BUDGET.megabytes}`];
  const r = await run(path, args, { input: text, sandbox, allowFailure: true, timeout: (seconds + GRACE) * 1000 });
  const out: Model[] = [];
  for (const answer of r.stdout.split(/^sat$/m).slice(1)) {
    const values = new Map<Term, bigint>();
    // `((t1 #x0f) (t2 #b1))`; what follows belongs to other questions.
    for (const [, t, base, digits] of (answer.split(/^(?:unsat|unknown)/m)[0] as string).matchAll(
      /\(t(\d+) #([xb])([0-9a-f]+)\)/g,
    ))
      values.set(Number(t), BigInt(`0${base}${digits}`));
    if (values.size > 0) out.push(new Model(task, values));
  }
  return out.slice(0, MOST_MODELS);
}
