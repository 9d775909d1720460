/** What the guest boots from: busybox and our agent, made once; and what is brought in for one run. */
import { type FileHandle, copyFile, mkdtemp, open, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cached, contentKey } from "../../machine/cache.ts";
import { EnvironmentError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { projectRoot } from "../../machine/project-root.ts";
import { type CpioEntry, cpioArchive } from "./cpio.ts";

/** Programs of their own, by their sources; the others are the agent. */
const PROGRAMS = {
  modprobe: ["modprobe.c", "system.c"],
  calls: ["calls.c", "call-line.c", "netlink.c", "system.c"],
};
const GUEST = path.join(projectRoot(), "src", "stages", "boot", "guest");
const FOLDERS = ["bin", "sbin", "dev", "proc", "sys", "tmp", "etc", "root", "payload", "exercise"];

/** A static program without a C library, small and without what a processor may lack. gcc and clang take the same flags. */
const FLAGS = [
  "-Os",
  "-Wall",
  "-Werror",
  "-static",
  "-nostdlib",
  "-ffreestanding",
  "-fno-stack-protector",
  "-fno-pic",
  "-no-pie",
  "-fno-asynchronous-unwind-tables",
  "-mgeneral-regs-only",
  "-s",
];

/** The base initramfs as a file in the cache, and the key that names its content. `busybox` is a static one, `cc` a C compiler. */
export async function baseInitramfs(busybox: string, cc: string): Promise<{ file: string; key: string }> {
  const names = (await readdir(GUEST)).filter((f) => /\.[ch]$/.test(f)).sort();
  const [program, ...sources] = await Promise.all(
    [busybox, ...names.map((f) => path.join(GUEST, f))].map((f) => readFile(f)),
  );
  if (program === undefined) throw new Error("busybox was read");
  const key = contentKey([program, ...FLAGS, ...names, ...sources]);
  const { dir } = await cached("initramfs", key, async (beside) => {
    const agent = path.join(beside, "agent");
    const built = (name: keyof typeof PROGRAMS): string => path.join(beside, name);
    const apart = new Set(Object.values(PROGRAMS).flat());
    apart.delete("system.c");
    const compile = (sources: readonly string[], to: string) =>
      run(cc, [...FLAGS, ...sources, "-o", to], { cwd: GUEST });
    await Promise.all([
      compile(
        names.filter((f) => f.endsWith(".c") && !apart.has(f)),
        agent,
      ),
      compile(PROGRAMS.modprobe, built("modprobe")),
      compile(PROGRAMS.calls, built("calls")),
    ]).catch((e: Error) => {
      throw new EnvironmentError(
        `the guest's programs cannot be compiled: ${e.message}`,
        "sudo apt-get install gcc linux-libc-dev",
      );
    });
    const applets = (await run(busybox, ["--list"])).stdout
      .split("\n")
      .filter((a) => /^[\w[.-]+$/.test(a) && a !== "busybox" && a !== "init");
    const entries: CpioEntry[] = [
      ...FOLDERS.map((name) => ({ kind: "folder", name }) as const),
      // The kernel opens it for PID 1 before devtmpfs is there.
      { kind: "device", name: "dev/console", major: 5, minor: 1 },
      // For exercises; the agent uses none of it.
      { kind: "file", name: "bin/busybox", mode: 0o755, data: program },
      ...applets.map((a) => ({ kind: "link", name: `bin/${a}`, target: "busybox" }) as const),
      { kind: "file", name: "init", mode: 0o755, data: await readFile(agent) },
      { kind: "file", name: "sbin/modprobe", mode: 0o755, data: await readFile(built("modprobe")) },
      { kind: "file", name: "bin/calls", mode: 0o755, data: await readFile(built("calls")) },
      { kind: "file", name: "etc/passwd", mode: 0o644, data: Buffer.from("root::0:0::/root:/bin/sh\n") },
      { kind: "file", name: "etc/group", mode: 0o644, data: Buffer.from("root:x:0:\n") },
    ];
    await writeFile(path.join(beside, "initramfs.cpio"), cpioArchive(entries));
  });
  return { file: path.join(dir, "initramfs.cpio"), key };
}

/**
 * Base and payload as one initramfs (the kernel unpacks archives that follow one another), in a file that has no name any more
 * when this returns: a killed run leaves nothing behind. To be closed by the caller.
 */
export async function withPayload(base: string, payload: readonly CpioEntry[]): Promise<FileHandle> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-boot-"));
  try {
    const file = path.join(dir, "initramfs.cpio");
    await copyFile(base, file);
    const handle = await open(file, "a+");
    await handle.write(cpioArchive(payload));
    return handle;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
