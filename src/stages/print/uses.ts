/** Where a function's statements use a variable, and give it its first value. */
import { bodyOf, type Item, itemsOf } from "./flow.ts";
import type { Kind, UnitFacts } from "./unit-facts.ts";

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

/** The assignment by which a statement gives a variable its first value. */
export function assignmentOf(unit: UnitFacts, i: number): Kind<"assignment"> | undefined {
  const n = unit.node(i);
  if (n.k === "evaluate") return assignmentOf(unit, n.of);
  if (n.k === "for" && n.init !== undefined) return assignmentOf(unit, n.init);
  return n.k === "assignment" && n.op === "=" ? n : undefined;
}

export function givesValue(unit: UnitFacts, i: number, decl: number): boolean {
  const a = assignmentOf(unit, i);
  const left = a && unit.node(a.left);
  return a !== undefined && left?.k === "reference" && left.decl === decl && !uses(unit, a.right, decl);
}

/** Whether all uses of a variable stand in one body further in, which begins with giving it a value. */
export function belongsFurtherIn(unit: UnitFacts, i: number, decl: number): boolean {
  const body = bodyThatUses(unit, i, decl);
  if (body === undefined) return false;
  const [first, ...more] = itemsOf(unit, body, { forward: new Map(), back: new Map(), tails: new Map() }).filter((x) =>
    usesIn(unit, x, decl),
  );
  if (first?.k !== "statement") return false;
  return givesValue(unit, first.i, decl) || (more.length === 0 && belongsFurtherIn(unit, first.i, decl));
}

/** The one body of a statement that uses a variable, where nothing else of the statement does. */
function bodyThatUses(unit: UnitFacts, i: number, decl: number): number[] | undefined {
  const n = unit.node(i);
  const alone = (
    bodies: readonly (number | undefined)[],
    rest: readonly (number | undefined)[],
  ): number[] | undefined => {
    if (rest.some((x) => x !== undefined && uses(unit, x, decl))) return undefined;
    const using = bodies.filter((b) => b !== undefined && uses(unit, b, decl));
    return using.length === 1 ? bodyOf(unit, using[0] as number) : undefined;
  };
  switch (n.k) {
    case "block":
      return n.body;
    case "if":
      return alone([n.then, n.else], [n.condition]);
    case "while":
    case "do":
      return alone([n.body], [n.condition]);
    case "for":
      return alone([n.body], [n.init, n.condition, n.step]);
    default:
      return undefined;
  }
}
