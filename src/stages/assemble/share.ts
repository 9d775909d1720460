/** Finds the types and externs that a port's units agree on, so that they stand in one place. */
import { externItems, identifiersOf, printItem, type RustItem } from "../../rust/items.ts";

export interface SharedItems {
  /** Types and constants. */
  types: RustItem[];
  externs: RustItem[];
  /** What stays in each unit, in the units' order. */
  rest: UnitItems[];
}

interface UnitItems {
  items: RustItem[];
  externs: RustItem[];
  /**
   * The shared names that the unit knows; absent where it may see all of them. One that it does not know may be the name of a variable of
   * its own, which in Rust no static or constant in sight may have (E0530).
   */
  imports?: string[];
}

const SHAREABLE = new Set(["type", "struct", "union", "const", "impl"]);

/**
 * An item is shared when every unit that has it has the same, and all it names is shared too. An opaque type in one unit and its
 * definition in another agree: the definition serves both.
 */
export function shareItems(units: readonly RustItem[][]): SharedItems {
  const split = units.map((items) => ({
    items: items.filter((i) => i.kind !== "extern" && i.kind !== "use"),
    externs: items.filter((i) => i.kind === "extern").flatMap(externItems),
  }));
  const defined = new Map<string, string>();
  const conflicting = new Set<string>();
  const note = (key: string, text: string): void => {
    const known = defined.get(key);
    if (known === undefined) defined.set(key, text);
    else if (known !== text) conflicting.add(key.replace(/^\w+ /, ""));
  };
  for (const u of split) {
    for (const i of u.items)
      if (SHAREABLE.has(i.kind)) note(`${i.kind === "impl" ? "impl" : "item"} ${i.name}`, printItem(i));
    for (const e of u.externs) if (!isOpaque(e)) note(`extern ${e.name}`, printItem(e));
  }
  const full = new Set([...defined.keys()].filter((k) => k.startsWith("item ")).map((k) => k.slice(5)));
  // A name that a unit defines for itself, as a function or variable, cannot be shared as something else.
  const local = new Set(
    split.flatMap((u) => u.items.filter((i) => i.kind === "fn" || i.kind === "static").map((i) => i.name)),
  );
  for (const u of split) for (const e of u.externs) if (local.has(e.name)) conflicting.add(e.name);
  for (let grew = true; grew; ) {
    grew = false;
    for (const u of split) {
      for (const i of [...u.items.filter((x) => SHAREABLE.has(x.kind)), ...u.externs]) {
        if (conflicting.has(i.name)) continue;
        for (const n of identifiersOf(i)) {
          if (n === i.name || !conflicting.has(n)) continue;
          conflicting.add(i.name);
          grew = true;
          break;
        }
      }
    }
  }
  const shared = (i: RustItem): boolean => !conflicting.has(i.name);
  const types = new Map<string, RustItem>();
  const externs = new Map<string, RustItem>();
  const rest = split.map((u): UnitItems => {
    for (const i of u.items) if (SHAREABLE.has(i.kind) && shared(i)) types.set(`${i.kind} ${i.name}`, publish(i));
    for (const e of u.externs) if (shared(e) && !(isOpaque(e) && full.has(e.name))) externs.set(e.name, publish(e));
    return {
      items: u.items.filter((i) => !SHAREABLE.has(i.kind) || !shared(i)),
      externs: u.externs.filter((e) => !shared(e)),
    };
  });
  const values = [
    ...[...types.values()].filter((i) => i.kind === "const"),
    ...[...externs.values()].filter((e) => e.kind === "static"),
  ].map((i) => i.name);
  for (const [i, u] of split.entries()) {
    const known = new Set(
      [...u.items.filter((x) => SHAREABLE.has(x.kind) && x.kind !== "impl"), ...u.externs].map((x) => x.name),
    );
    const unit = rest[i] as UnitItems;
    const foreign = new Set(values.filter((n) => !known.has(n)));
    if (foreign.size === 0 || !unit.items.some((x) => [...identifiersOf(x)].some((n) => foreign.has(n)))) continue;
    unit.imports = [...known].filter((n) => !conflicting.has(n)).sort();
  }
  return { types: [...types.values()], externs: [...externs.values()], rest };
}

function isOpaque(e: RustItem): boolean {
  return e.kind === "type";
}

function publish(i: RustItem): RustItem {
  return i.kind === "impl" || i.text.startsWith("pub ") ? i : { ...i, text: `pub ${i.text}` };
}
