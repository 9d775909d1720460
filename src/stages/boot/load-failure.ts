/** Why the kernel refused a module, from its own words (kernel/module/main.c and its neighbours) and the errno. */
import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { ModuleFile } from "./module-file.ts";

/** `ENODEV` for 19 or -19. */
export function errnoName(errno: number): string {
  const positive = Math.abs(errno);
  return (
    Object.entries(os.constants.errno).find(([, n]) => n === positive)?.[0] ??
    LINUX_ONLY[positive] ??
    `error ${positive}`
  );
}
/** Numbers that user space never sees but modules return, and those Node has no name for (include/linux/errno.h, uapi/asm-generic/errno.h). */
const LINUX_ONLY: Record<number, string> = {
  124: "EMEDIUMTYPE",
  126: "ENOKEY",
  127: "EKEYEXPIRED",
  129: "EKEYREJECTED",
  512: "ERESTARTSYS",
  515: "ENOIOCTLCMD",
  517: "EPROBE_DEFER",
  524: "ENOTSUPP",
};

const MOST_NAMED = 5;

/**
 * One line: what was refused and why.
 * @param log the kernel's lines since the load began
 * @param errno its name, as finit_module(2) gave it
 * @param buildDir holds the kernel's Module.symvers
 */
export async function loadFailure(
  module: ModuleFile,
  log: readonly string[],
  errno: string,
  buildDir: string,
): Promise<string> {
  // What the kernel says of any module that is not its own (kernel/module/main.c) is no reason.
  const own = log
    .filter((l) => l.startsWith(`${module.name}: `))
    .map((l) => l.slice(module.name.length + 2))
    .filter((l) => !/ taints kernel\.?$|tainting kernel$/.test(l));
  const unknown = [
    ...new Set(own.map((l) => /^Unknown symbol (\S+) \(err (-?\d+)\)/.exec(l)?.[1]).filter((s) => s !== undefined)),
  ];
  const versions = [
    ...new Set(own.map((l) => /^disagrees about version of symbol (\S+)/.exec(l)?.[1]).filter((s) => s !== undefined)),
  ];
  if (versions.length > 0)
    return `symbol version (CRC) differs from the kernel's: ${some(versions)}; build it against this kernel's Module.symvers`;
  if (unknown.length > 0) return unknownSymbols(unknown, module, buildDir);
  for (const line of own) {
    const magic = /^version magic '(.*)' should be '(.*)'/.exec(line);
    if (magic !== null)
      return `vermagic differs: the module says '${magic[1]?.trim()}', the kernel is '${magic[2]?.trim()}'; build it against this kernel`;
    if (/BTF/.test(line)) return `BTF: ${line}`;
    if (/invalid for parameter|unknown parameter|Unknown parameter/.test(line)) return `parameter: ${line}`;
  }
  const btf = log.find((l) => /failed to validate module \[.*\] BTF/.test(l));
  if (btf !== undefined) return `BTF: ${btf}`;
  // kernel/module/signing.c says why where it is lockdown or sig_enforce that asks for a signature.
  if (errno === "ENOKEY" || errno === "EKEYREJECTED")
    return `signature: this kernel loads only modules signed with a key it knows${why(log.filter((l) => / is rejected$/.test(l)))}`;
  if (errno === "ENOEXEC")
    return `ENOEXEC: not a module this kernel can load${why(own) || why(log) || "; the file is damaged"}`;
  if (errno === "EEXIST") return "EEXIST: a module of this name is built into the kernel or loaded already";
  return `${errno}${why(own)}`;
}

/** The first of the kernel's words, in brackets. */
function why(lines: readonly string[]): string {
  return lines[0] === undefined ? "" : ` (${lines[0]})`;
}

/** A symbol that the kernel has, but only for GPL-compatible modules, is "unknown" to any other (find_exported_symbol_in_section). */
async function unknownSymbols(names: readonly string[], module: ModuleFile, buildDir: string): Promise<string> {
  const licence = module.modinfo.get("license")?.[0] ?? "unspecified";
  const exported = await exportsOf(buildDir);
  const gplOnly = names.filter((n) => exported.get(n)?.startsWith("EXPORT_SYMBOL_GPL"));
  if (gplOnly.length > 0 && !gplCompatible(licence))
    return `licence: ${some(gplOnly)} ${gplOnly.length === 1 ? "is" : "are"} exported to GPL-compatible modules only, and this one's licence is '${licence}'`;
  return `Unknown symbol ${some(names)}`;
}

function some(names: readonly string[]): string {
  return names.length > MOST_NAMED
    ? `${names.slice(0, MOST_NAMED).join(", ")} and ${names.length - MOST_NAMED} more`
    : names.join(", ");
}

/** The licences the kernel takes for GPL-compatible (include/linux/license.h). */
function gplCompatible(licence: string): boolean {
  return ["GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"].includes(
    licence,
  );
}

/** Symbol → kind of export, from Module.symvers (CRC, symbol, module, export type, namespace; tab-separated). */
async function exportsOf(buildDir: string): Promise<Map<string, string>> {
  const text = await readFile(path.join(buildDir, "Module.symvers"), "utf8").catch(() => "");
  return new Map(
    text
      .split("\n")
      .map((l) => l.split("\t"))
      .map((f) => [f[1] ?? "", f[3] ?? ""]),
  );
}
