/** Where a function's statements use a variable, and give it its first value. */
import { bodyOf, type Item, itemsOf } from "./flow.ts";
import { bodiesApart } from "./switch-groups.ts";
import type { UnitFacts } from "./unit-facts.ts";

export function uses(unit: UnitFacts, i: number, decl: number): boolean {
  let found = false;
  unit.walk(i, (n) => {
    // `p = kmalloc(sizeof(*p))` asks for a type.
    if (found || n.k === "sizeof") return false;
    found = n.k === "reference" && n.decl === decl;
    return true;
  });
  return found;
}

export function usesIn(unit: UnitFacts, item: Item, decl: number): boolean {
  if (item.k === "statement") return uses(unit, item.i, decl);
  if (item.k === "declare") {
    const v = unit.declaration(item.decl);
    return item.decl !== decl && v.k === "variable" && v.initialiser !== undefined && uses(unit, v.initialiser, decl);
  }
  return item.items.some((x) => usesIn(unit, x, decl));
}

/** What a statement does before anything else, one after the other: `i = 0, k = n`, in a `for` as well. */
export function partsOf(unit: UnitFacts, i: number): number[] {
  const n = unit.node(i);
  if (n.k === "evaluate") return partsOf(unit, n.of);
  if (n.k === "for") return n.init === undefined ? [] : partsOf(unit, n.init);
  return n.k === "binary" && n.op === "," && (n.p ?? 0) === 0
    ? [...partsOf(unit, n.left), ...partsOf(unit, n.right)]
    : [i];
}

/** The variable that a part of a statement is an assignment to. */
export function assignedBy(unit: UnitFacts, part: number): { decl: number; right: number } | undefined {
  const n = unit.node(part);
  const left = n.k === "assignment" && n.op === "=" ? unit.node(n.left) : undefined;
  return n.k === "assignment" && left?.k === "reference" ? { decl: left.decl, right: n.right } : undefined;
}

/** Whether what a statement does to a variable first is to give it a value. */
export function givesValue(unit: UnitFacts, i: number, decl: number): boolean {
  const first = partsOf(unit, i).find((part) => uses(unit, part, decl));
  const assigned = first === undefined ? undefined : assignedBy(unit, first);
  return assigned !== undefined && assigned.decl === decl && !uses(unit, assigned.right, decl);
}

/**
 * Where all uses of a variable stand in bodies further in, each of which begins with giving it a value: what each of them does so by, or has it
 * further in.
 */
export function furtherIn(unit: UnitFacts, i: number, decl: number): number[] | undefined {
  const bodies = bodiesThatUse(unit, i, decl);
  const firsts = bodies?.map((body) => {
    const [first, ...more] = itemsOf(unit, body, { forward: new Map(), back: new Map(), tails: new Map() }).filter(
      (x) => usesIn(unit, x, decl),
    );
    if (first?.k !== "statement") return undefined;
    const isFirst = givesValue(unit, first.i, decl) || (more.length === 0 && furtherIn(unit, first.i, decl));
    return isFirst ? first.i : undefined;
  });
  return firsts === undefined || firsts.length === 0 || firsts.includes(undefined) ? undefined : (firsts as number[]);
}

/** The first statement of a list that uses a variable, where a jump made a list within it as well. */
export function firstStatement(unit: UnitFacts, items: readonly Item[], decl: number): number | undefined {
  const first = items.find((x) => usesIn(unit, x, decl));
  if (first === undefined || first.k === "declare") return undefined;
  return first.k === "statement" ? first.i : firstStatement(unit, first.items, decl);
}

/** The bodies of a statement that use a variable, where nothing else of the statement does. */
function bodiesThatUse(unit: UnitFacts, i: number, decl: number): number[][] | undefined {
  const n = unit.node(i);
  const among = (
    bodies: readonly (number | undefined)[],
    rest: readonly (number | undefined)[],
  ): number[][] | undefined => {
    if (rest.some((x) => x !== undefined && uses(unit, x, decl))) return undefined;
    return bodies.flatMap((b) => (b !== undefined && uses(unit, b, decl) ? [bodyOf(unit, b)] : []));
  };
  switch (n.k) {
    case "block":
      return [n.body];
    case "if":
      return among([n.then, n.else], [n.condition]);
    case "while":
    case "do":
      return among([n.body], [n.condition]);
    case "for":
      return among([n.body], [n.init, n.condition, n.step]);
    case "switch":
      return uses(unit, n.of, decl)
        ? undefined
        : bodiesApart(unit, n.body)?.filter((body) => body.some((s) => uses(unit, s, decl)));
    default:
      return undefined;
  }
}
