/** One module in one fresh guest: loaded, exercised, unloaded, loaded again, and what happened called by its name. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { BootRun } from "../../report/schema.ts";
import { contentKey } from "../../machine/cache.ts";
import { type Channel, GuestGone, GuestSilent, HarnessFault, numberSaid, type Reply } from "./channel.ts";
import { errnoName } from "./load-failure.ts";
import type { Machine, MachineEnd } from "./machine.ts";
import { type Splat, findSplats, traceOf } from "./splat.ts";
import { initCall, whyNotLoaded, whyNotUnloaded } from "./refusals.ts";
import { dependencyPath, type Phase, type Plan, type Start, SUBJECT } from "./run-plan.ts";

/** What a phase says when it hangs or crashes. */
const DOING: Record<Phase, string> = {
  boot: "while the kernel came up",
  load: "in init",
  exercise: "in use",
  unload: "in exit",
};

/** A run in the making: every ending fills in what it knows. */
interface Progress {
  phase: Phase;
  run: BootRun;
  /** A word in the log, and on the console, behind which the module's own part begins. */
  mark: string;
  /** Records of the log up to it. */
  begin: number;
}

/**
 * Carry out the plan in a machine that has just been started or restored. Never throws for anything the guest does.
 */
export async function carryOut(plan: Plan, machine: Machine, start: Start): Promise<BootRun> {
  const asked = new Set<string>();
  const progress: Progress = {
    phase: "boot",
    mark: `${MARK}-${randomBytes(8).toString("hex")}`,
    begin: 0,
    run: { status: "ok", loaded: false, unloaded: false, seconds: 0, taint: { before: 0, after: 0 }, dmesg: [] },
  };
  machine.channel.onSaid("asked", (name) => void (asked.size < MOST_ASKED && asked.add(name)));
  try {
    await phases(plan, machine, progress, start);
    const { lost } = machine.channel.log;
    finishLog(progress, [
      ...logSince(machine.channel, progress.begin),
      ...(lost === 0 ? [] : [`(${lost} more lines, lost: the module printed faster than they could be read)`]),
    ]);
  } catch (e) {
    if (e instanceof GuestSilent) await hung(plan, machine, progress);
    else if (e instanceof GuestGone) await gone(machine, progress);
    else if (e instanceof HarnessFault) fail(progress.run, "harness-error", e.message);
    else throw e;
  }
  // Where the guest has gone, the module was never unloaded.
  await machine.trace?.settle();
  progress.run.seconds = Number(machine.seconds.toFixed(3));
  if (asked.size > 0) progress.run.requests = [...asked].map((name) => ({ name, loaded: [] }));
  return progress.run;
}

async function phases(plan: Plan, { channel, trace }: Machine, progress: Progress, start: Start): Promise<void> {
  const { run } = progress;
  await start.awake(plan.timeouts.boot);
  const { release, taint: taintAtStart } = await channel.greet(plan.timeouts.boot);
  await start.handIn(plan.timeouts.boot);
  const { name } = plan.module;
  const state = async (): Promise<Reply> => channel.request("state", [name], plan.timeouts.unload);
  const taint = (s: Reply): number => numberSaid(s.said.get("taint")?.[0]);
  if (release !== plan.kernel.release)
    return fail(run, "harness-error", `the image is of kernel ${release}, not ${plan.kernel.release}`);
  for (const [i, { module: dependency, needed }] of plan.dependencies.entries()) {
    progress.phase = "load";
    const from = channel.log.records.length;
    const loaded = await channel.request("load", [dependencyPath(i)], plan.timeouts.load);
    if (loaded.status !== 0 && needed)
      return fail(
        run,
        "load-failed",
        `its dependency ${dependency.name} cannot be loaded: ${await whyNotLoaded(plan, dependency, channel, from, loaded)}`,
      );
  }
  run.taint.before = taintAtStart;
  if (plan.dependencies.length > 0) {
    await channel.request("entries", ["before"], plan.timeouts.load);
    run.taint.before = taint(await state());
  }
  run.taint.after = run.taint.before;
  await channel.request("mark", [progress.mark], plan.timeouts.boot);
  progress.begin = channel.log.records.length;
  for (let turn = 0; turn < plan.loads; turn++) {
    progress.phase = "load";
    run.unloaded = false;
    const from = channel.log.records.length;
    const loaded = await channel.request("load", [SUBJECT], plan.timeouts.load);
    const init = initCall(loaded);
    if (turn === 0) run.initRan = init.entered;
    if (loaded.status !== 0) {
      run.taint.after = taint(await state());
      const again = turn === 0 ? "" : `when loaded again (turn ${turn + 1}): `;
      if (init.returned !== undefined && init.returned < 0)
        return fail(run, "init-failed", `${again}init returned ${init.returned} (${errnoName(init.returned)})`);
      return fail(run, "load-failed", again + (await whyNotLoaded(plan, plan.module, channel, from, loaded)));
    }
    run.loaded = true;
    if (trace !== undefined)
      trace.lies((await channel.request("sections", [name], plan.timeouts.load)).said.get("section") ?? []);
    const offers = async () => (await channel.request("offers", [name], plan.timeouts.load)).said.get("offer") ?? [];
    if (turn === 0) plan.onOffers?.(await offers());
    if (turn === 0 && plan.exercise !== "none") {
      progress.phase = "exercise";
      const exercised = await channel.request("exercise", [name], plan.timeouts.exercise);
      run.exercise = {
        exitCode: exercised.status,
        output: exercised.said.get("out") ?? [],
        ...(plan.exercise === "default" ? { default: true } : {}),
      };
    }
    progress.phase = "unload";
    const unloaded = await unload(plan, channel);
    run.taint.after = taint(unloaded);
    if (unloaded.status !== 0) return fail(run, "unload-failed", whyNotUnloaded(unloaded));
    if (unloaded.said.get("module")?.includes(name) === true)
      return fail(run, "unload-failed", "rmmod said it was done, and the module is still there");
    run.unloaded = true;
    await trace?.settle();
    if (turn === 0) await leftBehind(plan, channel, run);
  }
}

/** How often the unloading of a module that is in use is tried, and milliseconds between. */
const UNLOADS = 25;
const BETWEEN_UNLOADS = 200;

/** Unload the module. Threads of the kernel's may hold it for a while yet: those that test a cipher that it registered (crypto/algboss.c). */
async function unload(plan: Plan, channel: Channel): Promise<Reply> {
  for (let tries = 1; ; tries++) {
    const unloaded = await channel.request("unload", [plan.module.name], plan.timeouts.unload);
    if (errnoName(unloaded.status) !== "EAGAIN" || tries === UNLOADS) return unloaded;
    await sleep(BETWEEN_UNLOADS);
  }
}

/** Names kept of what the kernel asks for; a module may ask without end. */
const MOST_ASKED = 100;

/** Names kept of what is left behind. */
const MOST_LEFT = 100;

/** What is still registered after an unload; once, so that it is known even where the module cannot be loaded again for that very reason. */
async function leftBehind(plan: Plan, channel: Channel, run: BootRun): Promise<void> {
  const left = (await channel.request("entries", ["after"], plan.timeouts.unload)).said.get("left") ?? [];
  if (left.length > 0) run.leftBehind = left.slice(0, MOST_LEFT);
}

function fail(run: BootRun, status: BootRun["status"], message: string): void {
  run.status = status;
  run.message = message;
}

/** What the agent writes into the log (guest/agent.c). */
const MARK = "kport-mark";

/** The log after a point, one entry a line, without the agent's marks. */
function logSince(channel: Channel, from: number): string[] {
  return channel.log.records
    .slice(from)
    .filter((r) => r.fromKernel || r.text !== MARK)
    .flatMap((r) => r.text.split("\n"));
}

function finishLog(progress: Progress, dmesg: string[]): Splat[] {
  progress.run.dmesg = dmesg;
  const splats = findSplats(dmesg);
  if (splats.length > 0)
    progress.run.splats = splats.map(({ kind, title, trace, fingerprint }) => ({ kind, title, trace, fingerprint }));
  return splats;
}

/** The machine ended by itself: a crash, or QEMU's own end. */
async function gone(machine: Machine, progress: Progress): Promise<void> {
  const end = await Promise.race([machine.ended, sleep(5000, undefined)]);
  const { run, phase } = progress;
  const splats = finishLog(progress, phase === "boot" ? tail(machine.console) : consoleAfterMark(machine, progress));
  const qemu = qemuDied(end);
  if (qemu !== undefined) return fail(run, "harness-error", qemu);
  const fatal = splats.findLast((s) => s.kind === "panic" || s.kind === "oops");
  if (phase === "boot")
    return fail(
      run,
      "harness-error",
      `the kernel did not come up: ${fatal?.title ?? "the machine reset itself without a word"}`,
    );
  if (fatal !== undefined) run.fingerprint = fatal.fingerprint;
  fail(
    run,
    fatal?.kind === "oops" ? "oops" : "panic",
    `${DOING[phase]}: ${fatal === undefined ? "the machine was reset and the kernel said nothing" : fatal.title + (fatal.trace[0] === undefined ? "" : ` at ${fatal.trace[0]}`)}`,
  );
}

function qemuDied(end: MachineEnd | undefined): string | undefined {
  if (end === undefined) return "QEMU closed the channel and went on running";
  const said = end.stderr.trim().split("\n").at(-1) ?? "";
  if (end.signal !== null) return `QEMU was killed by ${end.signal}${said === "" ? "" : `: ${said}`}`;
  if (end.exitCode !== 0) return `QEMU ended with status ${end.exitCode}: ${said}`;
  return undefined;
}

/** No answer in time: ask the kernel where it is, and call it a hang of the phase. */
async function hung(plan: Plan, machine: Machine, progress: Progress): Promise<void> {
  const { run, phase } = progress;
  if (phase === "exercise") run.exercise = { exitCode: null, output: machine.channel.partial("out") };
  const before = consoleLines(machine.console).length;
  await machine.askWhere();
  const splats = finishLog(progress, phase === "boot" ? tail(machine.console) : consoleAfterMark(machine, progress));
  if (phase === "boot")
    return fail(
      run,
      "harness-error",
      `the kernel did not come up within ${plan.timeouts.boot / 1000} s; its console's last line: ${tail(machine.console).at(-1) ?? "(nothing)"}`,
    );
  const trace = traceOf(consoleLines(machine.console).slice(before), plan.module.name);
  const said = splats.find((s) => s.kind !== "panic")?.title;
  run.fingerprint = contentKey(["hang", ...trace.filter((f) => f.endsWith("]")).slice(0, 5)]).slice(0, 16);
  const where = trace.find((f) => f.endsWith("]"));
  fail(
    run,
    "hang",
    `${DOING[phase]}: no answer within ${plan.timeouts[phase] / 1000} s${where === undefined ? "" : `, the kernel is at ${where}`}${said === undefined ? "" : ` (${said})`}`,
  );
}

/** The console's lines without time stamps and log-level prefixes. */
function consoleLines(text: string): string[] {
  return text.split("\n").map((l) => l.replace(/^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? /, ""));
}

function tail(text: string): string[] {
  return consoleLines(text)
    .filter((l) => l !== "")
    .slice(-40);
}

/** After a crash only the console has the last words; its part after the mark that began the module's run. */
function consoleAfterMark(machine: Machine, progress: Progress): string[] {
  const lines = consoleLines(machine.console);
  return lines.slice(lines.lastIndexOf(progress.mark) + 1).filter((l) => l !== "" && l !== MARK);
}
