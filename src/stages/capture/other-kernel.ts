/**
 * C that the kernel's own compiler refuses as clang does: C for another kernel, or C with a mistake in it, which every kernel would refuse.
 * What it lacks is told by the places in the source that the compiler points at, which it gives as JSON. It is another kernel's C where a
 * kernel could have what is missing: nobody but a kernel declares it, and the compiler knows no name that is nearly the same.
 */
import path from "node:path";
import { z } from "zod";
import { lex, matching, significant } from "../../c/lexer.ts";
import { run, type RunOptions } from "../../machine/process.ts";
import { readUntrusted } from "../../machine/untrusted-folder.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { listKernels } from "../../toolchain/kernels.ts";
import { hasHeader, headersSay, isKernelFolder } from "./kernel-names.ts";
import { membersIn, ownNames } from "./own-names.ts";

const place = z.object({
  caret: z.object({ file: z.string(), line: z.number(), column: z.number(), "byte-column": z.number().optional() }),
});
const note = z.object({ kind: z.string(), locations: z.array(place) });
/** As much of gcc's -fdiagnostics-format=json as is used (gcc's manual, "Options to Control Diagnostic Messages Formatting"). */
const diagnostics = z.array(
  note.extend({
    message: z.string(),
    option: z.string().optional(),
    children: z.array(note).default([]),
    fixits: z.array(z.object({ string: z.string() })).default([]),
  }),
);

/** An error, with the other places that it speaks of. */
export interface Diagnostic {
  message: string;
  /** The warning that the kernel makes an error of it by. */
  option?: string | undefined;
  at: z.infer<typeof place>["caret"] | undefined;
  /** Where what it is about is declared. */
  declared: string[];
  /** What gcc would write there. */
  instead: string[];
}

export interface OtherKernel {
  /** One line: what this kernel does not have, or has otherwise. */
  message: string;
  /** Absolute. */
  file?: string;
  line?: number;
}

/** What gcc found wrong, out of a build's output: a line of JSON a unit. A note behind an error belongs to it. */
export function gccErrors(output: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const line of output.split("\n")) {
    let last: Diagnostic | undefined;
    for (const d of line.startsWith("[{") ? parsed(line) : []) {
      const at = d.locations[0]?.caret;
      const places = [...d.children, ...(d.kind === "note" ? [d] : [])].flatMap((n) => n.locations.map((l) => l.caret));
      if (d.kind.endsWith("error"))
        found.push(
          (last = { message: d.message, option: d.option, at, declared: [], instead: d.fixits.map((f) => f.string) }),
        );
      else if (d.kind !== "note") last = undefined;
      last?.declared.push(
        ...places.filter((p) => p.file !== last?.at?.file || p.line !== last.at.line).map((p) => p.file),
      );
    }
  }
  return found;
}

function parsed(line: string): z.infer<typeof diagnostics> {
  try {
    return diagnostics.safeParse(JSON.parse(line)).data ?? [];
  } catch {
    return [];
  }
}

/** What the text at a place is: an include's header, a member, a function that is called, another name; undefined where no name begins there. */
export function nameAt(
  text: string,
  column: number,
): { kind: "header" | "member" | "function" | "name"; name: string } | undefined {
  const header = /^\s*#\s*include(?:_next)?\s*[<"]([^">]+)[">]/.exec(text)?.[1];
  if (header !== undefined) return { kind: "header", name: header };
  // gcc points at the operator before a member.
  const [all = "", operator = "", name] = /^(->\s*|\.\s*)?([A-Za-z_]\w*)/.exec(text.slice(column - 1)) ?? [];
  if (name === undefined) return undefined;
  const [before, behind] = [
    (text.slice(0, column - 1) + operator).trimEnd(),
    text.slice(column - 1 + all.length).trimStart(),
  ];
  return {
    kind:
      /(?:\.|->)$/.test(before) && !/\.\.\.$/.test(before) ? "member" : behind.startsWith("(") ? "function" : "name",
    name,
  };
}

/**
 * Like `nameAt`, but for what is said within a macro's arguments or its body, of which gcc gives the place of the macro: then the name is
 * the one that the message quotes, where it stands among the arguments (which may go on over several lines), or within the macro.
 */
export function nameMeant(lines: readonly string[], column: number, message: string): ReturnType<typeof nameAt> {
  const at = nameAt(lines[0] ?? "", column);
  const [quoted] = QUOTED.exec(message) ?? [];
  if (at?.kind !== "function" || quoted === undefined || at.name === quoted) return at;
  const tokens = significant(lex([(lines[0] ?? "").slice(column - 1), ...lines.slice(1, 50)].join("\n")));
  const close = matching(tokens, 1);
  const i = tokens.findIndex((t, n) => n <= close && t.kind === "identifier" && t.text === quoted);
  if (i < 0) return tokens[1]?.text === "(" && close > 0 ? { kind: "name", name: quoted } : at;
  const kind = /^(?:\.|->)$/.test(tokens[i - 1]?.text ?? "")
    ? "member"
    : tokens[i + 1]?.text === "("
      ? "function"
      : "name";
  return { kind, name: quoted };
}

/**
 * A member of a kernel's structure that is of another type there, as operations are that have got an argument or return something else:
 * gcc points at the value that an initialiser gives it, or at the assignment, and says nothing of the member's place.
 */
async function givenAnotherType(
  text: string,
  column: number,
  d: Diagnostic,
  kernel: Kernel,
  root: string,
): Promise<string | undefined> {
  if (d.option?.endsWith("incompatible-pointer-types") !== true) return undefined;
  const [called] = QUOTED.exec(d.message) ?? [];
  // Of an argument it says whose it is, and where that is declared.
  if (d.declared.length > 0)
    return called === undefined || d.declared.some((f) => isWithin(root, f))
      ? undefined
      : `the function \`${called}\` is another one (gcc: ${inWords(d)})${toTry([])}`;
  const [, member] = /(?:\.|->)\s*([A-Za-z_]\w*)\s*(?:=\s*&?\s*)?$/.exec(text.slice(0, column - 1)) ?? [];
  // One that a structure of the module's has as well: by its type's name, where that is the kernel's.
  if (member === undefined || (await ownNames(root, membersIn)).has(member))
    return called !== undefined && (await headersSay(kernel, called))
      ? `the type \`${called}\` is another one (gcc: ${inWords(d)})${toTry([])}`
      : undefined;
  return `the member \`${member}\` is of another type (gcc: ${inWords(d)})${toTry([])}`;
}

/**
 * Build again with the kernel's own compiler. Undefined where that succeeds: then it is clang that does not take the C.
 * @param words the command that failed with clang; `root` is the folder that all of the module's sources lie in
 */
export async function forOtherKernel(
  words: readonly string[],
  kernel: Kernel,
  root: string,
  options: RunOptions,
): Promise<OtherKernel | undefined> {
  const own = words.filter((w) => !w.startsWith("CC="));
  const r = await run(own[0] as string, [...own.slice(1), "KCFLAGS=-fdiagnostics-format=json"], {
    ...options,
    allowFailure: true,
  });
  if (r.exitCode === 0) return undefined;
  for (const d of gccErrors(r.all)) {
    if (d.at === undefined) continue;
    // A column counts a tab as eight, a byte column (from gcc 11 on) as one. The module's build may have printed this itself: only its own sources are looked into.
    const { at } = d;
    const file = path.resolve(options.cwd ?? root, at.file);
    const lines = await readUntrusted(root, file).then(
      (bytes) =>
        bytes
          .toString("latin1")
          .split("\n")
          .slice(at.line - 1),
      () => undefined,
    );
    if (lines?.[0] === undefined) continue;
    const column = at["byte-column"] ?? at.column;
    const found = nameMeant(lines, column, d.message);
    const lacks =
      (await givenAnotherType(lines[0], column, d, kernel, root)) ?? (found && (await lacking(found, d, kernel, root)));
    return {
      message:
        lacks === undefined
          ? `the C does not compile, with the kernel's own compiler neither (gcc: ${inWords(d)})`
          : `not C for kernel ${kernel.release}: ${lacks}`,
      file,
      line: at.line,
    };
  }
  return undefined;
}

/** What this kernel does not have, or has otherwise; undefined where no kernel can be to blame. */
async function lacking(
  { kind, name }: NonNullable<ReturnType<typeof nameAt>>,
  d: Diagnostic,
  kernel: Kernel,
  root: string,
): Promise<string | undefined> {
  const others = (await listKernels()).filter((k) => k.release !== kernel.release);
  if (kind === "header") {
    const having = others.filter((k) => hasHeader(k, name));
    if (having.length === 0 && !isKernelFolder(kernel, name)) return undefined;
    return `it includes \`${name}\`, which is neither there nor in the module's folder${toTry(having)}`;
  }
  const what = { member: "the member", function: "the function", name: "the name" }[kind];
  const is = (how: string, having: readonly Kernel[]): string =>
    `${what} \`${name}\` is ${how} (gcc: ${inWords(d)})${toTry(having)}`;
  if (d.declared.length > 0) return d.declared.some((f) => isWithin(root, f)) ? undefined : is("another one", []);
  const own = await ownNames(root);
  // The structure that lacks a member is quoted, in whatever language gcc speaks.
  const owner = kind === "member" ? /[‘'"](?:const |volatile )*(?:struct|union) (\w+)/.exec(d.message)?.[1] : undefined;
  if (own.has(name) || (owner !== undefined && own.has(owner))) return undefined;
  const isHere = kind !== "member" && (await headersSay(kernel, name));
  const having: Kernel[] = [];
  if (others.length > 0 && !isHere) for (const k of others) if (await headersSay(k, name)) having.push(k);
  // What gcc would write instead is a word that is nearly the same, or what C's grammar asks for. A single word may be a forgotten variable.
  const isMistake = d.instead.length > 0 || (kind === "name" && /^[a-z][a-z0-9]*$/.test(name));
  if (having.length === 0 && isMistake) return undefined;
  // One kernel's headers include what another's do not.
  return isHere
    ? `${what} \`${name}\` is in a header that is not included (gcc: ${inWords(d)})`
    : is("not there", having);
}

/** A name that a message quotes, in whatever language gcc speaks. */
const QUOTED = /(?<=[‘'"])[A-Za-z_]\w*(?=[’'"])/;

function isWithin(root: string, file: string): boolean {
  return path.resolve(root, file).startsWith(`${root}${path.sep}`);
}

function inWords(d: Diagnostic): string {
  return d.message.replaceAll("`", "'").slice(0, 200);
}

function toTry(having: readonly Kernel[]): string {
  return having.length === 0
    ? "; `kport kernels` lists the kernels to try"
    : `; kernel ${having.map((k) => k.release).join(", ")} has it`;
}
