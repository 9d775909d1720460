/** What both actions' doors do around their work: outputs, one catch for everything, the exit status, and a cancel that ends promptly. */
import { setFailed, setOutput } from "@actions/core";
import type { ActionResult } from "../actions/check.ts";
import { EnvironmentError, StageError, UserError } from "../machine/errors.ts";
import { log, printable, withoutCommands } from "../machine/log.ts";
import { boundOwnTime } from "../machine/own-time.ts";

/** The runner sends SIGINT to cancel a job, SIGTERM 7.5 s later, and kills after 2.5 s more. */
const CANCELS = ["SIGINT", "SIGTERM"] as const;
/** What a cancelled run may take to end its children and remove its scratch files; milliseconds. */
const GRACE = 3000;

/** Runs `main` and ends the process with its result: 0, or 1 with the reason as an error on the run's page. */
export async function runDoor(main: (signal: AbortSignal) => Promise<ActionResult>): Promise<void> {
  await boundOwnTime();
  const stop = new AbortController();
  for (const name of CANCELS) process.once(name, () => stop.abort(new UserError(`cancelled (${name})`)));
  try {
    if (Number(process.versions.node.split(".")[0]) < 24)
      throw new EnvironmentError(
        `kport runs on Node 24, and this runner started it with ${process.version}`,
        "update the Actions runner",
      );
    const { outputs, failure } = await Promise.race([main(stop.signal), abandoned(stop.signal)]);
    for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
    if (failure !== undefined) setFailed(inert(failure));
  } catch (error) {
    setFailed(inert(reasonOf(stop.signal.aborted ? stop.signal.reason : error)));
  }
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))),
  );
  // Sockets that a library keeps open must not keep a finished job alive.
  process.exit();
}

/** Rejects a while after a cancel, for work that does not stop by itself. Children still running end with this process. */
async function abandoned(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener("abort", () => setTimeout(resolve, GRACE)));
  throw signal.reason;
}

/** Runners other than GitHub's look for the end of a command from the right: a module's `::` must not be in the message. */
function inert(message: string): string {
  return withoutCommands(printable(message));
}

function reasonOf(error: unknown): string {
  if (error instanceof UserError || error instanceof EnvironmentError || error instanceof StageError)
    return error.message;
  if (error instanceof Error) {
    log.debug(error.stack ?? "");
    return `${error.message} (unexpected; run the job again with debug logging for more)`;
  }
  return String(error);
}
