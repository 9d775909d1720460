/** Why a kernel did not load or unload a module, by what the agent's reply and the log say. */
import os from "node:os";
import { type Channel, numberSaid, type Reply } from "./channel.ts";
import { errnoName, loadFailure } from "./load-failure.ts";
import type { ModuleFile } from "./module-file.ts";
import type { Plan } from "./run-plan.ts";

/** What the tracepoints initcall_start and initcall_finish saw (include/trace/events/initcall.h); a module cannot print these. */
export function initCall(loaded: Reply): { entered: boolean; returned?: number } {
  const events = loaded.said.get("trace") ?? [];
  const returned = events
    .map((e) => / initcall_finish: .*\bret=(-?\d{1,10})\b/.exec(e)?.[1])
    .find((r) => r !== undefined);
  return {
    entered: events.some((e) => / initcall_start: /.test(e)),
    ...(returned === undefined ? {} : { returned: Number(returned) }),
  };
}

/** @param from where in the log's records the loading of `module` begins */
export async function whyNotLoaded(
  plan: Plan,
  module: ModuleFile,
  channel: Channel,
  from: number,
  loaded: Reply,
): Promise<string> {
  const signal = killedBy(loaded);
  if (signal !== undefined) return `the process that loaded it was killed by ${signal}`;
  const { returned } = initCall(loaded);
  if (returned !== undefined && returned < 0) return `init returned ${returned} (${errnoName(returned)})`;
  const lines = channel.log.records
    .slice(from)
    .filter((r) => r.fromKernel)
    .map((r) => r.text);
  return loadFailure(module, lines, errnoName(loaded.status), plan.kernel.buildDir);
}

/** The signal that ended the process that loaded or unloaded the module; the agent says its number as a shell does. */
function killedBy(reply: Reply): string | undefined {
  const status = numberSaid(reply.said.get("killed")?.[0]);
  return status === 0
    ? undefined
    : (Object.entries(os.constants.signals).find(([, n]) => n === status - 128)?.[0] ?? `status ${status}`);
}

/** delete_module(2): EWOULDBLOCK when it is in use, EBUSY when it has an init function and no exit function. */
export function whyNotUnloaded(unloaded: Reply): string {
  const signal = killedBy(unloaded);
  if (signal !== undefined) return `the process that unloaded it was killed by ${signal}`;
  const holders = (unloaded.said.get("holder") ?? []).join(", ");
  if (holders !== "") return `it is in use by ${holders}`;
  const errno = errnoName(unloaded.status);
  if (errno === "EAGAIN")
    return `its reference count is ${unloaded.said.get("refcount")?.[0] ?? "not 0"} and should be 0: something it took was not given back`;
  if (errno === "EBUSY") return "it has no exit function, so the kernel keeps it for good";
  return `the kernel refuses to unload it: ${errno}`;
}
