/** Declares variables where they get their values, and there without `mut` where nothing changes them. */
import { codeOf } from "../../rust/lexer.ts";
import { boundText, withBounds } from "./bounds.ts";
import type { Item } from "./flow.ts";
import type { Printer } from "./printer.ts";
import { CannotPrint } from "./crate-types.ts";
import { ConstantPrinter } from "./items/constant.ts";
import { readStatics } from "./items/static-items.ts";
import { listLiteral } from "./list-literal.ts";
import { isCounterAlone } from "./counted-loops.ts";
import { declaredByMacro } from "./macro-declarations.ts";
import { atom, type Rust } from "./rust-text.ts";
import { type RustType, show } from "./rust-type.ts";
import { forBehindInit } from "./loops.ts";
import { assignedBy, firstStatement, furtherIn, givesValue, partsOf, uses, usesIn } from "./uses.ts";
import type { UnitFacts, Variable } from "./unit-facts.ts";
import { zeroOf } from "./zero-literal.ts";

export interface Declared {
  /** Declarations that stand before an item, because what is in it is used behind it as well. */
  before: (item: Item) => string[];
  /** An assignment that declares what it assigns to. */
  merged: (item: Item) => string[] | undefined;
  /** Whether a declaration is written somewhere else. */
  elsewhere: (decl: number) => boolean;
}

export function planDeclarations(p: Printer, items: readonly Item[]): Declared {
  const before = new Map<Item, number[]>();
  const merges = new Map<Item, Set<number>>();
  const gone = new Set<number>();
  const later = new Map<Item, number[]>();
  for (const [decl, at] of [...declaredIn(items), ...sunkInto(p, items)]) {
    const v = p.unit.declaration(decl);
    if (v.k !== "variable" || v.storage === "static" || v.storage === "extern") continue;
    if (v.attributes?.some((a) => a.name === "cleanup")) continue;
    if (v.initialiser !== undefined) {
      // Declared within a labelled block, and used behind it.
      if (isUsedOutside(p.unit, items, at.list, decl))
        throw new CannotPrint("a variable that is initialised in what a jump leaves");
      continue;
    }
    if (isCounterAlone(p, decl)) {
      gone.add(decl);
      continue;
    }
    const found = firstUse(p.unit, items, decl);
    if (!found) {
      gone.add(decl);
      continue;
    }
    const statement = found.item.k === "statement" && p.form.merge ? found.item.i : undefined;
    const gives = statement !== undefined && givesValue(p.unit, statement, decl);
    const inner = statement !== undefined ? allFurtherIn(p.unit, found.list, decl) : undefined;
    if (gives && p.invocations.headOf(statement) === undefined) {
      gone.add(decl);
      merges.set(found.item, (merges.get(found.item) ?? new Set()).add(decl));
    } else if (gives && p.form.macros) {
      // A macro's loop gives it its values.
      gone.add(decl);
      later.set(found.item, [...(later.get(found.item) ?? []), decl]);
    } else if (inner !== undefined) {
      gone.add(decl);
      for (const i of inner) p.sunk.set(decl, (p.sunk.get(decl) ?? new Set()).add(i));
    } else if (found.list !== at.list && (p.form.merge || !isWithin(at.list, found.list))) {
      gone.add(decl);
      before.set(found.item, [...(before.get(found.item) ?? []), decl]);
    }
  }
  return {
    before: (item) => [
      ...(before.get(item) ?? []).map((d) => zeroed(p, d)),
      ...(later.get(item) ?? []).map((d) => `let mut ${p.localName(d)}: ${p.types.text(p.names.typeOf(d))};`),
    ],
    merged: (item) => {
      const decls = merges.get(item);
      return decls === undefined || item.k !== "statement" ? undefined : assignLets(p, item.i, decls);
    },
    elsewhere: (decl) => gone.has(decl),
  };
}

/** Variables of a list further out that belong into this one. */
function sunkInto(p: Printer, items: readonly Item[]): Map<number, { list: readonly Item[] }> {
  const found = [...p.sunk].flatMap(([decl, into]) => {
    const first = firstStatement(p.unit, items, decl);
    return first !== undefined && into.delete(first) ? [decl] : [];
  });
  return new Map(found.map((decl) => [decl, { list: items }]));
}

/** Where each statement of a list that uses a variable has it further in. */
function allFurtherIn(unit: UnitFacts, items: readonly Item[], decl: number): number[] | undefined {
  const found = items
    .filter((x) => usesIn(unit, x, decl))
    .map((x) => (x.k === "statement" ? furtherIn(unit, x.i, decl) : undefined));
  return found.includes(undefined) ? undefined : (found as number[][]).flat();
}

/** The declarations of a list, and of the lists that its jumps made within it. */
function declaredIn(items: readonly Item[]): Map<number, { list: readonly Item[] }> {
  const out = new Map<number, { list: readonly Item[] }>();
  for (const item of items) {
    if (item.k === "declare") out.set(item.decl, { list: items });
    else if (item.k !== "statement") for (const [d, at] of declaredIn(item.items)) out.set(d, at);
  }
  return out;
}

function isWithin(outer: readonly Item[], inner: readonly Item[]): boolean {
  return outer === inner || outer.some((x) => (x.k === "labelled" || x.k === "loop") && isWithin(x.items, inner));
}

function isUsedOutside(unit: UnitFacts, items: readonly Item[], list: readonly Item[], decl: number): boolean {
  if (items === list) return false;
  return items.some((x) =>
    x.k === "labelled" || x.k === "loop" ? isUsedOutside(unit, x.items, list, decl) : usesIn(unit, x, decl),
  );
}

/** The first item that uses a variable, in the innermost list that all of its uses stand in. */
function firstUse(
  unit: UnitFacts,
  items: readonly Item[],
  decl: number,
): { item: Item; list: readonly Item[] } | undefined {
  const using = items.filter((x) => usesIn(unit, x, decl));
  const [only] = using;
  if (!only) return undefined;
  if (using.length === 1 && only.k === "labelled") return firstUse(unit, only.items, decl);
  return { item: only, list: items };
}

/** A statement some of whose assignments declare what they assign to. */
function assignLets(p: Printer, i: number, decls: ReadonlySet<number>): string[] {
  const left = new Set(decls);
  const lines = partsOf(p.unit, i).flatMap((part) => {
    const assigned = assignedBy(p.unit, part);
    if (assigned === undefined || !left.delete(assigned.decl)) {
      const does = p.effect(part);
      return does === "" ? [] : [`${does};`];
    }
    const type = p.names.typeOf(assigned.decl);
    return [letLine(p, assigned.decl, p.value(assigned.right, type), type)];
  });
  return p.unit.node(i).k === "for" ? [...lines, ...forBehindInit(p, i)] : lines;
}

/** `let x = value;` with a type only where the value does not say it. */
function letLine(p: Printer, decl: number, value: Rust, type: RustType): string {
  const name = p.localName(decl);
  const mut = p.names.mutated.has(decl) ? "mut " : "";
  const plain = type.k === "int" && type.bits === 32 && type.signed;
  // What it is given later need not be as mutable as what it begins with.
  const narrows =
    mut !== "" && type.k === "pointer" && value.type.k === "pointer" && value.type.mutable !== type.mutable;
  const needs = value.inferred || narrows || (value.literal !== undefined && !plain);
  return `let ${mut}${name}${needs && p.types.isNamed(type) ? `: ${p.types.text(type)}` : ""} = ${value.text};`;
}

/** A variable's type, with the lengths of its arrays as C declares them. */
function typeAsDeclared(p: Printer, decl: number): RustType {
  const v = p.unit.declaration(decl);
  return withBounds(p.names.typeOf(decl), v.k === "variable" ? v.bounds : [], (b) => boundText(p, b));
}

function zeroed(p: Printer, decl: number): string {
  const type = typeAsDeclared(p, decl);
  const line = letLine(p, decl, zeroElements(p, type) ?? zeroOf(p, type), type);
  if (!holdsRecords(type) || !p.form.clears) return line;
  p.names.mutated.add(decl);
  return `${line}\n(&raw mut ${p.localName(decl)}).write_bytes(0, 1);`;
}

/** `[0_u8; N]` says the type and the length once each. */
function zeroElements(p: Printer, type: RustType): Rust | undefined {
  const isPlain = type.k === "array" && type.of.k === "int" && /^[iu](?:8|16|32|64|size)$/.test(type.of.name);
  return isPlain && !p.template ? atom(`[0_${show(type.of)}; ${type.said ?? type.length}]`, type) : undefined;
}

/** Whether there may be room between its members that is no member's. */
function holdsRecords(type: RustType): boolean {
  return type.k === "array" ? holdsRecords(type.of) : type.k === "record";
}

/** A declaration where C has it, with what is called at the end of its scope. */
export function declaration(p: Printer, item: Extract<Item, { k: "declare" }>, plan: Declared): string[] {
  const cleanUp = cleanUpOf(p, item.decl);
  if (cleanUp === undefined) return variable(p, item, plan);
  p.names.mutated.add(item.decl);
  const name = p.localName(item.decl);
  return [...variable(p, item, plan), `let _${name}_end = at_end!(${name}, ${cleanUp});`];
}

/** The function that a variable's clean-up is. */
function cleanUpOf(p: Printer, decl: number): string | undefined {
  const v = p.unit.declaration(decl);
  const named = v.k === "variable" ? v.attributes?.find((a) => a.name === "cleanup") : undefined;
  if (named === undefined) return undefined;
  const name = named.arguments?.[0];
  const own = name === undefined ? undefined : (p.unit.renamed.get(name) ?? name);
  if (own === undefined || !p.env.function(own))
    throw new CannotPrint("a variable with a clean-up that is not in the crate");
  return own;
}

function variable(p: Printer, item: Extract<Item, { k: "declare" }>, plan: Declared): string[] {
  const v = p.unit.declaration(item.decl);
  if (v.k !== "variable" || v.storage === "extern") return [];
  if (v.storage === "static") return staticLocal(p, item.decl, v);
  if (plan.elsewhere(item.decl)) return [];
  if (p.unit.plain(v.type).k === "array" && (p.unit.plain(v.type) as { vla?: true }).vla)
    throw new CannotPrint("an array of variable length");
  if (v.aligned !== undefined) throw new CannotPrint("an aligned variable");
  const type = typeAsDeclared(p, item.decl);
  if (v.initialiser === undefined) return zeroed(p, item.decl).split("\n");
  const { initialiser } = v;
  const named = declaredByMacro(p, item, () => initialised(p, item.decl, type, initialiser));
  return named === undefined ? initialised(p, item.decl, type, initialiser) : [named];
}

/** One with a value. */
function initialised(p: Printer, decl: number, type: RustType, initialiser: number): string[] {
  const init = p.unit.node(initialiser);
  if (init.k === "list" && (type.k === "record" || type.k === "array")) {
    const literal = p.form.literals && !p.template ? listLiteral(p, type, initialiser) : undefined;
    if (literal !== undefined)
      return [
        letLine(p, decl, { ...atom(literal, type), ...(type.k === "array" ? { inferred: true as const } : {}) }, type),
      ];
    const lines = p.initialise(p.localName(decl), type, initialiser);
    if (lines.length > 0) p.names.mutated.add(decl);
    return [...zeroed(p, decl).split("\n"), ...lines];
  }
  // `struct head x = ({ init(&x); x; })`, of what a macro declares on the stack.
  if (uses(p.unit, initialiser, decl)) {
    p.names.mutated.add(decl);
    return [...zeroed(p, decl).split("\n"), `${p.localName(decl)} = ${p.value(initialiser, type).text};`];
  }
  return [letLine(p, decl, p.value(initialiser, type), type)];
}

/** One that lives on: with its value as it reads in C, or as c2rust has it, whose initialiser is a constant of Rust's already. */
function staticLocal(p: Printer, decl: number, v: Variable): string[] {
  const known = p.names.staticItem(decl);
  if (!known) throw new CannotPrint(`the static variable ${v.name} is not in the crate's function`);
  if (known.text === "") return [];
  const [item] = readStatics(known.text);
  if (item && v.initialiser !== undefined && p.form.literals && !p.template) {
    try {
      const type = typeAsDeclared(p, decl);
      const value = new ConstantPrinter(p, p.comments).value(v.initialiser, type);
      const text = clearsInMacro(p, value) ? `unsafe { ${value} }` : value;
      const head = p.names.isConstant(decl) ? withoutMut(item.head) : item.head;
      const held = (inner: string, open: string, close: string): string =>
        known.held ? `kport_constant${open}${inner}${close}` : inner;
      return `${head}: ${held(p.types.text(type), "<", ">")} = ${held(text, "(", ")")};`.split("\n");
    } catch (error) {
      if (!(error instanceof CannotPrint)) throw error;
    }
  }
  // In a macro's body, by its name in C.
  return [known.text.replace(known.name, p.localName(decl))];
}

/** Whether a macro in a value clears what it does not name, which is unsafe: a macro has no block of its own, and what is static is in none. */
function clearsInMacro(p: Printer, value: string): boolean {
  const tokens = codeOf(value);
  return tokens.some(
    (t, i) => tokens[i + 1]?.text === "!" && codeOf(p.book.macroText(t.text) ?? "").some((x) => x.text === "zeroed"),
  );
}

function withoutMut(head: string): string {
  const mut = codeOf(head).find((t) => t.text === "mut");
  return mut === undefined ? head : head.slice(0, mut.start) + head.slice(mut.end).trimStart();
}
