/**
 * Looks at what the processes of a sandbox use together, which the kernel bounds only by cgroups (sandbox-cgroup.ts), and those cannot be
 * had everywhere: not by a plain user without a session, not in most containers. Twice a second; what a child takes in between is
 * bounded for each of its processes (sandbox.ts).
 */
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import path from "node:path";
import { type Bounds, nameBound } from "./bounds.ts";

const EVERY_MS = 500;
/** The disk is looked at less often, the more there is to look at. */
const DISK_EVERY_MS = 2000;
const DISK_SHARE = 20;
const PAGE = 4096;

/** Processes by their parent. */
type Processes = ReadonlyMap<number, number[]>;

/**
 * Watch a sandbox until the returned function is called.
 * @param pid bubblewrap's own; every process of the sandbox descends from it, and orphans stay below its init
 * @param exceeded told once, with the bound's name
 * @param cgroup asked too, where there is one: what could not be had does not end what asked for it
 */
export function watchSandbox(
  pid: number,
  folders: readonly string[],
  bounds: Bounds,
  exceeded: (bound: string) => void,
  cgroup?: { hit(): string | undefined },
): () => void {
  let over = false;
  const tell = (bound: string): void => {
    if (over) return;
    over = true;
    exceeded(bound);
  };
  const unwatch = watchProcesses((table) => {
    const hit = cgroup?.hit();
    if (hit !== undefined) return tell(hit);
    const used = usedBelow(pid, table);
    if (used.processes >= bounds.processes) tell(nameBound("processes", bounds.processes, "count"));
    else if (used.memory > bounds.memory) tell(nameBound("memory", bounds.memory, "bytes"));
  });
  let disk: NodeJS.Timeout;
  const lookAtDisk = async (): Promise<void> => {
    const started = performance.now();
    const used = { bytes: 0, entries: 0, depth: 0 };
    for (const f of folders) await addUsage(f, 0, used, bounds);
    if (used.bytes > bounds.disk) tell(nameBound("disk", bounds.disk, "bytes"));
    else if (used.entries > bounds.entries) tell(nameBound("files", bounds.entries, "count"));
    else if (used.depth > bounds.depth) tell(nameBound("nested folders", bounds.depth, "count"));
    else if (!over)
      disk = setTimeout(
        () => void lookAtDisk(),
        Math.max(DISK_EVERY_MS, DISK_SHARE * (performance.now() - started)),
      ).unref();
  };
  disk = setTimeout(() => void lookAtDisk(), EVERY_MS).unref();
  return () => {
    over = true;
    unwatch();
    clearTimeout(disk);
  };
}

/** One look at /proc serves all sandboxes that run at the time. */
function watchProcesses(look: (table: Processes) => void): () => void {
  looks.add(look);
  timer ??= setInterval(() => {
    const table = processTable();
    for (const each of looks) each(table);
  }, EVERY_MS).unref();
  return () => {
    looks.delete(look);
    if (looks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
const looks = new Set<(table: Processes) => void>();
let timer: NodeJS.Timeout | undefined;

/** Not every kernel has `/proc/PID/task/TID/children`. */
function processTable(): Processes {
  const table = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = line(`/proc/${name}/stat`);
    // The second word is the program's name, which may hold blanks and parentheses.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ", 2)[1]);
    const children = table.get(parent);
    if (children) children.push(Number(name));
    else table.set(parent, [Number(name)]);
  }
  return table;
}

function usedBelow(pid: number, table: Processes): { processes: number; memory: number } {
  const sum = { processes: 0, memory: 0 };
  const queue = [pid];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    for (const child of table.get(parent) ?? []) {
      sum.processes++;
      sum.memory += ownMemory(child);
      queue.push(child);
    }
  }
  return sum;
}

/** Bytes that no other process shares. */
function ownMemory(pid: number): number {
  const [, resident = 0, shared = 0] = line(`/proc/${pid}/statm`).split(" ").map(Number);
  return Math.max(0, resident - shared) * PAGE;
}

/** A line of /proc; empty where the process has ended, or is not to be looked at. */
function line(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    return LINE.toString("latin1", 0, readSync(descriptor, LINE, 0, LINE.length, 0));
  } catch {
    return "";
  } finally {
    closeSync(descriptor);
  }
}
/** Read into again and again: hundreds of lines twice a second. */
const LINE = Buffer.alloc(1024);

/** Add what lies at `place`; links are not followed, and beyond the bounds nothing more is looked at. */
async function addUsage(
  place: string,
  depth: number,
  used: { bytes: number; entries: number; depth: number },
  bounds: Bounds,
): Promise<void> {
  used.depth = Math.max(used.depth, depth);
  if (used.bytes > bounds.disk || used.entries > bounds.entries || depth > bounds.depth) return;
  const facts = await lstat(place).catch(() => undefined);
  if (facts === undefined) return;
  used.bytes += facts.blocks * 512;
  used.entries++;
  if (!facts.isDirectory()) return;
  const dir = await opendir(place).catch(() => undefined);
  if (dir === undefined) return;
  try {
    for await (const entry of dir) await addUsage(path.join(place, entry.name), depth + 1, used, bounds);
  } catch {
    // It was removed meanwhile.
  }
}
