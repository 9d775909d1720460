/** What a fidelity check is. Each is one file here; index.ts lists them, docs/fidelity.md is made of that list. */
import type { Finding } from "../../report/schema.ts";
import type { AuditedConstruct } from "../assemble/audit.ts";
import type { ElfSymbol } from "../inspect/elf.ts";
import { plainName } from "../inspect/code.ts";
import type { InspectedObject } from "../inspect/index.ts";
import type { WrittenFunction } from "../lower/as-written.ts";

/** Both modules, and what their builds said. */
export interface Pair {
  c: InspectedObject;
  rust: InspectedObject;
  /** The other module is no Rust: the lowered C, which clang compiles as it does the C. */
  lowered?: true;
  /** The kernel's `.config`: `CONFIG_RETPOLINE` to `y`. Symbols that are not set are absent. */
  config: ReadonlyMap<string, string>;
  /** Names of the variables at file scope that the module's source declares constant, in each unit that has one of the name. */
  constants: ReadonlySet<string>;
  /** Those of functions. */
  ownConstants?: readonly OwnConstant[];
  /** Bytes to which C asks for variables to be aligned, of each that has a name. */
  alignments?: ReadonlyMap<string, readonly number[]>;
  /** What the C says that c2rust drops, and where the port says it. */
  constructs: readonly AuditedConstruct[];
  /** The module's own functions. */
  functions: readonly WrittenFunction[];
  /** Those of them of which it was tried whether the kernel's own compiler, given them as C, puts more into the tables: it does not. */
  idle?: ReadonlySet<string>;
  /** What C calls a thing that has another name in the Rust module: a static that a helper must reach, a word of Rust's. */
  sourceNames?: ReadonlyMap<string, string>;
  /** Warnings of the two builds, one a line. */
  warnings: { c: readonly string[]; rust: readonly string[] };
}

/** A constant of a function's own. */
export interface OwnConstant {
  within: string;
  /** In C. */
  name: string;
  /** In Rust, where it may have left the function. */
  as: string;
}

export interface Check {
  /** `finding.check`. */
  name: string;
  /** What holds when it finds nothing; a sentence without its full stop. */
  proves: string;
  /** What may differ all the same, and why; empty where nothing may. */
  allows: string;
  /** The gravest finding it can make. */
  severity: Finding["severity"];
  run: (pair: Pair) => Finding[];
}

/** One finding, with both sides where there are any. */
export function finding(
  check: string,
  severity: Finding["severity"],
  message: string,
  sides: { c?: string; rust?: string } = {},
): Finding {
  return { check, severity, message, ...sides };
}

export function without<T>(all: Iterable<T>, others: Iterable<T>): T[] {
  const set = new Set(others);
  return [...all].filter((s) => !set.has(s));
}

/** `a`, `b` and 3 more. */
export function named(names: readonly string[], most = 6): string {
  const shown = names
    .slice(0, most)
    .map((n) => `\`${n}\``)
    .join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export function plural(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}

/** Functions and variables that an object defines. */
export function definedSymbols(o: InspectedObject): (ElfSymbol & { section: NonNullable<ElfSymbol["section"]> })[] {
  return o.elf.symbols.filter(
    (s): s is ElfSymbol & { section: NonNullable<ElfSymbol["section"]> } =>
      s.section !== undefined && (s.type === "Function" || s.type === "Object") && s.name !== "",
  );
}

/** Symbols by C's name; those whose name two units share are left out, as nobody can tell them apart. */
export function byPlainName<S extends ElfSymbol>(symbols: readonly S[]): Map<string, S> {
  const found = new Map<string, S | undefined>();
  for (const s of symbols) {
    const name = plainName(s.name);
    found.set(name, found.has(name) ? undefined : s);
  }
  return new Map([...found].filter((e): e is [string, S] => e[1] !== undefined));
}

/** What C calls a symbol of the Rust module. */
export function sourceName({ sourceNames }: Pick<Pair, "sourceNames">, rust: string): string {
  return sourceNames?.get(rust) ?? rust;
}

/** Pairs of symbols that are the same thing in both modules. */
export function commonSymbols(
  pair: Pair,
): { name: string; c: ReturnType<typeof definedSymbols>[number]; rust: ReturnType<typeof definedSymbols>[number] }[] {
  const inRust = byPlainName(definedSymbols(pair.rust));
  const shared = Map.groupBy(inRust.keys(), (n) => sourceName(pair, n));
  return [...byPlainName(definedSymbols(pair.c))].flatMap(([name, c]) => {
    const as = inRust.has(name) ? [name] : (shared.get(name) ?? []);
    const rust = as.length === 1 ? inRust.get(as[0] as string) : undefined;
    return rust === undefined || rust.type !== c.type ? [] : [{ name, c, rust }];
  });
}
