/** Asks z3, in the sandbox, with a bound on its time and its memory. What it does not answer is not proved. */
import { log } from "../../machine/log.ts";
import { run, type Sandbox } from "../../machine/process.ts";
import { askedFor, Model } from "./model.ts";
import type { Task } from "./obligations.ts";
import { smtOf } from "./smt.ts";
import type { Term } from "./terms.ts";

export interface Solver {
  path: string;
  sandbox: Sandbox;
  /** Until it is ended: it counts its own steps, and the time is for one that hangs. */
  seconds?: number;
}

/**
 * Steps of z3 (its `rlimit`) that a question and a function may take, and megabytes. A count and no time: a busy machine proves what an idle one
 * does, and what is kept of a proof does not depend on when it was made. A million takes about a second.
 */
export const BUDGET = { question: 2_000_000, steps: 5_000_000, megabytes: 1_024, seconds: 300 } as const;

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
  { path, sandbox, seconds = BUDGET.seconds }: Solver,
): Promise<string | undefined> {
  if (task.obligations.length === 0) return undefined;
  if (task.obligations.length > MOST) return `${task.obligations.length} questions for the solver`;
  const text = textOf(task);
  if (text === undefined) return "too large for the solver";
  const args = ["-in", `-T:${seconds}`, `-memory:${BUDGET.megabytes}`];
  const timeout = (seconds + GRACE) * 1000;
  // One question that is left open is as good as all.
  const enough = new AbortController();
  const heard = new Answers(task);
  const r = await run(path, args, {
    input: text,
    sandbox,
    allowFailure: true,
    timeout,
    onLine: (line) => {
      heard.hear(line);
      if (heard.refused !== undefined) enough.abort();
    },
    signal: enough.signal,
  });
  // The last lines may still be on their way to whom they are told.
  const all = new Answers(task);
  for (const line of r.stdout.split("\n")) all.hear(line);
  log.debug(`z3: ${all.count} of ${task.obligations.length} questions answered in ${all.steps} steps`);
  if (all.refused !== undefined) return all.refused;
  return all.count !== task.obligations.length || r.exitCode !== 0 ? "the solver came to no end" : undefined;
}

/** What the solver has said so far. */
class Answers {
  count = 0;
  steps = 0;
  /** Why the function is not proved. */
  refused: string | undefined;
  private readonly task: Task;
  constructor(task: Task) {
    this.task = task;
  }

  hear(line: string): void {
    if (this.refused !== undefined || line === "") return;
    const { obligations } = this.task;
    const steps = /^\(:rlimit (\d+)\)$/.exec(line)?.[1];
    if (steps === undefined) {
      const about = obligations[this.count++]?.what ?? "a question";
      if (line !== "unsat") this.refused = `the solver says ${line.slice(0, 200)} to: ${about}`;
    } else {
      this.steps = Number(steps);
      if (this.steps > BUDGET.steps && this.count < obligations.length) this.refused = "the solver came to no end";
    }
  }
}

/** Undefined for what is too large: a value that is computed of thousands of others, or too much text. */
function textOf(task: Task, valuesOf?: (o: Task["obligations"][number]) => readonly Term[]): string | undefined {
  try {
    const text = smtOf(task, BUDGET.question, valuesOf);
    return text.length > MOST_TEXT ? undefined : text;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Cases that the solver names for what it could not show: the trial says whether a run comes to them. */
export async function models(task: Task, { path, sandbox, seconds = BUDGET.seconds }: Solver): Promise<Model[]> {
  if (task.obligations.length > MOST) return [];
  const text = textOf(task, (o) => askedFor(task, o));
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
