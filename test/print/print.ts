/** Functions of small C texts as the printer writes them into a small crate. */
import path from "node:path";
import { MacroBook } from "../../src/stages/print/macro-book.ts";
import { readCrateFile } from "../../src/stages/print/crate-file.ts";
import { BOLD, type Form } from "../../src/stages/print/form.ts";
import { UnitPrinter } from "../../src/stages/print/unit.ts";
import type { MovedInvocation } from "../../src/stages/lower/moved-invocations.ts";
import { factsOf } from "../facts/facts-of.ts";

export interface Printed {
  /** Bodies without the braces around them, one space between tokens. */
  bodies: Map<string, string>;
  texts: Map<string, string>;
  /** Of variables, one space between tokens. */
  variables: Map<string, string>;
  reasons: Map<string, string>;
  macros: string;
}

/**
 * @param crate the Rust that the functions stand in: items of c2rust's kind
 * @param headers beside the module's own folder, as the kernel's are
 * @param names macros and constants that `src/macros.rs` is asked for
 */
export async function printed(
  c: string,
  crate: string,
  {
    form = BOLD,
    moved = [],
    names = [],
    headers = {},
    flags = [],
    renamed = new Map(),
  }: {
    form?: Form;
    moved?: MovedInvocation[];
    renamed?: ReadonlyMap<string, string>;
    names?: string[];
    headers?: Record<string, string>;
    /** Of clang. */
    flags?: readonly string[];
  } = {},
): Promise<Printed> {
  const { facts } = await factsOf(c, headers, flags);
  const book = new MacroBook();
  const unit = new UnitPrinter(
    { rust: crate, facts, moved, renamed, source: (file) => Buffer.from(headers[path.basename(file)] ?? c) },
    readCrateFile("").environment,
  );
  unit.print(book, BOLD);
  book.settleConstants();
  unit.print(book, BOLD);
  book.settle();
  const made = unit.print(book, form);
  const texts = new Map([...made.functions].map(([name, f]) => [name, f.text]));
  const variables = new Map([...made.variables].map(([name, v]) => [name, flat(v.text)]));
  return {
    texts,
    variables,
    bodies: new Map([...texts].map(([name, t]) => [name, flat(t.slice(t.indexOf("{") + 1, t.lastIndexOf("}")))])),
    reasons: made.reasons,
    macros: flat(book.text(new Set(names))),
  };
}

export function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
