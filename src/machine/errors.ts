/**
 * The three kinds of error a run can end in, besides a module that fails a check (which is a result, not an error).
 * The doors (`cli.ts`, `action.ts`) turn them into the exit statuses of the contract.
 */

/** Bad input: one line that says what is wrong, where, and what to do. Exit status 2. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** The machine lacks something: a tool, a kernel, disk space. `fix` is the command that mends it. Exit status 3. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly fix: string | undefined;
  constructor(message: string, fix?: string) {
    super(fix === undefined ? message : `${message}\n  to mend it: ${fix}`);
    this.fix = fix;
  }
}

/**
 * A stage could not make its artefact out of this module: the module's failure, named and placed. Exit status 1.
 * `file` and `line` point at the module's own source where that is known.
 */
export class StageError extends Error {
  override readonly name = "StageError";
  readonly check: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  constructor(check: string, message: string, place: { file?: string | undefined; line?: number | undefined } = {}) {
    super(message);
    this.check = check;
    this.file = place.file;
    this.line = place.line;
  }
}

/** Exit status of the command-line contract for an error that ended a run. */
export function exitStatusOf(error: unknown): 1 | 2 | 3 | 4 {
  if (error instanceof StageError) return 1;
  if (error instanceof UserError) return 2;
  if (error instanceof EnvironmentError) return 3;
  return 4;
}
