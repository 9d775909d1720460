/**
 * Statements in the order they stand in, with C's jumps as Rust has them: a `goto` to further down leaves a labelled block that ends at the
 * label, one to further up begins a loop anew.
 */
import { CannotPrint } from "./crate-types.ts";
import { rustIdentifier } from "./local-names.ts";
import type { Kind, UnitFacts } from "./unit-facts.ts";

export type Item =
  /** `skip`: an `if` whose last branch is jumped into: that branch stands behind it in the same list, and whoever does not take it leaves the block of this label. */
  | { k: "statement"; i: number; skip?: string }
  /** One variable of a declaration. */
  | { k: "declare"; i: number; decl: number }
  | { k: "labelled"; label: string; items: Item[] }
  | { k: "loop"; label: string; items: Item[] };

/** How each label is jumped to. */
export interface Jumps {
  forward: Map<number, string>;
  back: Map<number, string>;
  /** What stands behind a label up to the function's end, where it is short: a jump from further down is written as that. */
  tails: Map<number, number[]>;
}

/** Statements and nodes of such a tail. */
const TAIL = { statements: 3, nodes: 60 } as const;

interface Span {
  from: number;
  /** Behind the last. */
  to: number;
  item: "labelled" | "loop";
  label: string;
}

/** The statements of a block. */
export function itemsOf(unit: UnitFacts, statements: readonly number[], jumps: Jumps): Item[] {
  const entries: Item[] = [];
  const labels: { decl: number; at: number }[] = [];
  const spans: Span[] = [];
  const add = (i: number): void => {
    const n = unit.node(i);
    if (n.k === "label") {
      labels.push({ decl: n.label, at: entries.length });
      add(n.body);
    } else if (n.k === "declare") {
      for (const d of n.decls) entries.push({ k: "declare", i, decl: d });
      if (n.decls.length === 0) entries.push({ k: "statement", i });
    } else {
      const entered = n.k === "if" ? labelEntered(unit, statements, i, n) : undefined;
      if (n.k !== "if" || entered === undefined) return void entries.push({ k: "statement", i });
      const [label, from] = [`skip_${labelName(unit, entered)}`, entries.length];
      entries.push({ k: "statement", i, skip: label });
      for (const s of bodyOf(unit, n.else ?? n.then)) add(s);
      if (!isLeft(unit, n)) spans.push({ from, to: entries.length, item: "labelled", label });
    }
  };
  for (const s of statements) add(s);
  if (labels.length === 0) return entries;

  for (const { decl, at } of labels) {
    const label = labelName(unit, decl);
    const from = entries.flatMap((e, q) =>
      "i" in e && ownPart(unit, e).some((x) => jumpsTo(unit, x, decl)) ? [q] : [],
    );
    const forward = from.filter((q) => q < at);
    const back = from.filter((q) => q >= at);
    const both = forward.length > 0 && back.length > 0;
    if (forward[0] !== undefined) {
      jumps.forward.set(decl, label);
      spans.push({ from: forward[0], to: at, item: "labelled", label });
    }
    const last = back.at(-1);
    const tail = last === undefined ? undefined : tailAt(unit, entries, at, decl);
    if (tail !== undefined) jumps.tails.set(decl, tail);
    else if (last !== undefined) {
      jumps.back.set(decl, both ? `${label}_again` : label);
      const to = scopeEnd(unit, entries, at, last + 1);
      spans.push({ from: at, to, item: "loop", label: both ? `${label}_again` : label });
    }
  }
  return nest(entries, settle(spans));
}

/** Where a loop has to end, which would end at `to`: what is declared in it with a value lives to its last use behind it, and what is cleaned up to the end of the block. */
function scopeEnd(unit: UnitFacts, entries: readonly Item[], from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const e = entries[at] as Item;
    const v = e.k === "declare" ? unit.declaration(e.decl) : undefined;
    if (e.k !== "declare" || v?.k !== "variable" || v.storage === "static" || v.storage === "extern") continue;
    if (v.attributes?.some((a) => a.name === "cleanup")) return entries.length;
    if (v.initialiser !== undefined)
      to = Math.max(to, entries.findLastIndex((x) => "i" in x && refersTo(unit, x.i, e.decl)) + 1);
  }
  return to;
}

function refersTo(unit: UnitFacts, i: number, decl: number): boolean {
  return unit.some(i, (n) => n.k === "reference" && n.decl === decl);
}

/** A label in the last branch of an `if`, that something in the same list outside of it jumps to. */
function labelEntered(unit: UnitFacts, statements: readonly number[], i: number, n: Kind<"if">): number | undefined {
  const branch = n.else ?? n.then;
  if ((n.p ?? 0) !== 0 || unit.expression(n.condition).v !== undefined) return undefined;
  // What it declares would be seen behind it.
  if (bodyOf(unit, branch).some((s) => unit.node(s).k === "declare")) return undefined;
  const labels: number[] = [];
  unit.walk(branch, (b) => {
    if (b.k === "label") labels.push(b.label);
    return !["while", "do", "for", "switch", "statement-expression"].includes(b.k);
  });
  return labels.find((label) => statements.some((s) => jumpsTo(unit, s, label, i)));
}

/** Whether nobody gets behind the branch that comes first, so that none has to skip the last. */
function isLeft(unit: UnitFacts, n: Kind<"if">): boolean {
  return n.else !== undefined && leaves(unit, n.then);
}

/** The nodes that an item stands for, without those that are items themselves. */
function ownPart(unit: UnitFacts, item: Extract<Item, { i: number }>): number[] {
  const n = unit.node(item.i);
  if (item.k !== "statement" || item.skip === undefined || n.k !== "if") return [item.i];
  return n.else === undefined ? [n.condition] : [n.condition, n.then];
}

/** The statements from a label to a return, where it can be said again at each `goto` that leads back to them. */
function tailAt(unit: UnitFacts, entries: readonly Item[], at: number, label: number): number[] | undefined {
  const end = entries.findIndex((e, q) => q >= at && e.k === "statement" && unit.node(e.i).k === "return");
  const tail = end < 0 ? [] : entries.slice(at, end + 1).flatMap((e) => (e.k === "statement" ? [e.i] : []));
  if (
    tail.length === 0 ||
    tail.length !== end + 1 - at ||
    tail.length > TAIL.statements ||
    // One that jumps may come back to its own label.
    tail.some((i) => hasLabel(unit, i) || unit.some(i, (n) => n.k === "goto"))
  )
    return undefined;
  let nodes = 0;
  for (const i of tail) unit.walk(i, () => void nodes++);
  const d = unit.declaration(label);
  // What a helper jumps to is no goto.
  const named =
    "name" in d &&
    d.name !== undefined &&
    entries.some(
      (e) => "i" in e && unit.some(e.i, (_n, x) => unit.jumpsOf.get(x)?.includes(d.name as string) === true),
    );
  return nodes > TAIL.nodes || named ? undefined : tail;
}

/** A block may begin earlier than its first jump, until none begins within another and ends outside of it. */
function settle(spans: Span[]): Span[] {
  for (let changed = true; changed; ) {
    changed = false;
    for (const a of spans) {
      for (const b of spans) {
        if (a === b || !(a.from < b.from && b.from < a.to && a.to < b.to)) continue;
        if (b.item === "loop") throw new CannotPrint("a jump into the middle of a loop");
        b.from = a.from;
        changed = true;
      }
    }
  }
  return spans;
}

function nest(entries: readonly Item[], spans: readonly Span[], from = 0, to = entries.length): Item[] {
  const out: Item[] = [];
  for (let at = from; at < to; ) {
    const here = spans
      .filter((s) => s.from === at && s.to <= to)
      .sort((a, b) => b.to - a.to || (a.item === "labelled" ? -1 : 1))[0];
    if (here) {
      out.push({
        k: here.item,
        label: here.label,
        items: nest(
          entries,
          spans.filter((s) => s !== here && s.from >= here.from && s.to <= here.to),
          here.from,
          here.to,
        ),
      });
      at = here.to;
      spans = spans.filter((s) => s !== here && !(s.from >= here.from && s.to <= here.to));
    } else out.push(entries[at++] as Item);
  }
  return out;
}

/** Whether something jumps to a label, but for what is below `without`. */
export function jumpsTo(unit: UnitFacts, i: number, label: number, without?: number): boolean {
  const d = unit.declaration(label);
  const name = "name" in d ? d.name : undefined;
  let found = false;
  unit.walk(i, (n, at) => {
    if (found || at === without) return false;
    found =
      (n.k === "goto" && n.label === label) || (name !== undefined && unit.jumpsOf.get(at)?.includes(name) === true);
    return true;
  });
  return found;
}

/** What a label of C's is called in Rust. */
export function labelName(unit: UnitFacts, decl: number): string {
  const d = unit.declaration(decl);
  return rustIdentifier("name" in d && d.name !== undefined ? d.name : "label");
}

/** The statements of a body: of a block, or the one that stands there. */
export function bodyOf(unit: UnitFacts, i: number): number[] {
  const n = unit.node(i);
  return n.k === "block" ? n.body : [i];
}

/** Whether control never gets behind a statement. */
export function leaves(unit: UnitFacts, i: number | undefined): boolean {
  if (i === undefined) return false;
  const n = unit.node(i);
  switch (n.k) {
    case "return":
    case "goto":
    case "break":
    case "continue":
      return true;
    case "block":
      return leaves(unit, n.body.at(-1));
    case "if":
      return n.else !== undefined && leaves(unit, n.then) && leaves(unit, n.else);
    case "label":
    case "case":
    case "default":
      return leaves(unit, n.body);
    case "switch":
      return !has(unit, i, "break") && hasDefault(unit, n.body) && leaves(unit, bodyOf(unit, n.body).at(-1));
    default:
      return false;
  }
}

function hasDefault(unit: UnitFacts, body: number): boolean {
  let found = false;
  unit.walk(body, (n) => {
    found ||= n.k === "default";
    return n.k !== "switch";
  });
  return found;
}

/** Whether a label is defined somewhere below. */
export function hasLabel(unit: UnitFacts, i: number): boolean {
  return unit.some(i, (n) => n.k === "label" || n.k === "case" || n.k === "default");
}

/** Whether a `break` or `continue` below belongs to the statement itself. */
export function has(unit: UnitFacts, i: number, what: "break" | "continue"): boolean {
  let found = false;
  unit.walk(i, (n, at) => {
    if (found) return false;
    if (at !== i && (n.k === "while" || n.k === "do" || n.k === "for" || (n.k === "switch" && what === "break")))
      return false;
    if (n.k === what) found = true;
    return true;
  });
  return found;
}
