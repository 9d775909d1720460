/** The sandbox that a stranger's program runs in: bubblewrap's command line. process.ts starts it. */
import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import path from "node:path";
import { type Bounds, BOUNDS, OPEN_FILES } from "./bounds.ts";

/** Where a child in another root sees this machine's /usr, for programs lent to it (toolchain/lent-programs.ts). */
export const LENDER = "/run/kport";

/** Shut a child into bubblewrap: no network, no home folder, no capability, a read-only system, and only what is named besides. */
export interface Sandbox {
  /** Folders and files the child may change. Absolute. */
  writable: string[];
  /** Further folders and files the child may read (the kernel's build folder, a tool). Absolute; those that do not exist are left out. */
  readable?: string[];
  /** What is not seen of the readable: an empty folder, or an empty file, stands for it. Absolute; what does not exist is left out. */
  hidden?: string[];
  /** Devices that the child may use. Absolute; those that do not exist are left out. */
  devices?: string[];
  /** A root file system to enter instead of this machine's. Absolute. */
  root?: string;
  /** Folders shown empty, and links made in them: `{"/usr/lib/modules": {"6.1.0-56-amd64/build": "/usr/src/…"}}`. */
  replaced?: Record<string, Record<string, string>>;
  /** Where it may use more or less than others. */
  bounds?: Partial<Bounds>;
}

/** What every child sees besides /usr: of its root file system, and of this machine. */
const SYSTEM_FOLDERS = ["bin", "sbin", "lib", "lib64", "lib32"];
const SYSTEM_FILES = ["etc/alternatives", "etc/ld.so.cache"];
const MACHINE_FILES = ["/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf"];

/** Every file and folder that a child in the sandbox may read and not change. */
export function readableIn({ readable = [], root }: Sandbox): string[] {
  const system = root ?? "/";
  return [
    ...["usr", ...SYSTEM_FOLDERS, ...SYSTEM_FILES].map((f) => path.join(system, f)),
    ...MACHINE_FILES,
    ...(root === undefined ? [] : ["/usr"]),
    ...readable,
  ];
}

/** A POSIX semaphore or two; what else lies in /dev/shm belongs into files. */
const SHARED_MEMORY = 64 * 1024 * 1024;

/**
 * bubblewrap's arguments for `words` in the sandbox.
 *
 * A child that root starts is root's inside too, for the folders are; what makes it harmless is that it has no capability, can get
 * none (no user namespace in which it would: --disable-userns; no set-uid: bubblewrap sets no_new_privs), and finds nothing that root
 * may write without one: every mount but the named ones is read-only. That holds for /proc as a whole, where the owner of
 * /proc/sys/kernel/core_pattern, /proc/sysrq-trigger or /proc/irq needs no capability, only to be the machine's root.
 *
 * @param filter the file descriptor of syscall-filter.ts's program
 */
export function bubblewrapArguments(
  sandbox: Sandbox,
  words: readonly string[],
  options: { cwd: string; env: Record<string, string>; filter: number },
): string[] {
  const { writable, readable = [], hidden = [], devices = [], root, replaced = {} } = sandbox;
  const bounds = { ...BOUNDS, ...sandbox.bounds };
  const system = root ?? "/";
  const readOnly = ["/proc", "/dev", "/"];
  const args = [
    "--die-with-parent",
    "--new-session",
    "--unshare-all",
    "--unshare-user",
    "--disable-userns",
    "--cap-drop",
    "ALL",
    "--clearenv",
    "--seccomp",
    String(options.filter),
  ];
  args.push(
    "--dev",
    "/dev",
    "--size",
    String(SHARED_MEMORY),
    "--tmpfs",
    "/dev/shm",
    "--proc",
    "/proc",
    "--size",
    String(bounds.temporary),
    "--tmpfs",
    "/tmp",
  );
  args.push("--ro-bind", path.join(system, "usr"), "/usr");
  // Links into /usr stay links: what is mounted below /usr/lib is then below /lib too.
  for (const d of SYSTEM_FOLDERS) {
    const link = linkTarget(path.join(system, d));
    args.push(
      ...(link === undefined ? ["--ro-bind-try", path.join(system, d), `/${d}`] : ["--symlink", link, `/${d}`]),
    );
  }
  for (const f of SYSTEM_FILES) args.push("--ro-bind-try", path.join(system, f), `/${f}`);
  // Names stay this machine's: without localhost, for one, bear finds no address to listen at.
  for (const f of MACHINE_FILES) args.push("--ro-bind-try", f, f);
  if (root !== undefined) args.push("--ro-bind", "/usr", `${LENDER}/usr`);
  for (const [dir, links] of Object.entries(replaced)) {
    if (!existsSync(path.join(system, dir))) {
      args.push(...withRoomIn(path.dirname(dir), system));
      readOnly.unshift(path.dirname(dir));
    }
    args.push("--tmpfs", dir);
    readOnly.unshift(dir);
    for (const [name, target] of Object.entries(links)) args.push("--symlink", target, path.join(dir, name));
  }
  for (const d of readable) if (existsSync(d)) args.push("--ro-bind", d, d);
  for (const d of writable) args.push("--bind", d, d);
  for (const h of hidden) {
    const kind = lstatSync(h, { throwIfNoEntry: false });
    if (kind?.isDirectory()) {
      args.push("--tmpfs", h);
      readOnly.unshift(h);
    } else if (kind?.isFile()) args.push("--ro-bind", "/dev/null", h);
  }
  for (const d of devices) args.push("--dev-bind-try", d, d);
  for (const d of readOnly) args.push("--remount-ro", d);
  for (const [k, v] of Object.entries(options.env)) args.push("--setenv", k, v);
  return [...args, "--chdir", options.cwd, "--", "/bin/sh", "-c", limited(bounds), "sh", ...words];
}

/**
 * What the kernel bounds for each process, set inside: the number of processes then counts those of this user namespace alone. Not of
 * root's, which is why sandbox-cgroup.ts and sandbox-watch.ts bound them too. A shell's limits go by the names of its makers (dash's -p is
 * bash's -u), and one that is above what this machine allows at all stays as it is.
 */
function limited(bounds: Bounds): string {
  const set = [
    `-c 0`,
    `-n ${OPEN_FILES}`,
    `-f ${Math.floor(bounds.file / 512)}`,
    `-v ${Math.floor(bounds.memory / 1024)}`,
  ].map((l) => `ulimit ${l}`);
  return `{ ${[...set, `ulimit -u ${bounds.processes} || ulimit -p ${bounds.processes}`].join("; ")}; } 2>/dev/null; exec "$@"`;
}

/** A folder as it is, but one in which a mount finds or makes its place: without a kernel installed there is no /usr/lib/modules. */
function withRoomIn(dir: string, system: string): string[] {
  const entries = readdirSync(path.join(system, dir)).map((name) => ({
    from: path.join(system, dir, name),
    to: path.join(dir, name),
  }));
  return [
    "--tmpfs",
    dir,
    ...entries.flatMap(({ from, to }) =>
      linkTarget(from) === undefined ? ["--ro-bind", from, to] : ["--symlink", linkTarget(from) as string, to],
    ),
  ];
}

function linkTarget(file: string): string | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(file) : undefined;
}
