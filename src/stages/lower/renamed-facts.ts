/** Facts of the C by the names that things have in the lowered text. */
import type { RecordLayout } from "../../c/layouts.ts";
import type { DefinitionFacts } from "./definitions.ts";

/** A definition by its name in the text; another name than C's leaves it C's symbol, where others know it. */
export function definedAs(
  f: DefinitionFacts,
  rename: (name: string) => string,
  linked: ReadonlySet<string>,
): DefinitionFacts {
  // An alias of a variable is a symbol, and has no name in the Rust.
  const target = {
    ...(f.target === undefined ? {} : { target: rename(f.target) }),
    ...(f.within === undefined ? {} : { within: rename(f.within) }),
  };
  if (f.kind === "alias" || rename(f.name) === f.name) return { ...f, ...target };
  return {
    ...f,
    ...target,
    name: rename(f.name),
    ...(f.symbol === undefined && linked.has(f.name) ? { symbol: f.name } : {}),
  };
}

/** A record's layout; a field is named by the path to it. */
export function laidOutAs(
  l: RecordLayout,
  rename: (name: string) => string,
  renameTag: (tag: string) => string,
): RecordLayout {
  const path = (p: string): string => p.split(".").map(rename).join(".");
  return {
    ...l,
    name: renameTag(l.name),
    fields: l.fields.map((f) => ({ ...f, name: path(f.name) })),
    bits: l.bits.map((b) => ({ ...b, name: path(b.name) })),
  };
}
