/**
 * One name for what c2rust had to name, in all units of a port: an enumeration without a name is called after what a unit uses of it, and a
 * structure that only typedefs name by one of these. Units that have other names for one type could not share it, nor what is made of it.
 */
import { codeOf, edited } from "../../rust/lexer.ts";
import { identifiersOf, type RustItem } from "../../rust/items.ts";

export function withAlikeNames(units: readonly (readonly RustItem[])[]): RustItem[][] {
  const enumerations = groupsOf(units.flatMap((items) => enumeratorTypes(items)));
  const structures = structureNames(units);
  return units.map((items) => renamed(swapped([...items], structures), enumerations));
}

/** Enumerators with the alias that is their type. */
function enumeratorTypes(items: readonly RustItem[]): [constant: string, alias: string][] {
  const aliases = new Set(items.flatMap((i) => (i.kind === "type" ? [i.name] : [])));
  return items.flatMap((i): [string, string][] => {
    const tokens = i.kind === "const" ? codeOf(i.text) : [];
    const type = tokens[tokens.findIndex((t) => t.text === ":") + 1]?.text;
    return type !== undefined && type.endsWith("_type") && aliases.has(type) ? [[i.name, type]] : [];
  });
}

/** The name for all aliases that have an enumerator in common: the first of them. */
function groupsOf(pairs: readonly [constant: string, alias: string][]): Map<string, string> {
  const group = new Map<string, string>();
  const root = (alias: string): string => {
    const next = group.get(alias) ?? alias;
    return next === alias ? alias : root(next);
  };
  for (const of of Map.groupBy(pairs, ([constant]) => constant).values()) {
    const roots = [...new Set(of.map(([, alias]) => root(alias)))].sort();
    for (const r of roots.slice(1)) group.set(r, roots[0] as string);
  }
  return new Map([...group.keys()].map((alias) => [alias, root(alias)]));
}

/** Structures that one unit has by the name that is an alias of it in another; each with the name that is kept. */
function structureNames(units: readonly (readonly RustItem[])[]): Map<string, string> {
  const pairs = new Set(units.flatMap((items) => aliasesOfStructures(items).map(({ of, name }) => `${of} ${name}`)));
  return new Map(
    [...pairs].flatMap((pair) => {
      const [of, name] = pair.split(" ") as [string, string];
      return name < of && pairs.has(`${name} ${of}`) ? [[of, name] as const] : [];
    }),
  );
}

/** `type name = of;`, where `of` is a structure of the same unit. */
function aliasesOfStructures(items: readonly RustItem[]): { item: RustItem; of: string; name: string }[] {
  const structures = new Set(items.flatMap((i) => (i.kind === "struct" || i.kind === "union" ? [i.name] : [])));
  return items.flatMap((item) => {
    const tokens = item.kind === "type" ? codeOf(item.text) : [];
    const [of, end] = tokens.slice(tokens.findIndex((t) => t.text === "=") + 1);
    return of !== undefined && end?.text === ";" && structures.has(of.text)
      ? [{ item, of: of.text, name: item.name }]
      : [];
  });
}

/** The structure by its other name, of which the first is an alias. */
function swapped(items: RustItem[], names: ReadonlyMap<string, string>): RustItem[] {
  let out = items;
  for (const { item, of, name } of aliasesOfStructures(items)) {
    if (names.get(of) !== name) continue;
    out = out.map((i) =>
      i === item
        ? {
            ...i,
            name: of,
            text: withNames(
              i.text,
              new Map([
                [of, name],
                [name, of],
              ]),
            ),
          }
        : i.name === of && (i.kind === "struct" || i.kind === "union" || i.kind === "impl")
          ? { ...i, name, text: withNames(i.text, new Map([[of, name]])) }
          : i,
    );
  }
  return out;
}

function renamed(items: RustItem[], names: ReadonlyMap<string, string>): RustItem[] {
  const own = new Map([...names].filter(([from, to]) => from !== to && items.some((i) => i.name === from)));
  if (own.size === 0) return items;
  const there = new Set<string>();
  return items.flatMap((i) => {
    const to = own.get(i.name);
    // Two of one group are one in a unit that has both.
    const name = to ?? i.name;
    if (i.kind === "type" && [...names.values()].includes(name)) {
      if (there.has(name)) return [];
      there.add(name);
    }
    if (to === undefined && ![...identifiersOf(i)].some((n) => own.has(n))) return [i];
    return [{ ...i, name, text: withNames(i.text, own) }];
  });
}

function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return edited(
    text,
    codeOf(text).flatMap((t) => {
      const to = t.kind === "identifier" ? names.get(t.text) : undefined;
      return to === undefined ? [] : [{ start: t.start, end: t.end, text: to }];
    }),
  );
}
