/**
 * A cgroup for each sandbox, where one can be had: by root, or below a folder of the tree that was handed down to this user. The kernel then
 * bounds what its processes use together at the moment that they ask for it; elsewhere a watch does (sandbox-watch.ts), between whose
 * looks root's processes, which RLIMIT_NPROC does not count, could take all numbers that the machine has.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Bounds, BOUNDS, nameBound } from "./bounds.ts";
import { pick } from "./child-environment.ts";

type Controller = "pids" | "memory";

/** A folder of the tree that cgroups can be made in, and what they bound there. */
export interface CgroupPlace {
  dir: string;
  version: 1 | 2;
  controllers: readonly Controller[];
}

/** What a sandbox's processes are started in. */
export interface SandboxCgroup {
  controllers: readonly Controller[];
  /** The words of a program that enters and then becomes the one that `words` name, so that nothing of it is ever outside. */
  entering(words: readonly string[]): string[];
  /** The bound that was hit so far, as errors name it. */
  hit(): string | undefined;
  /** To be called when the sandbox has ended. */
  remove(): void;
}

/** A cgroup of its own for a sandbox with these bounds, or undefined where none can be had. */
export function sandboxCgroup(bounds: Bounds): SandboxCgroup | undefined {
  usable ??= usablePlaces();
  const made = usable.flatMap((place) => {
    const dir = make(place, bounds);
    return dir === undefined ? [] : [{ ...place, dir }];
  });
  if (made.length === 0) return undefined;
  return {
    controllers: made.flatMap((m) => m.controllers),
    entering: (words) => entering(made, words),
    hit() {
      for (const { dir, version, controllers } of made) {
        if (controllers.includes("pids") && counted(path.join(dir, "pids.events"), "max") > 0)
          return nameBound("processes", bounds.processes, "count");
        const events = version === 1 ? "memory.oom_control" : "memory.events";
        if (controllers.includes("memory") && counted(path.join(dir, events), "oom_kill") > 0)
          return nameBound("memory", bounds.memory, "bytes");
      }
      return undefined;
    },
    remove: () => made.forEach(({ dir }) => remove(dir, REMOVALS)),
  };
}
let usable: readonly CgroupPlace[] | undefined;

/**
 * Where cgroups can be made, by what the kernel says of this process: its `/proc/self/cgroup` and `/proc/self/mountinfo`. They lie below
 * the cgroup that kport is in, whose own bounds then hold for the sandboxes too. In version 2 a cgroup that holds processes cannot hand
 * controllers down to others, so there it is the nearest above that does, unless one is left by that which bounds more than a sandbox's.
 */
export function cgroupPlaces(cgroup: string, mountinfo: string): CgroupPlace[] {
  const own = cgroup.split("\n").map((line) => {
    const [id = "", controllers = "", ...where] = line.split(":");
    return { version: id === "0" ? 2 : 1, controllers: controllers.split(","), where: where.join(":") };
  });
  return mountinfo.split("\n").flatMap((line): CgroupPlace[] => {
    const [mount = "", type = ""] = line.split(" - ");
    const [, , , root = "", point = ""] = mount.split(" ");
    const [kind, , options = ""] = type.split(" ");
    const below = (where: string | undefined): string | undefined => {
      const relative = where === undefined ? ".." : path.relative(root, where);
      return relative.startsWith("..") ? undefined : path.join(point, relative);
    };
    if (kind === "cgroup2") {
      const dir = below(own.find((o) => o.version === 2)?.where);
      return dir === undefined ? [] : nearestThatHandsDown(dir, point);
    }
    if (kind !== "cgroup") return [];
    const controllers = CONTROLLERS.filter((c) => options.split(",").includes(c));
    const dir = below(own.find((o) => o.version === 1 && controllers.some((c) => o.controllers.includes(c)))?.where);
    return dir === undefined ? [] : [{ dir, version: 1, controllers }];
  });
}
const CONTROLLERS: readonly Controller[] = ["pids", "memory"];

function nearestThatHandsDown(own: string, top: string): CgroupPlace[] {
  for (let dir = own; ; dir = path.dirname(dir)) {
    const handed = content(path.join(dir, "cgroup.subtree_control")).trim().split(" ");
    const controllers = CONTROLLERS.filter((c) => handed.includes(c));
    if (controllers.length > 0) return [{ dir, version: 2, controllers }];
    // "max", and what is not bounded there at all, is no number.
    const bounded = (file: string, by: number): boolean => Number(content(path.join(dir, file)) || "max") < by;
    if (dir === top || bounded("pids.max", BOUNDS.processes) || bounded("memory.max", BOUNDS.memory)) return [];
  }
}

function usablePlaces(): CgroupPlace[] {
  const places = cgroupPlaces(content("/proc/self/cgroup"), content("/proc/self/mountinfo")).filter(canBeEntered);
  for (const { dir } of places) removeLeftovers(dir);
  return places;
}

/** Names tell whose they are: process numbers are those of one namespace. */
const OURS = `kport-${/\d+/.exec(linkTo("/proc/self/ns/pid"))?.[0] ?? ""}-`;
let count = 0;

/** @returns the new cgroup's folder; nothing where this user may not make one, or not bound it */
function make({ dir, version, controllers }: CgroupPlace, bounds: Bounds): string | undefined {
  const own = path.join(dir, `${OURS}${process.pid}-${++count}`);
  const most = String(bounds.memory);
  const settings: { controller: Controller; file: string; value: string; whereItIs?: boolean }[] = [
    { controller: "pids", file: "pids.max", value: String(bounds.processes) },
    ...(version === 1
      ? ([
          { controller: "memory", file: "memory.limit_in_bytes", value: most },
          // Memory and swap together, of a kernel that accounts both.
          { controller: "memory", file: "memory.memsw.limit_in_bytes", value: most, whereItIs: true },
        ] as const)
      : ([
          { controller: "memory", file: "memory.max", value: most },
          { controller: "memory", file: "memory.swap.max", value: "0", whereItIs: true },
          // All of it ends where one would be killed. In version 1 the watch ends the others.
          { controller: "memory", file: "memory.oom.group", value: "1", whereItIs: true },
        ] as const)),
  ];
  try {
    mkdirSync(own);
    for (const { controller, file, value, whereItIs } of settings) {
      if (controllers.includes(controller) && (!whereItIs || existsSync(path.join(own, file))))
        writeFileSync(path.join(own, file), value);
    }
    return own;
  } catch {
    remove(own, 0);
    return undefined;
  }
}

/** Where a cgroup is gone, the program runs outside of it: within the bounds that hold everywhere. */
function entering(made: readonly { dir: string }[], words: readonly string[]): string[] {
  const enter = made.map((_, i) => `echo $$ >"$${i + 1}/cgroup.procs"`).join("; ");
  const script = `{ ${enter}; } 2>/dev/null; shift ${made.length}; exec "$@"`;
  return ["/bin/sh", "-c", script, "sh", ...made.map((m) => m.dir), ...words];
}

/** Tried once, with the very words that are used: being allowed to make one does not mean to be allowed to enter. */
function canBeEntered(place: CgroupPlace): boolean {
  const dir = make(place, BOUNDS);
  if (dir === undefined) return false;
  const [file = "", ...args] = entering([{ dir }], ["cat", "/proc/self/cgroup"]);
  const { stdout } = spawnSync(file, args, { cwd: "/", env: pick(["PATH"]), encoding: "utf8", timeout: 10_000 });
  remove(dir, REMOVALS);
  return String(stdout).includes(`/${path.basename(dir)}\n`);
}

/** How often it is tried to remove a cgroup whose last processes the kernel is still ending, and how many milliseconds apart. */
const [REMOVALS, REMOVED_EVERY_MS] = [20, 250];

function remove(dir: string, tries: number): void {
  try {
    rmdirSync(dir);
  } catch {
    if (tries === 0 || !existsSync(dir)) return;
    // Version 2 alone; in both all of them are below an init that has ended, or ends with bubblewrap.
    try {
      if (existsSync(path.join(dir, "cgroup.kill"))) writeFileSync(path.join(dir, "cgroup.kill"), "1");
    } catch {
      // Gone meanwhile.
    }
    setTimeout(() => remove(dir, tries - 1), REMOVED_EVERY_MS).unref();
  }
}

/** What runs that were killed have left. A sandbox ends with whoever started it, so that nothing is in them. */
function removeLeftovers(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = name.startsWith(OURS) ? Number.parseInt(name.slice(OURS.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !existsSync(`/proc/${pid}`)) remove(path.join(dir, name), 0);
  }
}

/** A number of the kernel's `NAME NUMBER` lines; 0 where there is none. */
function counted(file: string, name: string): number {
  const line = content(file)
    .split("\n")
    .find((l) => l.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

function content(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

function linkTo(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
