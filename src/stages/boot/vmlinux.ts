/**
 * The ELF vmlinux inside a bzImage. QEMU enters it directly (PVH) and so skips the kernel's own slow decompressor: under TCG a boot
 * takes half the time. Formats: Documentation/arch/x86/boot.rst (payload_offset, payload_length since protocol 2.08).
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { copyFile, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";
import { cached, contentKey } from "../../machine/cache.ts";
import { UserError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import { run } from "../../machine/process.ts";

const ELF = Buffer.from("\x7fELF", "latin1");
const XZ = Buffer.from("\xfd7zXZ\0", "latin1");
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const LZ4_LEGACY = Buffer.from([0x02, 0x21, 0x4c, 0x18]);
const GZIP = Buffer.from([0x1f, 0x8b]);
/** A note `Xen`/XEN_ELFNOTE_PHYS32_ENTRY: the entry point QEMU needs (CONFIG_PVH). */
const XEN_NOTE = Buffer.from([4, 0, 0, 0, 8, 0, 0, 0, 18, 0, 0, 0, 0x58, 0x65, 0x6e, 0]);

/**
 * The image to give QEMU for `image`: the vmlinux out of it where it has a PVH entry, else the image itself.
 * @throws UserError when it is no x86-64 kernel image at all.
 */
export async function bootableImage(image: string): Promise<string> {
  const info = await stat(image).catch(() => undefined);
  if (info === undefined) throw new UserError(`${image}: there is no such kernel image`);
  if (!info.isFile())
    throw new UserError(`${image}: is a folder, not a kernel image; name a bzImage (vmlinuz) or a vmlinux`);
  const head = await firstBytes(image, 0x250);
  if (head.subarray(0, 4).equals(ELF)) return image;
  if (head.length < 0x250 || head.toString("latin1", 0x202, 0x206) !== "HdrS")
    throw new UserError(`${image}: is not an x86-64 kernel image (neither a bzImage nor an ELF vmlinux)`);
  const { dir } = await cached(
    "vmlinux",
    await rememberedKey(image, `${info.size} ${info.mtimeMs}`),
    async (beside) => {
      const vmlinux = path.join(beside, "vmlinux");
      const unpacked = await unpack(await readFile(image), vmlinux).catch((e: Error) =>
        log.debug(`${image}: its vmlinux cannot be unpacked, booting it as it is: ${e.message}`),
      );
      const usable = unpacked !== undefined && unpacked.subarray(0, 4).equals(ELF) && unpacked.includes(XEN_NOTE);
      if (!usable) {
        await rm(vmlinux, { force: true });
        await copyFile(image, path.join(beside, "bzImage"));
      }
    },
  );
  const vmlinux = path.join(dir, "vmlinux");
  return existsSync(vmlinux) ? vmlinux : path.join(dir, "bzImage");
}

const keys = new Map<string, Promise<string>>();

/** `fileKey`, once a process for a file that has not changed since: a warm start takes little longer than hashing a kernel. */
function rememberedKey(file: string, version: string): Promise<string> {
  const known = keys.get(`${version} ${file}`) ?? fileKey(file);
  keys.set(`${version} ${file}`, known);
  return known;
}

/** SHA-256 of a file's content. */
async function fileKey(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return contentKey([hash.digest("hex")]);
}

/** Write the uncompressed payload of a bzImage to `target`. */
async function unpack(bzImage: Buffer, target: string): Promise<Buffer> {
  const setupSectors = bzImage.readUInt8(0x1f1) || 4;
  const start = (setupSectors + 1) * 512 + bzImage.readUInt32LE(0x248);
  const payload = bzImage.subarray(start, start + bzImage.readUInt32LE(0x24c));
  // The last four bytes are the uncompressed size, which kbuild appends to every format but gzip.
  const stream = payload.subarray(0, -4);
  if (payload.subarray(0, 6).equals(XZ)) return unpackWith("xz", ".xz", stream, target);
  if (payload.subarray(0, 4).equals(LZ4_LEGACY)) return unpackWith("lz4", ".lz4", stream, target);
  const vmlinux = payload.subarray(0, 4).equals(ZSTD)
    ? await promisify(zstdDecompress)(stream)
    : payload.subarray(0, 2).equals(GZIP)
      ? await promisify(gunzip)(payload)
      : payload;
  await writeFile(target, vmlinux);
  return vmlinux;
}

/** Tools that turn FILE.suffix into FILE. */
async function unpackWith(tool: string, suffix: string, stream: Buffer, target: string): Promise<Buffer> {
  await writeFile(`${target}${suffix}`, stream);
  await run(tool, ["-d", "-q", "-f", `${target}${suffix}`]);
  await rm(`${target}${suffix}`, { force: true });
  return readFile(target);
}

async function firstBytes(file: string, count: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
