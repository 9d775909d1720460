/** Functions of small C texts as the printer writes them into a small crate. */
import { MacroBook } from "../../src/stages/print/macro-book.ts";
import { readCrateFile } from "../../src/stages/print/environment.ts";
import { BOLD, type Form } from "../../src/stages/print/form.ts";
import { UnitPrinter } from "../../src/stages/print/unit.ts";
import type { MovedInvocation } from "../../src/stages/lower/moved-invocations.ts";
import { factsOf } from "../facts/facts-of.ts";

export interface Printed {
  /** Bodies without the braces around them, one space between tokens. */
  bodies: Map<string, string>;
  texts: Map<string, string>;
  reasons: Map<string, string>;
  macros: string;
}

/**
 * @param crate the Rust that the functions stand in: items of c2rust's kind
 * @param names macros and constants that `src/macros.rs` is asked for
 */
export async function printed(c: string, crate: string, { form = BOLD, moved = [], names = [] }: { form?: Form; moved?: MovedInvocation[]; names?: string[] } = {}): Promise<Printed> {
  const { facts } = await factsOf(c);
  const book = new MacroBook();
  const unit = new UnitPrinter({ rust: crate, facts, moved, renamed: new Map(), source: () => Buffer.from(c) }, readCrateFile("").environment);
  unit.print(book, BOLD);
  book.settleConstants();
  unit.print(book, BOLD);
  book.settle();
  const made = unit.print(book, form);
  const texts = new Map([...made.functions].map(([name, f]) => [name, f.text]));
  return { texts, bodies: new Map([...texts].map(([name, t]) => [name, flat(t.slice(t.indexOf("{") + 1, t.lastIndexOf("}")))])), reasons: made.reasons, macros: flat(book.text(new Set(names))) };
}

export function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
