/**
 * Reads what rustc writes with `--emit=asm`: functions, data and what they refer to, all by names. Nothing in it depends on where
 * something lies, which in an object a displacement within a section does.
 */

/** A function's instructions, and the labels among them. */
export interface AssemblyFunction {
  symbol: string;
  section: string;
  /** Without the tabulator in front; labels end with a colon. */
  lines: string[];
}

/** A variable or constant: its bytes, and the references among them, which are 0 in the bytes. */
export interface AssemblyObject {
  symbol: string;
  section: string;
  align: number;
  bytes: number[];
  references: { at: number; size: number; expression: string }[];
}

export interface Assembly {
  functions: Map<string, AssemblyFunction>;
  objects: Map<string, AssemblyObject>;
  /** `.set NAME, EXPRESSION`: another name of something. */
  aliases: Map<string, string>;
  /** Symbols that are global or weak. */
  bindings: Map<string, "global" | "weak">;
}

const NUMBERS: Readonly<Record<string, number>> = { ".byte": 1, ".short": 2, ".value": 2, ".long": 4, ".quad": 8 };

/** @throws Error for a directive that is not known: it could be what two texts differ in */
export function readAssembly(text: string): Assembly {
  const out: Assembly = { functions: new Map(), objects: new Map(), aliases: new Map(), bindings: new Map() };
  const kinds = new Map<string, string>();
  const local = new Set<string>();
  let section = ".text";
  let align = 1;
  let fn: AssemblyFunction | undefined;
  let object: AssemblyObject | undefined;
  const enter = (name: string): void => {
    section = name;
    object = undefined;
  };
  const directives: Readonly<Record<string, (rest: string) => void>> = {
    ".section": (rest) => enter((rest.startsWith('"') ? /^"([^"]*)"/.exec(rest)?.[1] : rest.split(",")[0]) ?? rest),
    ".text": () => enter(".text"),
    ".data": () => enter(".data"),
    ".bss": () => enter(".bss"),
    ".type": (rest) => void kinds.set(before(rest, ","), rest),
    ".globl": (rest) => void out.bindings.set(rest, "global"),
    ".weak": (rest) => void out.bindings.set(rest, "weak"),
    ".local": (rest) => void local.add(rest),
    ".set": (rest) => void out.aliases.set(before(rest, ","), rest.slice(rest.indexOf(",") + 1).trim()),
    ".comm": (rest) => {
      const [symbol = "", size, alignment] = rest.split(",");
      out.objects.set(symbol, { symbol, section: local.has(symbol) ? ".bss" : "COMMON", align: Number(alignment ?? 1), bytes: new Array<number>(Number(size)).fill(0), references: [] });
    },
    ".size": (rest) => {
      if (fn?.symbol === before(rest, ",")) fn = undefined;
      if (object?.symbol === before(rest, ",")) object = undefined;
    },
  };
  for (const line of text.split("\n")) {
    if (line.trim() === "" || /^\s*#/.test(line)) continue;
    const label = /^("[^"]*"|[^\s:"]+):$/.exec(line)?.[1];
    const [, directive, rest = ""] = /^\t(\.[a-z_0-9]+)(?:\s+(.*))?$/.exec(line) ?? [];
    if (label !== undefined) {
      if (fn !== undefined) fn.lines.push(`${label}:`);
      else if (kinds.get(label)?.endsWith("@function")) out.functions.set(label, (fn = { symbol: label, section, lines: [] }));
      else if (!/^\.L(?:tmp|func_)/.test(label)) out.objects.set(label, (object = { symbol: label, section, align, bytes: [], references: [] }));
      align = 1;
    } else if (directive === ".p2align" || directive === ".balign") {
      // Within a function it is where a loop begins: filled with what does nothing.
      align = directive === ".p2align" ? 2 ** Number(before(rest, ",")) : Number(before(rest, ","));
    } else if (directive !== undefined && directives[directive] !== undefined) {
      directives[directive](rest);
    } else if (directive !== undefined && object !== undefined && emit(object, directive, rest)) {
      // Counted.
    } else if (directive !== undefined) {
      if (IGNORED.has(directive) || (fn === undefined && UNNAMED.test(section))) continue;
      throw new Error(`rustc's assembly says ${directive}, which is not known here`);
    } else if (fn !== undefined) fn.lines.push(line.slice(1));
  }
  return out;
}

/** Sections of data that has no name: about functions, which are compared themselves, and about the file. */
const UNNAMED = /^(?:__patchable_function_entries$|\.note\b)/;

/** What says nothing of code or data. */
const IGNORED = new Set([".ident", ".file", ".hidden", ".protected", ".addrsig", ".addrsig_sym", ".cfi_startproc", ".cfi_endproc", ".att_syntax", ".intel_syntax"]);

const before = (text: string, separator: string): string => (text.includes(separator) ? text.slice(0, text.indexOf(separator)) : text).trim();

/** @returns whether the directive makes data */
function emit(object: AssemblyObject, directive: string, rest: string): boolean {
  const size = NUMBERS[directive];
  if (size !== undefined) {
    const number = /^-?(?:0x[0-9a-f]+|\d+)$/.test(rest) ? BigInt.asUintN(size * 8, rest.startsWith("-") ? -BigInt(rest.slice(1)) : BigInt(rest)) : undefined;
    if (number === undefined) object.references.push({ at: object.bytes.length, size, expression: rest });
    for (let i = 0n; i < size; i++) object.bytes.push(Number(((number ?? 0n) >> (i * 8n)) & 0xffn));
  } else if (directive === ".zero") {
    const [count, fill] = rest.split(",").map(Number);
    object.bytes.push(...new Array<number>(count ?? 0).fill(fill ?? 0));
  } else if (directive === ".ascii" || directive === ".asciz") {
    object.bytes.push(...unescape(rest), ...(directive === ".asciz" ? [0] : []));
  } else return false;
  return true;
}

const ESCAPES: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, f: 12, r: 13 };

/** The bytes of a string as LLVM prints it: octal numbers and C's short escapes. */
function unescape(quoted: string): number[] {
  return [...quoted.slice(1, -1).matchAll(/\\([0-7]{1,3})|\\(.)|([^\\])/gs)].flatMap(([, octal, short, plain]) =>
    octal !== undefined ? [Number.parseInt(octal, 8)] : short !== undefined ? [ESCAPES[short] ?? short.charCodeAt(0)] : [...Buffer.from(plain ?? "", "latin1")],
  );
}
