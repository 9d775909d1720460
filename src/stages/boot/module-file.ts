/** What a `.ko` says of itself: enough of ELF to know whether it is a kernel module for this architecture, and its `.modinfo`. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";
import { UserError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { isModuleName } from "../capture/plain-names.ts";

export interface ModuleFile {
  /** Uncompressed. */
  bytes: Buffer;
  /** The name it has in /proc/modules. */
  name: string;
  modinfo: Map<string, string[]>;
}

/** More than any module; the guest's memory could not hold it twice. */
const LARGEST = 64 * 1024 * 1024;
const LONGEST_SECTION_NAME = 256;
const EM_X86_64 = 62;
const ET_REL = 1;
const SHT_NOBITS = 8;
const MACHINES: Record<number, string> = {
  3: "i386",
  8: "MIPS",
  20: "PowerPC",
  21: "PowerPC64",
  22: "S/390",
  40: "ARM",
  183: "AArch64",
  243: "RISC-V",
  258: "LoongArch",
};

/**
 * Read a module, compressed (.xz, .zst, .gz) or not.
 * @throws UserError that says in one line what is wrong with the file.
 */
export async function readModuleFile(file: string): Promise<ModuleFile> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) throw new UserError(`${file}: there is no such file`);
  if (info.isDirectory())
    throw new UserError(`${file}: is a folder; name the .ko file (or give the folder to \`kport check\`)`);
  if (!info.isFile()) throw new UserError(`${file}: is not a plain file`);
  if (info.size > LARGEST)
    throw new UserError(
      `${file}: is ${Math.round(info.size / 1048576)} MiB; a module of more than ${LARGEST / 1048576} MiB cannot be booted (strip its debug information: strip -g)`,
    );
  const bytes = await uncompressed(file, await readFile(file));
  const sections = sectionsOf(file, bytes);
  const modinfo = parseModinfo(sections.get(".modinfo"));
  if (modinfo === undefined || !sections.has(".gnu.linkonce.this_module"))
    throw new UserError(
      `${file}: is an object file but not a kernel module (it has no ${modinfo === undefined ? ".modinfo" : ".gnu.linkonce.this_module"} section); name the .ko that kbuild linked`,
    );
  const name = modinfo.get("name")?.[0] ?? nameFromFile(file);
  // It is a word of the guest's agent's requests: a line end in it would begin another one.
  if (!isModuleName(name))
    throw new UserError(
      `${file}: calls itself ${JSON.stringify(name.slice(0, 100))} in .modinfo, which is no name of a module: letters, digits, _ and - only, and at most 55 of them`,
    );
  return { bytes, name, modinfo };
}

/** The name a module gets from its file (kernels before 4.17 keep none in .modinfo). */
export function nameFromFile(file: string): string {
  return path
    .basename(file)
    .replace(/\.ko(\.\w+)?$/, "")
    .replaceAll("-", "_");
}

async function uncompressed(file: string, bytes: Buffer): Promise<Buffer> {
  try {
    if (bytes.subarray(0, 6).equals(Buffer.from("\xfd7zXZ\0", "latin1"))) return await uncompressedXz(bytes);
    if (bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])))
      return await promisify(gunzip)(bytes, { maxOutputLength: LARGEST });
    if (bytes.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])))
      return await promisify(zstdDecompress)(bytes, { maxOutputLength: LARGEST });
  } catch (e) {
    throw new UserError(`${file}: cannot be uncompressed: ${(e as Error).message}`);
  }
  return bytes;
}

/** Node has no xz; the tool works on files. */
async function uncompressedXz(bytes: Buffer): Promise<Buffer> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-xz-"));
  try {
    await writeFile(path.join(dir, "module.xz"), bytes);
    await run("xz", ["-d", "-q", `--memlimit-decompress=${LARGEST * 4}`, path.join(dir, "module.xz")], {
      sandbox: { writable: [dir] },
    });
    if ((await stat(path.join(dir, "module"))).size > LARGEST)
      throw new Error(`it is larger than ${LARGEST / 1048576} MiB`);
    return await readFile(path.join(dir, "module"));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Section contents by name (the first of each name). */
function sectionsOf(file: string, elf: Buffer): Map<string, Buffer> {
  if (elf.length < 4 || elf.toString("latin1", 0, 4) !== "\x7fELF")
    throw new UserError(
      `${file}: is not an ELF file${elf.length === 0 ? " (it is empty)" : ""}; name a kernel module (.ko)`,
    );
  const cut = (): UserError => new UserError(`${file}: is truncated (${elf.length} bytes); build or copy it again`);
  if (elf.length < 64) throw cut();
  const machine = elf.readUInt16LE(18);
  if (elf[4] !== 2 || elf[5] !== 1 || machine !== EM_X86_64)
    throw new UserError(
      `${file}: is built for ${MACHINES[machine] ?? `ELF machine ${machine}`}, and only x86_64 can be booted`,
    );
  const type = elf.readUInt16LE(16);
  if (type !== ET_REL)
    throw new UserError(
      `${file}: is ${type === 2 || type === 3 ? "a program or shared library" : "an ELF file"}, not a kernel module; name a .ko`,
    );
  const offset = Number(elf.readBigUInt64LE(40));
  const [entrySize, count, namesIndex] = [elf.readUInt16LE(58), elf.readUInt16LE(60), elf.readUInt16LE(62)];
  if (entrySize !== 64 || offset + count * 64 > elf.length) throw cut();
  const header = (i: number): { name: number; type: number; at: number; size: number } => {
    const h = elf.subarray(offset + i * 64, offset + i * 64 + 64);
    return {
      name: h.readUInt32LE(0),
      type: h.readUInt32LE(4),
      at: Number(h.readBigUInt64LE(24)),
      size: Number(h.readBigUInt64LE(32)),
    };
  };
  const content = (i: number): Buffer => {
    const h = header(i);
    if (h.type === SHT_NOBITS) return Buffer.alloc(0);
    if (h.at + h.size > elf.length) throw cut();
    return elf.subarray(h.at, h.at + h.size);
  };
  if (namesIndex >= count) throw cut();
  const names = content(namesIndex);
  const sections = new Map<string, Buffer>();
  for (let i = 1; i < count; i++) {
    // All of them may be one name that is as long as the file.
    const longest = names.subarray(header(i).name).subarray(0, LONGEST_SECTION_NAME);
    const end = longest.indexOf(0);
    const name = longest.toString("latin1", 0, end < 0 ? longest.length : end);
    if (!sections.has(name)) sections.set(name, content(i));
  }
  return sections;
}

/** `key=value` texts, each ended by a NUL. */
function parseModinfo(section: Buffer | undefined): Map<string, string[]> | undefined {
  if (section === undefined) return undefined;
  const out = new Map<string, string[]>();
  for (const entry of section.toString("utf8").split("\0")) {
    const equals = entry.indexOf("=");
    if (equals <= 0) continue;
    const key = entry.slice(0, equals);
    const values = out.get(key);
    if (values === undefined) out.set(key, [entry.slice(equals + 1)]);
    else values.push(entry.slice(equals + 1));
  }
  return out;
}
