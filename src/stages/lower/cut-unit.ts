/** The last part of lowering: the structures are cut down to what the module names of them, and what Rust cannot call as C does gets other names. */
import type { LoweredUnit, UncutUnit } from "./lowered-unit.ts";
import { nameForRust, withoutAtomicTypes } from "./names.ts";
import { definedAs, laidOutAs } from "./renamed-facts.ts";
import { type MemberUse, shrinkStructures, withShrunkStructures } from "./shrink.ts";

/**
 * The lowered unit.
 * @param use what all units of the module name of structures
 */
export async function cutUnit(
  { parser, text, structures, accessors, held, linked, inC }: UncutUnit,
  use: MemberUse,
): Promise<LoweredUnit> {
  const cut = await withShrunkStructures(shrinkStructures(structures, use), text, parser);
  const names = nameForRust(withoutAtomicTypes(cut), accessors, held);
  const rename = (name: string): string => names.renamed.get(name) ?? name;
  const renameTag = (tag: string): string => names.tags.get(tag) ?? rename(tag);
  const renamed = <V>(map: ReadonlyMap<string, V>): Map<string, V> =>
    new Map([...map].map(([name, v]) => [rename(name), v]));
  return {
    ...inC,
    text: names.text,
    renamed: names.renamed,
    moved: inC.moved.map((m) => ({ ...m, symbol: rename(m.symbol) })),
    symbols: renamed(inC.symbols),
    elsewhere: renamed(
      new Map([
        ...[...names.renamed.keys()].flatMap((n) => (linked.has(n) && !inC.symbols.has(n) ? [[n, n] as const] : [])),
        ...inC.elsewhere,
      ]),
    ),
    definitions: inC.definitions.map((f) => definedAs(f, rename, linked)),
    volatileBitfields: new Set([...inC.volatileBitfields].map((r) => r.split(" ").map(renameTag).join(" "))),
    traced: new Set([...inC.traced].map(rename)),
    layouts: inC.layouts.map((l) => laidOutAs(l, rename, renameTag)),
  };
}
