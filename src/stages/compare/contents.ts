/** What a variable holds at first is told by no function: a table of numbers, of names or of functions that no boot comes to may be any other. */
import { isClangsLiteral } from "../lower/file-literals.ts";
import type { Finding } from "../../report/schema.ts";
import { plainName } from "../inspect/code.ts";
import type { Elf, ElfRelocation } from "../inspect/elf.ts";
import { relocationsWithin, symbolAt, symbolsAt } from "../inspect/places.ts";
import { lastName } from "./alignments.ts";
import { type Check, commonSymbols, type definedSymbols, finding, named, type Pair, sourceName } from "./check.ts";

type Defined = ReturnType<typeof definedSymbols>[number];

/** Bytes of a string that are compared, and names of one place. */
const [LONGEST, MOST_NAMES] = [4096, 64] as const;
/** Where modpost writes of each module what it imports, which `imports` compares. */
const VERSIONS = "__versions";
/** How many compound literals may lie within each other. */
const MOST_WITHIN = 16;
/** Named by a count of what the preprocessor has seen: one of a name is not the other. */
export const COUNTED = /^__UNIQUE_ID_|\./;

export const contents: Check = {
  name: "contents",
  proves:
    "Every variable at file scope that both modules name is as large in the Rust module as in C and holds the same at first: the same bytes, and in the same places the addresses of the same functions, variables and strings, and of compound literals that hold the same in turn",
  allows:
    "An address of what only one of the two modules has a name for, and C has not written out: a constant without one, or a helper that stands for an inline function of a header",
  severity: "error",
  run: (pair: Pair) => {
    const [sizes, held]: [string[], string[]] = [[], []];
    for (const { name, c, rust } of commonSymbols(pair)) {
      if (c.type !== "Object" || COUNTED.test(name) || c.section.name === VERSIONS) continue;
      if (c.size !== rust.size) sizes.push(name);
      else if (!holdTheSame(pair, c, rust)) held.push(name);
    }
    const findings: Finding[] = [];
    const say = (names: readonly string[], what: string, single: string): void => {
      if (names.length > 0)
        findings.push(
          finding("contents", "error", `${named(names)} ${names.length === 1 ? single : what} in the Rust module`),
        );
    };
    say(sizes, "are of other sizes", "is of another size");
    say(held, "hold something else at first", "holds something else at first");
    return findings;
  },
};

/** What is compared of an object: where it lies. */
type Lying = Pick<Defined, "section" | "value" | "size">;

/** @param around the literals that this one is a part of: a file may have one that holds itself */
function holdTheSame(pair: Pair, c: Lying, rust: Lying, around: readonly Lying[] = []): boolean {
  if (!bytesOf(c).equals(bytesOf(rust))) return false;
  const [inC, inRust] = [relocationsOf(c), relocationsOf(rust)];
  return (
    inC.length === inRust.length &&
    inC.every((r, n) => {
      const other = inRust[n] as ElfRelocation;
      return r.offset - c.value === other.offset - rust.value && isSamePlace(pair, r, other, [...around, c]);
    })
  );
}

/** What is in no file is zero. */
function bytesOf({ section, value, size }: Lying): Buffer {
  return section.type === "SHT_NOBITS" ? Buffer.alloc(size) : section.bytes.subarray(value, value + size);
}

function relocationsOf({ section, value, size }: Lying): ElfRelocation[] {
  return relocationsWithin(section, value, value + size);
}

function isSamePlace(pair: Pair, inC: ElfRelocation, inRust: ElfRelocation, around: readonly Lying[]): boolean {
  const [c, rust] = [placeOf(pair.c.elf, inC), placeOf(pair.rust.elf, inRust)];
  if (c === undefined || rust === undefined) return c === rust;
  const literal = c.object !== undefined && isClangsLiteral(c.object.name) ? c.object : undefined;
  if (
    literal !== undefined &&
    around.length < MOST_WITHIN &&
    !around.some((o) => o.section === literal.section && o.value === literal.value)
  )
    return (
      rust.object !== undefined &&
      holdTheSame(pair, literal, { ...rust.object, value: rust.at - c.behind, size: literal.size }, around)
    );
  const others = rust.names.map((n) => lastName(sourceName(pair, n)));
  if (c.names.length === 0 || others.length === 0) return c.text === rust.text;
  if (c.names.some((n) => others.includes(lastName(n)))) return c.behind === rust.behind;
  // A helper; what C names as well is none.
  return rust.isDefined && !others.some((n) => isNamed(pair.c.elf, n));
}

interface Place {
  /** What lies there, and where in its section the relocation leads. */
  object?: Defined;
  at: number;
  /** Of what lies there. */
  names: string[];
  isDefined: boolean;
  /** Bytes behind where that begins. */
  behind: number;
  /** What stands there, up to a zero. */
  text: string;
}

/** Where a relocation leads; undefined for nowhere. */
function placeOf(elf: Elf, { symbol, addend }: ElfRelocation): Place | undefined {
  const to = elf.symbols[symbol];
  if (to === undefined) return undefined;
  const { section } = to;
  if (section === undefined) return { names: [to.name], isDefined: false, at: 0, behind: addend, text: "" };
  const at = to.value + addend;
  const rest = section.bytes.subarray(at, at + LONGEST);
  const end = rest.indexOf(0);
  const text = rest.subarray(0, end < 0 ? rest.length : end).toString("latin1");
  const found = to.type === "Section" ? symbolAt(elf, section, at) : to;
  const object = { ...(found ?? to), section };
  if (found === undefined || isNameless(found.name)) return { object, at, names: [], isDefined: true, behind: 0, text };
  // What lies there may have several names; a mark of the linker's, which has no size, is none of them.
  const all = symbolsAt(elf, section, found.value).filter((s) => s.size > 0 || found.size === 0);
  const names = all.slice(0, MOST_NAMES).map((s) => plainName(s.name));
  return { object, at, names, isDefined: true, behind: at - found.value, text };
}

/** A constant of a compiler's own: `.L.str`, `alloc_0f…`, `anon.…`. */
function isNameless(name: string): boolean {
  return /^(?:\.L|alloc_|anon\.|__const\.|switch\.table|str\.)/.test(name);
}

const names = new WeakMap<Elf, Set<string>>();

function isNamed(elf: Elf, name: string): boolean {
  let known = names.get(elf);
  if (known === undefined) {
    known = new Set(elf.symbols.map((s) => lastName(plainName(s.name))));
    names.set(elf, known);
  }
  return known.has(lastName(name));
}
