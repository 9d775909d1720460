/** What a solver may be asked of two functions, in the forms in which their blocks can be laid side by side. */
import { withEndsApart } from "./ends-apart.ts";
import { flattened } from "./flatten.ts";
import { type IrFunction, Unsupported } from "./ir/model.ts";
import { obligationsOf, type Task } from "./obligations.ts";
import { Different } from "./pairing.ts";

/** @returns why not, where it does not show what it is asked for */
export type Solver = (task: Task) => Promise<string | undefined>;

/** @returns why not, where a solver does not show that two functions do the same */
export async function solved(c: IrFunction, rust: IrFunction, solver: Solver): Promise<string | undefined> {
  let reason = "nothing to ask";
  for (const task of tasksOf(c, rust, (why) => (reason = why))) {
    const unsolved = await solver(task);
    if (unsolved === undefined) return undefined;
    reason = unsolved;
  }
  return reason;
}

/**
 * What a solver may be asked, in the order of what is least: each is a proof by itself. Where blocks cannot be laid side by side, each way gets
 * its own end; then those that only compute are taken together, and then those that write as well.
 * @param refused is told why there is nothing to ask of one form
 */
export function* tasksOf(c: IrFunction, rust: IrFunction, refused?: (why: string) => void): Generator<Task> {
  const forms: ((f: IrFunction) => IrFunction)[] = [
    (f) => f,
    withEndsApart,
    (f) => flattened(f),
    (f) => flattened(f, true),
  ];
  let blocks = "";
  for (const form of forms) {
    let task: Task | undefined;
    const reason = attempt(() => {
      const both = [form(c), form(rust)] as const;
      const names = both.map((f) => f.blocks.map((b) => b.name).join()).join("\n");
      // Nothing more was taken together.
      if (names === blocks) return;
      blocks = names;
      task = obligationsOf(...both);
    });
    if (task !== undefined) yield task;
    else if (reason !== undefined) refused?.(reason);
  }
}

/** @returns why not, where it does not work */
export function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Unsupported) return `not understood: ${error.message}`;
    if (error instanceof Different) return error.message;
    // A value that is computed of thousands of others.
    if (error instanceof RangeError) return "too large";
    throw error;
  }
}
