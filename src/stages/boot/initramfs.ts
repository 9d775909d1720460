/** What the guest boots from: busybox and our scripts, made once; and what is brought in for one run. */
import { type FileHandle, copyFile, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cached, contentKey } from "../../cache.ts";
import { run } from "../../process.ts";
import { projectRoot } from "../../project-root.ts";
import { type CpioEntry, cpioArchive } from "./cpio.ts";

const GUEST = path.join(projectRoot(), "src", "stages", "boot", "guest");
const FOLDERS = ["bin", "dev", "proc", "sys", "tmp", "etc", "root", "payload", "exercise"];

/** The base initramfs as a file in the cache, and the key that names its content. `busybox` is a static one. */
export async function baseInitramfs(busybox: string): Promise<{ file: string; key: string }> {
  const program = await readFile(busybox);
  const scripts = await Promise.all(["init", "agent", "default-exercise"].map((f) => readFile(path.join(GUEST, f))));
  const key = contentKey([program, ...scripts]);
  const { dir } = await cached("initramfs", key, async (beside) => {
    const applets = (await run(busybox, ["--list"])).stdout.split("\n").filter((a) => /^[\w[.-]+$/.test(a) && a !== "busybox" && a !== "init");
    const [init, agent, exercise] = scripts as [Buffer, Buffer, Buffer];
    const entries: CpioEntry[] = [
      ...FOLDERS.map((name) => ({ kind: "folder", name }) as const),
      // The kernel opens it for PID 1 before devtmpfs is there.
      { kind: "device", name: "dev/console", major: 5, minor: 1 },
      { kind: "file", name: "bin/busybox", mode: 0o755, data: program },
      ...applets.map((a) => ({ kind: "link", name: `bin/${a}`, target: "busybox" }) as const),
      { kind: "file", name: "init", mode: 0o755, data: init },
      { kind: "file", name: "agent", mode: 0o755, data: agent },
      { kind: "file", name: "default-exercise", mode: 0o755, data: exercise },
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
