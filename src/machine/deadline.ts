/**
 * The time that programs share. A stranger's makefile and sources decide how many programs a stage starts, so a time for each of them
 * bounds nothing.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { nameBound } from "./bounds.ts";
import { StageError } from "./errors.ts";

/** When a piece of work of several programs has to be done. */
export interface Deadline {
  /** As `performance.now()` counts. */
  at: number;
  /** How long it was from the beginning, for the bound's name. */
  milliseconds: number;
}

export function deadlineIn(milliseconds: number): Deadline {
  return { at: performance.now() + milliseconds, milliseconds };
}

const shared = new AsyncLocalStorage<Deadline>();

/** Work in which all programs that are shut in (process.ts) share one time, whatever else bounds each. */
export function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  return shared.run(deadlineIn(milliseconds), work);
}

/** What is shared here, if anything is. */
export function sharedDeadline(): Deadline | undefined {
  return shared.getStore();
}

/** @throws StageError where the time that is shared here is over */
export function requireTime(): void {
  const deadline = sharedDeadline();
  if (deadline !== undefined && performance.now() >= deadline.at) throw outOfTime(deadline);
}

/** @param what ended by it */
export function outOfTime({ milliseconds }: Deadline, what = "no further program is started"): StageError {
  return new StageError(
    "time",
    `all programs that work on the module share one time, and it is over: ${what} (${nameBound("time", milliseconds, "ms")})`,
  );
}
