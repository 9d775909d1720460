/** Preprocesses a unit so that what came out can be traced to the module's own macro invocations, declarations and directives. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { UnitCompiler } from "../../c/compile-command.ts";
import { type Declaration, splitDeclarations } from "../../c/declarations.ts";
import { lex, matching, type Token } from "../../c/lexer.ts";
import { readSource } from "../../c/source.ts";
import { StageError } from "../../machine/errors.ts";
import { complaintOf } from "../../machine/tool-failure.ts";
import { newlines, Origins, unescape } from "./origins.ts";
import { Packing } from "./packing.ts";

/** A macro invocation of the module's own source, and what became of it. */
export interface Invocation {
  id: number;
  /** As written, arguments included. */
  source: string;
  name: string;
  file: string;
  line: number;
  /** Offset of its name in the file, as `readSource` has it. */
  at: number;
  /** Its expansion, as offsets in `PreprocessedUnit.text`. */
  start: number;
  end: number;
}

export interface PlacedDeclaration extends Declaration {
  file: string;
  line: number;
  /** Written in the module's own files (its headers count), not in the kernel's. */
  own: boolean;
  /** `#pragma pack` as it stands there, in bytes; 0 where none does. */
  pack: number;
  /** A static assertion that the Rust can say. */
  asserted?: boolean;
}

/** An own `#define`, `#undef`, `#pragma pack` or `#include` of a header that is not the module's, in the order it was met. */
export interface OwnDirective {
  text: string;
  /** Offset in `PreprocessedUnit.text`. */
  at: number;
}

export interface PreprocessedUnit {
  /** The translation unit with all macros expanded; directives and markers are blanked, so that offsets hold. */
  text: string;
  declarations: PlacedDeclaration[];
  invocations: Invocation[];
  directives: OwnDirective[];
  /** Every name that is a macro somewhere in the unit, the compiler's own among them. */
  macros: ReadonlySet<string>;
  /** The module's own files that took part. Absolute. */
  ownFiles: string[];
  /**
   * Files of the module's that a kernel header includes once more, and what they include: `trace/define_trace.h` reads a header of trace
   * events several times, with other macros each time. They are the kernel's to read, like its own headers.
   */
  readBack: Set<string>;
}

const BEGIN = "__kport_begin_";
const END = "__kport_end_";

/**
 * Preprocess twice: once to learn which files are the module's own and which names are macros, once with each outermost macro
 * invocation of those files between two marker identifiers. The marked files reach clang through a VFS overlay, so that paths,
 * `__FILE__` and relative includes stay what they are.
 *
 * @param isOwn whether a file is the module's own (as against the kernel's or the compiler's)
 * @param scratch a folder for the marked copies
 * @throws StageError("preprocess") when clang refuses the unit
 */
export async function preprocess(
  compiler: UnitCompiler,
  isOwn: (file: string) => boolean,
  scratch: string,
): Promise<PreprocessedUnit> {
  const { file, directory } = compiler.command;
  const first = await expand(compiler, ["-dD", "-dI"]);
  const { files: all, macros, readBack } = survey(first, directory, isOwn);
  const own = (f: string): boolean => isOwn(f) && !readBack.has(f);
  const files = all.filter(own);
  const invocations: Omit<Invocation, "start" | "end">[] = [];
  const overlay: { name: string; contents: string }[] = [];
  for (const [i, name] of files.entries()) {
    const marked = markInvocations(await readSource(name), name, macros, invocations);
    const copy = path.join(scratch, `marked-${i}`);
    await writeFile(copy, marked);
    overlay.push({ name, contents: copy });
  }
  const vfs = path.join(scratch, "overlay.json");
  await writeFile(
    vfs,
    JSON.stringify({
      version: 0,
      "use-external-names": false,
      roots: overlay.map((o) => ({ type: "file", name: o.name, "external-contents": o.contents })),
    }),
  );
  // -C keeps comments, and -dD and -dI the directives, for the helpers.
  const text = await expand(compiler, ["-C", "-dD", "-dI", "-ivfsoverlay", vfs]);
  return { ...read(text, directory, own, invocations, files.length > 0 ? files : [file]), macros, readBack };
}

async function expand(compiler: UnitCompiler, extra: readonly string[]): Promise<string> {
  const r = await compiler.run(["-E", ...extra, compiler.command.file]);
  if (r.exitCode !== 0)
    throw new StageError("preprocess", `clang cannot preprocess ${compiler.command.file}\n${complaintOf(r)}`, {
      file: compiler.command.file,
    });
  return r.stdout;
}

/** The own files and all macro names of a preprocessed text, and the own files that are read back. */
function survey(
  text: string,
  directory: string,
  isOwn: (file: string) => boolean,
): { files: string[]; macros: Set<string>; readBack: Set<string> } {
  const files = new Set<string>();
  const macros = new Set<string>();
  const entered: { file: string; within: readonly string[] }[] = [];
  let stack: readonly string[] = [];
  for (const m of text.matchAll(/^#\s*(?:(\d+) "((?:[^"\\]|\\.)*)"(?: ([12]))?|define ([A-Za-z_$][\w$]*))/gm)) {
    if (m[4] !== undefined) macros.add(m[4]);
    else if (m[2] !== undefined) {
      const f = m[2].startsWith("<") ? m[2] : path.resolve(directory, unescape(m[2]));
      if (isOwn(f)) files.add(f);
      else if (m[3] === undefined && isOwn(stack.at(-1) ?? "") && !f.startsWith("<"))
        throw saidToBeElsewhere(stack.at(-1) as string, m[2]);
      if (m[3] === "1") entered.push({ file: f, within: stack });
      stack = m[3] === "1" ? [...stack, f] : m[3] === "2" ? stack.slice(0, -1) : [...stack.slice(0, -1), f];
    }
  }
  const again = entered
    .filter(
      (e) =>
        files.has(e.file) && e.within.includes(e.file) && e.within.some((w) => !files.has(w) && !w.startsWith("<")),
    )
    .map((e) => e.file);
  const readBack = new Set([
    ...again,
    ...entered.filter((e) => files.has(e.file) && e.within.some((w) => again.includes(w))).map((e) => e.file),
  ]);
  return { files: [...files], macros, readBack };
}

/** What is written in an own file is told from what is not by clang's word for where it stands, which `#line` changes. */
function saidToBeElsewhere(file: string, name: string): StageError {
  return new StageError(
    "line-directive",
    `${path.basename(file)} says by #line that it goes on in "${unescape(name).slice(0, 200)}", which is no file of the module's: what follows would be lost; leave the #line out`,
    { file },
  );
}

/** Put markers around each outermost macro invocation of a source text. The lines keep their numbers. */
function markInvocations(
  source: string,
  file: string,
  macros: ReadonlySet<string>,
  found: Omit<Invocation, "start" | "end">[],
): string {
  const tokens = lex(source);
  let out = "";
  let copied = 0;
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier" || !macros.has(t.text)) continue;
    let last = i;
    // A function-like macro takes its parentheses along; so does an object-like one, which may stand for a function-like one.
    for (let next = nextCode(tokens, last); tokens[next]?.text === "("; next = nextCode(tokens, last)) {
      const close = matching(tokens, next);
      if (close < 0) break;
      last = close;
    }
    const end = (tokens[last] as Token).end;
    const id = found.length;
    const text = source.slice(t.start, end);
    found.push({ id, source: text, name: t.text, file, line: 1 + newlines(source, 0, t.start), at: t.start });
    out += `${source.slice(copied, t.start)}${BEGIN}${id} ${text} ${END}${id} `;
    copied = end;
    i = last;
  }
  return out + source.slice(copied);
}

function nextCode(tokens: readonly Token[], i: number): number {
  let at = i + 1;
  while (tokens[at]?.kind === "comment") at++;
  return at;
}

/** Blank markers and directives, place the declarations, and join each invocation with its expansion. */
function read(
  marked: string,
  directory: string,
  isOwn: (file: string) => boolean,
  invocations: Omit<Invocation, "start" | "end">[],
  ownFiles: string[],
): Omit<PreprocessedUnit, "readBack" | "macros"> {
  const tokens = lex(marked);
  const origin = new Origins(marked, directory);
  const directives: OwnDirective[] = [];
  /** A header may be included more than once: then an invocation in it has as many expansions. */
  const ranges = new Map<number, { start: number; end?: number }[]>();
  const kept: Token[] = [];
  const chunks: string[] = [];
  const packing = new Packing();
  let copied = 0;
  const blank = (t: Token): void => {
    chunks.push(
      marked.slice(copied, t.start),
      t.text.includes("\n") ? t.text.replace(/[^\n]/g, " ") : " ".repeat(t.text.length),
    );
    copied = t.end;
  };
  for (const t of tokens) {
    if (t.kind === "directive") {
      if (!origin.add(t) && isOwn(origin.file)) directives.push({ text: unmark(t.text), at: t.start });
      packing.add(t);
      blank(t);
    } else if (t.kind === "identifier" && t.text.startsWith("__kport_")) {
      const begin = t.text.startsWith(BEGIN);
      const id = Number(t.text.slice((begin ? BEGIN : END).length));
      const of = ranges.get(id) ?? [];
      // An argument that a macro uses twice would carry markers along, but only outermost invocations are marked.
      if (begin) of.push({ start: t.end });
      else if (of.length > 0) (of.at(-1) as { end?: number }).end ??= t.start;
      ranges.set(id, of);
      blank(t);
    } else if (t.kind !== "comment") kept.push(t);
  }
  chunks.push(marked.slice(copied));
  const text = chunks.join("");
  const declarations = splitDeclarations(kept).map((d): PlacedDeclaration => {
    const place = origin.at(d.start);
    return { ...d, ...place, own: isOwn(place.file), pack: packing.at(d.start) };
  });
  const joined: Invocation[] = [];
  for (const v of invocations) {
    for (const { start, end } of ranges.get(v.id) ?? []) {
      if (end === undefined) continue;
      const inner = text.slice(start, end);
      joined.push({
        ...v,
        start: start + inner.length - inner.trimStart().length,
        end: end - (inner.length - inner.trimEnd().length),
      });
    }
  }
  return { text, declarations, invocations: joined.filter((v) => v.end > v.start), directives, ownFiles };
}

/** Markers inside a directive: an own `#define` is never marked, but an `#include MACRO` is. */
function unmark(text: string): string {
  return text.replace(/__kport_(?:begin|end)_\d+ ?/g, "").replace(/\s*\/\* clang -E -dI \*\/\s*$/, "");
}
