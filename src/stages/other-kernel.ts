/**
 * C that is written for another kernel: the kernel's own compiler refuses it as clang does. What it lacks is told by the place in the source
 * that the compiler points at, which it gives as JSON; its words are shown, and nothing is read from them.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { run, type RunOptions } from "../machine/process.ts";
import { readUntrusted } from "../machine/untrusted-folder.ts";
import type { Kernel } from "../toolchain/kernel.ts";
import { listKernels } from "../toolchain/kernels.ts";

/** As much of gcc's -fdiagnostics-format=json as is used (gcc's manual, "Options to Control Diagnostic Messages Formatting"). */
const diagnostics = z.array(z.object({ kind: z.string(), message: z.string(), option: z.string().optional(), locations: z.array(z.object({ caret: z.object({ file: z.string(), line: z.number(), column: z.number(), "byte-column": z.number().optional() }) })) }));
type Diagnostic = z.infer<typeof diagnostics>[number];

export interface OtherKernel {
  /** One line: what this kernel does not have, or has otherwise. */
  message: string;
  /** Absolute. */
  file?: string;
  line?: number;
}

/** What gcc found wrong, out of a build's output: a line of JSON a unit. */
export function gccErrors(output: string): Diagnostic[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("[{")) return [];
    try {
      return (diagnostics.safeParse(JSON.parse(line)).data ?? []).filter((d) => d.kind.endsWith("error"));
    } catch {
      return [];
    }
  });
}

/** What the text at a place is: an include's header, a member, a function that is called, another name; undefined where no name begins there. */
export function nameAt(text: string, column: number): { kind: "header" | "member" | "function" | "name"; name: string } | undefined {
  const header = /^\s*#\s*include(?:_next)?\s*[<"]([^">]+)[">]/.exec(text)?.[1];
  if (header !== undefined) return { kind: "header", name: header };
  // gcc points at the operator before a member.
  const [all = "", operator = "", name] = /^(->\s*|\.\s*)?([A-Za-z_]\w*)/.exec(text.slice(column - 1)) ?? [];
  if (name === undefined) return undefined;
  const [before, behind] = [(text.slice(0, column - 1) + operator).trimEnd(), text.slice(column - 1 + all.length).trimStart()];
  return { kind: /(?:\.|->)$/.test(before) && !/\.\.\.$/.test(before) ? "member" : behind.startsWith("(") ? "function" : "name", name };
}

/**
 * Build again with the kernel's own compiler. Undefined where that succeeds: then it is clang that does not take the C.
 * @param words the command that failed with clang; `root` is the folder that all of the module's sources lie in
 */
export async function forOtherKernel(words: readonly string[], kernel: Kernel, root: string, options: RunOptions): Promise<OtherKernel | undefined> {
  const own = words.filter((w) => !w.startsWith("CC="));
  const r = await run(own[0] as string, [...own.slice(1), "KCFLAGS=-fdiagnostics-format=json"], { ...options, allowFailure: true });
  if (r.exitCode === 0) return undefined;
  for (const d of gccErrors(r.all)) {
    const at = d.locations[0]?.caret;
    if (at === undefined) continue;
    // A column counts a tab as eight, a byte column (from gcc 11 on) as one. The module's build may have printed this itself: only its own sources are looked into.
    const file = path.resolve(options.cwd ?? root, at.file);
    const text = await readUntrusted(root, file).then((bytes) => bytes.toString("latin1").split("\n")[at.line - 1], () => undefined);
    const found = text === undefined ? undefined : nameAt(text, at["byte-column"] ?? at.column);
    if (found === undefined) continue;
    return { message: `not C for kernel ${kernel.release}: ${await lacking(found, d, kernel)}`, file, line: at.line };
  }
  return undefined;
}

async function lacking({ kind, name }: NonNullable<ReturnType<typeof nameAt>>, d: Diagnostic, kernel: Kernel): Promise<string> {
  if (kind === "header") {
    const others = (await listKernels()).filter((k) => k.release !== kernel.release && hasHeader(k, name)).map((k) => k.release);
    return `it includes \`${name}\`, which is neither there nor in the module's folder${others.length === 0 ? "; `kport kernels` lists the kernels to try" : `; kernel ${others.join(", ")} has it`}`;
  }
  const what = { member: "the member", function: "the function", name: "the name" }[kind];
  return `${what} \`${name}\` is not there, or is another one (gcc: ${d.message.replaceAll("`", "'").slice(0, 200)}); \`kport kernels\` lists the kernels to try`;
}

function hasHeader(kernel: Kernel, header: string): boolean {
  const folders = ["include", "include/uapi", "arch/x86/include", "arch/x86/include/uapi", "arch/x86/include/generated", "include/generated"];
  return path.normalize(header) === header && !header.startsWith("..") && [kernel.buildDir, ...kernel.readable].some((dir) => folders.some((f) => existsSync(path.join(dir, f, header))));
}
