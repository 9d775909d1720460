/**
 * Prints the module's own functions from what clang knows of their C, in the place of those that c2rust made of the lowered C. What cannot
 * be printed keeps c2rust's text, with a reason; what is printed is taken when the gate has shown it to be the same.
 */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import pLimit from "p-limit";
import type { Facts } from "../../facts/schema.ts";
import { log } from "../../machine/log.ts";
import { filesOfUntrusted, readNamed } from "../../machine/untrusted-folder.ts";
import type { MovedInvocation } from "../lower/moved-invocations.ts";
import { readCrateFile } from "./crate-file.ts";
import type { UnitOfC } from "./items/order-of-c.ts";
import { type MemberBounds, namesIn } from "./items/member-bounds.ts";
import { readStatics } from "./items/static-items.ts";
import { formatted } from "./format.ts";
import { wrapped } from "./wrapped.ts";
import { lostNames } from "./kept-names.ts";
import { MacroBook } from "./macro-book.ts";
import { BOLD, FORMS } from "./form.ts";
import { isSafeOwn, OWN_MACROS } from "./own-macros.ts";
import { asSafe, bodyOfText, mayBeSafe, type Surroundings } from "./safety.ts";
import { type PrintedUnit, UnitPrinter } from "./unit.ts";
import { mainFile } from "./unit-file.ts";
import { UnitWriter } from "./unit-writer.ts";

export interface UnitToPrint {
  /** The Rust module. */
  name: string;
  /** The C file. */
  file: string;
  facts: Facts;
  moved: readonly MovedInvocation[];
  /** Names of C that are others in the Rust. */
  renamed: ReadonlyMap<string, string>;
}

export interface Candidate {
  /** Within the port. */
  unit: string;
  name: string;
  /** In each of its forms. */
  texts: string[];
}

export type CandidateKind = "function" | "header function" | "variable";

/** Where a printed function stands in a port. */
export interface Span {
  file: string;
  first: number;
  last: number;
}

export class PortPrinter {
  readonly candidates: Candidate[] = [];
  /** Why what is not printed is not, by `unit name`. */
  readonly reasons = new Map<string, string>();
  /** Comments within the printed functions, and those of them that are kept. */
  readonly comments = new Map<string, { kept: number; all: number }>();
  private readonly kinds = new Map<string, CandidateKind>();
  /** The macros that each function invokes in C. */
  private readonly invoked = new Map<string, readonly string[]>();
  readonly book = new MacroBook();
  private readonly units: {
    file: string;
    main: number;
    printer: UnitPrinter;
    writer: UnitWriter;
    forms: PrintedUnit[];
    bounds: MemberBounds;
  }[] = [];
  private readonly rustfmt: string | undefined;
  private constructor(rustfmt: string | undefined) {
    this.rustfmt = rustfmt;
  }

  /**
   * Print all that can be printed, in all forms.
   * @param dir the port as c2rust's Rust makes it
   * @param folders where the sources lie; the facts, which come out of a stranger's build, may name any file
   */
  static async of(
    dir: string,
    units: readonly UnitToPrint[],
    rustfmt: string | undefined,
    folders: readonly string[],
  ): Promise<PortPrinter> {
    const made = new PortPrinter(rustfmt);
    // What bindings.rs takes along of the port's own modules.
    const own = readCrateFile(await readFile(path.join(dir, "src/address.rs"), "utf8").catch(() => "")).environment;
    const bindings = readCrateFile(await readFile(path.join(dir, "src/bindings.rs"), "utf8"), own).environment;
    const sources = new Map<string, Buffer | undefined>();
    const source = (file: string): Buffer | undefined => {
      if (!sources.has(file)) sources.set(file, readNamed(file, folders));
      return sources.get(file);
    };
    for (const u of units) {
      const file = `src/${u.name}.rs`;
      const printer = new UnitPrinter(
        {
          rust: await readFile(path.join(dir, file), "utf8"),
          facts: u.facts,
          moved: u.moved,
          renamed: u.renamed,
          source,
        },
        bindings,
      );
      const writer = new UnitWriter(printer.input.rust, [...printer.items, ...printer.statics], (name) =>
        printer.isFree(name),
      );
      made.units.push({ file, main: mainFile(u.facts, u.file), printer, writer, forms: [], bounds: new Map() });
    }
    for (const u of made.units) {
      u.printer.print(made.book, BOLD);
      u.printer.bounds(made.book);
    }
    made.book.settleConstants();
    for (const u of made.units) u.printer.print(made.book, BOLD);
    made.book.settle();
    for (const u of made.units) {
      for (const s of u.printer.statics) made.kinds.set(keyOf(u.file, s.name), "variable");
      for (const name of u.printer.headerFunctions()) made.kinds.set(keyOf(u.file, name), "header function");
      u.forms = FORMS.map((f) => u.printer.print(made.book, f));
      u.bounds = u.printer.bounds(made.book);
      made.collect(u.file, u.forms);
      made.trySafe(u.file, u.printer);
    }
    return made;
  }

  private collect(unit: string, forms: readonly PrintedUnit[]): void {
    for (const name of new Set(forms.flatMap((f) => [...f.functions.keys(), ...f.variables.keys()]))) {
      const key = keyOf(unit, name);
      const [best] = forms.flatMap((p) => p.functions.get(name) ?? []);
      if (best) {
        this.comments.set(key, best.comments);
        this.invoked.set(key, best.invoked);
      }
      // Some forms are the same text.
      this.candidates.push({ unit, name, texts: [...new Set(forms.flatMap((p) => printedIn(p, name)?.text ?? []))] });
    }
    for (const [name, why] of forms[0]?.reasons ?? [])
      if (!this.candidates.some((c) => c.unit === unit && c.name === name)) this.reasons.set(keyOf(unit, name), why);
  }

  /** What does nothing unsafe is tried as a safe function first; what calls only such functions as well. */
  private trySafe(unit: string, printer: UnitPrinter): void {
    const own = this.candidates.filter((c) => c.unit === unit && this.kindOf(keyOf(unit, c.name)) !== "variable");
    const safe = new Set<string>();
    const around: Surroundings = {
      isSafe: (name) => safe.has(name) || isSafeOwn(name),
      isStatic: (name) => printer.isStatic(name),
      macro: (name) => this.book.macroText(name) ?? OWN_MACROS[name],
    };
    for (let before = -1; before !== safe.size; ) {
      before = safe.size;
      for (const c of own) if (c.texts[0] !== undefined && mayBeSafe(bodyOfText(c.texts[0]), around)) safe.add(c.name);
    }
    for (const c of own) {
      const text = safe.has(c.name) && c.texts[0] !== undefined ? asSafe(c.texts[0]) : undefined;
      if (text !== undefined) c.texts.unshift(text);
    }
  }

  /**
   * Write the port's Rust with the chosen functions printed, as yet unformatted: rustc reads it all the same.
   * @param chosen which form of a function, by `unit name`
   * @returns where each stands
   */
  async write(dir: string, chosen: ReadonlyMap<string, number>): Promise<Map<string, Span>> {
    const used = new Set<string>();
    const spans = new Map<string, Span>();
    for (const u of this.units) {
      const texts = new Map(
        this.candidates.flatMap((c): [string, string][] => {
          const text = c.unit === u.file ? c.texts[chosen.get(keyOf(c.unit, c.name)) ?? -1] : undefined;
          return text === undefined ? [] : [[c.name, text]];
        }),
      );
      const written = u.writer.write(texts, (name) => this.book.macroText(name));
      for (const n of [...written.names, ...namesIn(u.bounds)]) used.add(n);
      for (const [name, place] of written.places) spans.set(keyOf(u.file, name), { file: u.file, ...place });
      await writeFile(path.join(dir, u.file), written.text);
    }
    await writeFile(path.join(dir, "src/macros.rs"), `${MACROS_HEAD}${this.book.text(used)}\n`);
    return spans;
  }

  /** Format all of the port, and tell where each thing stands now. */
  async finish(dir: string, chosen: ReadonlyMap<string, number>): Promise<Map<string, Span>> {
    await this.format(dir);
    return this.spans(dir, chosen);
  }

  /** The units as their C has them. */
  unitsOfC(): UnitOfC[] {
    return this.units.map(({ file, main, printer }) => ({
      file,
      main,
      facts: printer.unit,
      source: printer.input.source,
    }));
  }

  /** How long the arrays of the module's structures are, unit by unit. */
  bounds(): MemberBounds[] {
    return this.units.map((u) => u.bounds);
  }

  /** What the functions call for what stays in C. */
  helpers(): MovedInvocation[] {
    return this.units.flatMap((u) => [...u.printer.input.moved]);
  }

  /** What a candidate is: the module's own, or an inline function of the kernel's headers. */
  kindOf(key: string): CandidateKind {
    return this.kinds.get(key) ?? "function";
  }

  /** The invocations of macros in the chosen functions of the module's own that keep their names, and the others. */
  macros(chosen: ReadonlyMap<string, number>): { named: number; expanded: number } {
    const helpers = new Map(
      this.helpers().flatMap((m) => [m.symbol, m.plain].map((name) => [name, m.macro ?? m.callee ?? name])),
    );
    let [all, expanded] = [0, 0];
    for (const { unit, name, texts } of this.candidates) {
      const key = keyOf(unit, name);
      const text = this.kindOf(key) === "function" ? texts[chosen.get(key) ?? -1] : undefined;
      if (text === undefined) continue;
      const invoked = this.invoked.get(key) ?? [];
      const lost = lostNames(invoked, text, helpers);
      if (lost.length > 0) log.debug(`${key}: written out: ${lost.join(", ")}`);
      all += invoked.length;
      expanded += lost.length;
    }
    return { named: all - expanded, expanded };
  }

  /** Without rustfmt the text is the same to rustc. */
  async format(dir: string): Promise<void> {
    const rustfmt = this.rustfmt;
    if (rustfmt === undefined) return;
    const files = (await filesOfUntrusted(path.join(dir, "src")))
      .filter((f) => f.endsWith(".rs"))
      .map((f) => path.relative(dir, f));
    // One by one: a file that it cannot read stays as it is. Each program holds rustc's library; of a hundred at once that is gigabytes.
    await pLimit(availableParallelism()).map(files, async (f) => {
      const file = path.join(dir, f);
      await writeFile(file, wrapped(await formatted(rustfmt, await readFile(file, "utf8"))));
    });
  }

  private async spans(dir: string, chosen: ReadonlyMap<string, number>): Promise<Map<string, Span>> {
    const out = new Map<string, Span>();
    const headers = await placesIn(dir, "src/headers.rs");
    // What a header of the module's defines is each unit's.
    for (const u of this.units)
      for (const { name, span } of [...headers, ...(await placesIn(dir, u.file))]) {
        const key = keyOf(u.file, name);
        if (chosen.has(key)) out.set(key, span);
      }
    return out;
  }
}

/** Where the functions and variables of a file stand. */
async function placesIn(dir: string, file: string): Promise<{ name: string; span: Span }[]> {
  const text = await readFile(path.join(dir, file), "utf8");
  const line = (at: number): number => text.slice(0, at).split("\n").length;
  return [...readCrateFile(text).functions, ...readStatics(text)].map((f) => ({
    name: f.name,
    span: { file, first: line(f.from), last: line(f.to) },
  }));
}

function printedIn(unit: PrintedUnit, name: string): { text: string } | undefined {
  return unit.functions.get(name) ?? unit.variables.get(name);
}

export function keyOf(unit: string, name: string): string {
  return `${unit} ${name}`;
}

const MACROS_HEAD = `// SPDX-License-Identifier: GPL-2.0
//! The macros and constants of C that the module's functions name.
use crate::bindings::*;
use core::ffi::*;

`;
