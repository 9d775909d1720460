/**
 * The "newc" cpio format, as the kernel's initramfs unpacker reads it (Documentation/driver-api/early-userspace/buffer-format.rst).
 * Written by hand because device nodes must be made without root, which no tool that reads a folder can do.
 */

export type CpioEntry =
  | { kind: "file"; name: string; mode: number; data: Uint8Array }
  | { kind: "folder"; name: string }
  | { kind: "link"; name: string; target: string }
  | { kind: "device"; name: string; major: number; minor: number };

const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;
const S_IFCHR = 0o020000;
const TRAILER = "TRAILER!!!";

/** One archive, padded to 512 bytes; several of them after one another are still one initramfs. */
export function cpioArchive(entries: readonly CpioEntry[]): Buffer {
  const parts: Buffer[] = [];
  let inode = 1;
  for (const e of entries) {
    const data = e.kind === "file" ? Buffer.from(e.data) : e.kind === "link" ? Buffer.from(e.target) : Buffer.alloc(0);
    const mode =
      e.kind === "file"
        ? S_IFREG | e.mode
        : e.kind === "folder"
          ? S_IFDIR | 0o755
          : e.kind === "link"
            ? S_IFLNK | 0o777
            : S_IFCHR | 0o600;
    const device = e.kind === "device" ? ([e.major, e.minor] as const) : ([0, 0] as const);
    parts.push(...record(inode++, mode, e.name, data, device));
  }
  parts.push(...record(0, 0, TRAILER, Buffer.alloc(0), [0, 0]));
  return pad(Buffer.concat(parts), 512);
}

function record(inode: number, mode: number, name: string, data: Buffer, device: readonly [number, number]): Buffer[] {
  const named = Buffer.from(`${name}\0`);
  // magic, ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, device[0], device[1], named.length, 0];
  const header = Buffer.from(`070701${fields.map((f) => f.toString(16).toUpperCase().padStart(8, "0")).join("")}`);
  return [pad(Buffer.concat([header, named]), 4), pad(data, 4)];
}

function pad(data: Buffer, to: number): Buffer {
  const rest = data.length % to;
  return rest === 0 ? data : Buffer.concat([data, Buffer.alloc(to - rest)]);
}
