/** Small images of file systems, by the programs that make them, where this machine has them. */
import { mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { scratchFolder } from "../../machine/cache.ts";
import { log } from "../../machine/log.ts";
import { run } from "../../machine/process.ts";

export interface Image {
  /** Bytes. */
  size: number;
  /** What is not zero. */
  parts: readonly { at: number; bytes: Buffer }[];
}

interface Maker {
  program: string;
  /** Of the image: what it is made in, or 0 where the program makes the file. */
  kilobytes: number;
  arguments: (image: string, folder: string) => readonly string[];
}

/** Nothing that the day or chance decides: numbers of volumes are given. (`mkfs.minix` notes the time.) */
const EXT = [
  "-q",
  "-F",
  "-U",
  "6b706f72-7400-4000-8000-000000000001",
  "-E",
  "hash_seed=6b706f72-7400-4000-8000-000000000002",
];
const FAT = ["--invariant", "-i", "6b706f72"];
const MAKERS = new Map<string, Maker>([
  ["minix", { program: "mkfs.minix", kilobytes: 64, arguments: (image) => [image] }],
  ["bfs", { program: "mkfs.bfs", kilobytes: 64, arguments: (image) => [image] }],
  ["cramfs", { program: "mkfs.cramfs", kilobytes: 0, arguments: (image, folder) => [folder, image] }],
  ["ext2", { program: "mkfs.ext2", kilobytes: 128, arguments: (image) => [...EXT, image] }],
  ["ext4", { program: "mkfs.ext4", kilobytes: 512, arguments: (image) => [...EXT, image] }],
  ["msdos", { program: "mkfs.fat", kilobytes: 64, arguments: (image) => [...FAT, image] }],
  ["vfat", { program: "mkfs.fat", kilobytes: 64, arguments: (image) => [...FAT, image] }],
  ["exfat", { program: "mkfs.exfat", kilobytes: 1024, arguments: (image) => [image] }],
  ["hfsplus", { program: "mkfs.hfsplus", kilobytes: 1024, arguments: (image) => [image] }],
  ["udf", { program: "mkfs.udf", kilobytes: 2048, arguments: (image) => ["--uuid=6b706f7274000001", image] }],
  [
    "romfs",
    { program: "genromfs", kilobytes: 0, arguments: (image, folder) => ["-V", "kport", "-d", folder, "-f", image] },
  ],
  [
    "squashfs",
    {
      program: "mksquashfs",
      kilobytes: 0,
      arguments: (image, folder) => [folder, image, "-quiet", "-no-progress", "-mkfs-time", "0", "-all-time", "0"],
    },
  ],
]);
/** A list of calls has room for so many of its bytes (guest/calls.c), and QEMU's guest for such a file. */
const MOST_BYTES = 32 * 1024;
/** Zeros between two parts. */
const GAP = 32;
const PART = 8192;

/** An image of a file system, with a file and a folder where the program can put some in; undefined where there is no program for it. */
export async function imageOf(type: string): Promise<Image | undefined> {
  const maker = MAKERS.get(type);
  if (maker === undefined) return undefined;
  await using scratch = await scratchFolder("/tmp/kport-image-");
  const [image, folder] = [path.join(scratch.dir, "image"), path.join(scratch.dir, "folder")];
  await mkdir(path.join(folder, "folder"), { recursive: true });
  await writeFile(path.join(folder, "a"), "text\n");
  try {
    if (maker.kilobytes > 0) {
      await writeFile(image, "");
      await truncate(image, 1024 * maker.kilobytes);
    }
    await run(maker.program, maker.arguments(image, folder), { cwd: scratch.dir, timeout: 20_000 });
    return partsOf(await readFile(image));
  } catch (error) {
    log.debug(`fuzz: no image of ${type}: ${String(error)}`);
    return undefined;
  }
}

/** @returns undefined where more is not zero than a list has room for */
export function partsOf(image: Buffer): Image | undefined {
  const parts: Image["parts"][number][] = [];
  const none = Buffer.alloc(GAP);
  let total = 0;
  for (let at = 0; at < image.length; ) {
    if (image[at] === 0) {
      at++;
      continue;
    }
    const zeros = image.indexOf(none, at);
    const end = Math.min(zeros < 0 ? image.length : zeros, at + PART);
    parts.push({ at, bytes: image.subarray(at, end) });
    total += end - at;
    if (total > MOST_BYTES) return undefined;
    at = end;
  }
  return { size: image.length, parts };
}
