/** The instructions of an object, function by function, as llvm-objdump prints them. */

export interface Instruction {
  /** Where it is in its section. */
  at: number;
  /** `callq`, `jmp`, `retq`, `int3`; prefixes left out. */
  op: string;
  /** AT&T syntax: `%rax, (%rbx)`. */
  operands: string;
  /** What its relocation names, without an addend; without a relocation, the symbol that lies just where `(%rip)` points. */
  target?: string;
}

export interface CodeOf {
  /** The symbol; C's own name of it where it is Rust's (see `plainName`). */
  name: string;
  symbol: string;
  section: string;
  instructions: Instruction[];
}

/**
 * Read `llvm-objdump -d -r --no-show-raw-insn`.
 * Replacement instructions of alternatives are left out: the kernel copies them to where they count, and its own code wrote them.
 */
export function readCode(disassembly: string): CodeOf[] {
  const functions: CodeOf[] = [];
  let section = "";
  for (const line of disassembly.split("\n")) {
    const head = sectionIn(line);
    if (head !== undefined) section = head;
    const label = /^[0-9a-f]{16} <(.*)>:$/s.exec(line);
    if (label)
      functions.push({ symbol: label[1] as string, name: plainName(label[1] as string), section, instructions: [] });
    if (head !== undefined || label || section === ".altinstr_replacement") continue;
    const relocation = relocationIn(line);
    const all = functions.at(-1)?.instructions;
    const last = all?.at(-1);
    if (relocation !== undefined && last) last.target = relocation;
    const instruction = relocation === undefined ? instructionIn(line) : undefined;
    if (instruction) all?.push(instruction);
  }
  return functions.filter((f) => f.instructions.length > 0);
}

const HEAD = /^\s+([0-9a-f]+):\s+(?:(?:cs|ds|lock|rep|repne|notrack)\s+)*(?!(?:cs|ds|lock|rep|repne|notrack)$)(\S+)/;

/** The instruction on a line. In parts: behind the operation comes a symbol's name, which a stranger has made as he likes, and what follows it. */
function instructionIn(line: string): Instruction | undefined {
  const head = HEAD.exec(line);
  if (head === null) return undefined;
  const rest = line.slice(head[0].length);
  const comment = /\s#/.exec(rest)?.index ?? rest.length;
  const target = /<([^<>+]+)>$/.exec(rest.slice(comment))?.[1];
  return {
    at: parseInt(head[1] as string, 16),
    op: head[2] as string,
    operands: rest.slice(0, comment).trim(),
    ...(target === undefined ? {} : { target }),
  };
}

/** The section whose code begins behind this line of `llvm-objdump -d`. */
export function sectionIn(line: string): string | undefined {
  return /^Disassembly of section (.*):$/.exec(line)?.[1];
}

/** The symbol of the relocation that this line of `llvm-objdump -d -r` is, without its addend. */
export function relocationIn(line: string): string | undefined {
  return /^\t\t[0-9a-f]{16}:\s+R_X86_64_\w+\s+(.*?)(?:[-+]0x[0-9a-f]+)?$/s.exec(line)?.[1];
}

/** Digits that say how long an identifier is; more may be digits of a name before it. */
const LONGEST_LENGTH = 9;

/**
 * C's name of a symbol: the last part of a mangled Rust path (`_RNvNtCs…_7ringdev4ring8ring_put` is `ring_put`), the name of a shared static
 * behind its prefix, without the suffixes of compilers (`.llvm.7`, `.cold`, `.isra.0`).
 */
export function plainName(symbol: string): string {
  const base = symbol.replace(/\.(?:llvm|cold|isra|constprop|part|lto_priv|localalias)\b.*$/s, "");
  if (!base.startsWith("_R")) return base;
  // Rust's own: an identifier is its length, a `_` where it begins with a digit or one, then itself.
  for (const m of base.matchAll(/\d+/g)) {
    const rest = base.slice(m.index + m[0].length);
    for (let i = Math.max(0, m[0].length - LONGEST_LENGTH); i < m[0].length; i++) {
      const length = Number(m[0].slice(i));
      if (length === rest.length && length > 0) return rest;
      if (length === rest.length - 1 && rest.startsWith("_") && length > 0) return rest.slice(1);
    }
  }
  return base;
}

/** Whether a symbol is of Rust's core library. `4core` is how a path into it begins. */
export function isOfCore(symbol: string): boolean {
  if (/^_ZN4core\d/.test(symbol)) return true;
  if (!symbol.startsWith("_R")) return false;
  // What can be a path, one after another: none is tried from each `C` in it.
  return (symbol.slice(2).match(/\w+/g) ?? []).some((path) => {
    const crate = path.indexOf("C");
    return crate >= 0 && /_4core\d/.test(path.slice(crate + 1));
  });
}
