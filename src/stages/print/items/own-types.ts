/** The module's own structures and enumerations, with the comments that their members have in C. */
import type { SyntaxNode } from "@lezer/common";
import { codeOf, edited } from "../../../rust/lexer.ts";
import { parseRust } from "../../../rust/parse.ts";
import { rustComment } from "../comments.ts";
import type { UnitFacts } from "../unit-facts.ts";
import type { Comment } from "./compose.ts";
import type { CrateItem } from "./crate.ts";

type RecordFacts = Extract<ReturnType<UnitFacts["declaration"]>, { k: "record" }>;
type EnumFacts = Extract<ReturnType<UnitFacts["declaration"]>, { k: "enum" }>;

/** The crate's types by name. */
export type Types = ReadonlyMap<string, readonly CrateItem[]>;

export interface OwnType {
  f: number;
  b: number;
  e: number;
  /** What it is made of in the crate, in order. */
  items: CrateItem[];
  text: string;
}

/** The types that a unit's own files declare, as far as the crate has them. */
export function ownTypes(unit: UnitFacts, types: Types, comments: readonly Comment[]): OwnType[] {
  const named = new Set(
    unit.facts.declarations.flatMap((d) =>
      (d.k === "record" || d.k === "enum" || d.k === "typedef") && d.name ? [d.name] : [],
    ),
  );
  return unit.facts.declarations.flatMap((d): OwnType[] => {
    if (
      !("place" in d) ||
      d.place === undefined ||
      unit.facts.files[d.place.f]?.own !== true ||
      ("p" in d && d.p !== undefined)
    )
      return [];
    const { f, b, e } = d.place;
    if (d.k === "enum") return enumeration(unit, d, types, comments).map((x) => ({ f, b, e, ...x }));
    const name =
      d.k === "typedef" ? inCrate(types, d.name) : d.k === "record" ? inCrate(types, d.name ?? d.typedef) : undefined;
    if (name === undefined) return [];
    if (d.k === "typedef") {
      const items = (types.get(name) ?? []).filter((i) => i.kind === "type");
      return items.length === 0 ? [] : [{ f, b, e, items, text: items.map(textOf).join("\n") }];
    }
    if (d.k !== "record" || !d.fields) return [];
    const items = withParts(name, types, named);
    return items.length === 0 ? [] : [{ f, b, e, items, text: recordText(unit, d, items, comments) }];
  });
}

function inCrate(types: Types, name: string | undefined): string | undefined {
  return name === undefined ? undefined : [name, `${name}_0`].find((n) => types.has(n));
}

/** A structure, and those that it has parts of which have no name in C. */
function withParts(name: string, types: Types, named: ReadonlySet<string>): CrateItem[] {
  const out: CrateItem[] = [];
  const waiting = [name];
  const met = new Set<string>();
  for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
    if (met.has(n)) continue;
    met.add(n);
    for (const item of types.get(n) ?? []) {
      if (item.kind === "type") continue;
      out.push(item);
      for (const x of item.names) if (x.startsWith(`${name}_`) && types.has(x) && !named.has(x)) waiting.push(x);
    }
  }
  return out;
}

export function textOf(i: CrateItem): string {
  return [...i.attributes, i.text].join("\n");
}

/** The items' text with each comment above the member that it is above in C, or behind it. */
function recordText(
  unit: UnitFacts,
  d: RecordFacts,
  items: readonly CrateItem[],
  comments: readonly Comment[],
): string {
  const place = d.place as NonNullable<RecordFacts["place"]>;
  const within = comments.filter((c) => c.place.f === place.f && place.b <= c.place.b && c.place.e <= place.e);
  const texts = items.map(textOf);
  if (within.length === 0) return texts.join("\n");
  const fields = fieldsBelow(unit, d).sort((a, b) => a.b - b.b);
  const left: Comment[] = [];
  for (const c of within) {
    const field = c.trailing === true ? fields.findLast((x) => x.e <= c.place.b) : fields.find((x) => x.b >= c.place.e);
    const k = field === undefined ? -1 : texts.findIndex((t) => memberOf(t, field.name) !== undefined);
    const member = k < 0 || !field ? undefined : memberOf(texts[k] as string, field.name);
    if (member === undefined) {
      left.push(c);
      continue;
    }
    const text = rustComment(c.text, false);
    const isBehind = c.trailing === true && text.length === 1 && !member.hasComment;
    const [at, words] = isBehind ? [member.end, ` ${text[0]}`] : [member.start, text.map((l) => `    ${l}\n`).join("")];
    texts[k] = edited(texts[k] as string, [{ start: at, end: at, text: words }]);
  }
  return [...left.flatMap((c) => rustComment(c.text, false)), ...texts].join("\n");
}

/** The named members of a structure, those of the unnamed ones in it among them. */
function fieldsBelow(unit: UnitFacts, d: RecordFacts): { name: string; b: number; e: number }[] {
  return (d.fields ?? []).flatMap((x) => {
    const t = unit.plain(x.type);
    const inner = t.k === "record" ? unit.declaration(t.decl) : undefined;
    const below =
      inner?.k === "record" &&
      inner.name === undefined &&
      inner.typedef === undefined &&
      inner.place &&
      d.place &&
      inner.place.f === d.place.f &&
      inner.place.b > d.place.b &&
      inner.place.e <= d.place.e
        ? fieldsBelow(unit, inner)
        : [];
    return [...below, ...(x.name === undefined ? [] : [{ name: x.name, b: x.place.b, e: x.place.e }])];
  });
}

/** The lines of a structure's member; those of a bit-field are the lines of the bytes that it lies in. */
function memberOf(text: string, name: string): { start: number; end: number; hasComment: boolean } | undefined {
  const fields: SyntaxNode[] = [];
  parseRust(text).iterate({
    enter({ node }) {
      if (node.name === "FieldDeclaration") fields.push(node);
    },
  });
  const nameOf = (n: SyntaxNode | null): string => (n ? text.slice(n.from, n.to) : "");
  const called = (f: SyntaxNode): string => nameOf(f.getChild("FieldIdentifier"));
  const own = [name, `r#${name}`, `${name}_0`];
  const field =
    fields.find((f) => own.includes(called(f))) ??
    fields.find(
      (f) =>
        `_${called(f)}_`.includes(`_${name}_`) &&
        nameOf(f.getChild("ArrayType")?.getChild("TypeIdentifier") ?? null) === "u8",
    );
  if (field === undefined) return undefined;
  const end = text.indexOf("\n", field.to);
  let behind = field.nextSibling;
  while (behind && behind.name === ",") behind = behind.nextSibling;
  return {
    start: text.lastIndexOf("\n", field.from) + 1,
    end: end < 0 ? text.length : end,
    hasComment: behind !== null && behind.name.endsWith("Comment") && (end < 0 || behind.from < end),
  };
}

function enumeration(
  unit: UnitFacts,
  d: EnumFacts,
  types: Types,
  comments: readonly Comment[],
): { items: CrateItem[]; text: string }[] {
  const place = d.place as NonNullable<EnumFacts["place"]>;
  const within = comments.filter((c) => c.place.f === place.f && place.b <= c.place.b && c.place.e <= place.e);
  const items: CrateItem[] = [];
  const lines: string[] = [];
  let next = 0;
  const above = (until: number): void => {
    for (let c = within[next]; c && c.place.b < until; c = within[++next]) {
      const text = rustComment(c.text, false);
      if (c.trailing === true && text.length === 1 && lines.length > 0 && !lines.at(-1)?.startsWith("/"))
        lines[lines.length - 1] = `${lines.at(-1)} ${text[0]}`;
      else lines.push(...text);
    }
  };
  const constants = d.enumerators.flatMap((i) => {
    const x = unit.declaration(i);
    if (x.k !== "enumerator") return [];
    const item = [x.name, `${x.name}_0`].flatMap((n) => types.get(n) ?? []).find((c) => c.kind === "const");
    return item ? [{ item, at: x.place?.b ?? place.b }] : [];
  });
  const alias = aliasOf(constants[0]?.item, d.name ?? d.typedef, types);
  if (!alias && constants.length === 0) return [];
  if (alias) {
    items.push(alias);
    lines.push(textOf(alias));
  }
  for (const c of constants) {
    above(c.at);
    items.push(c.item);
    lines.push(textOf(c.item));
  }
  above(Number.POSITIVE_INFINITY);
  return [{ items, text: lines.join("\n") }];
}

function aliasOf(constant: CrateItem | undefined, name: string | undefined, types: Types): CrateItem | undefined {
  const tokens = constant ? codeOf(constant.text) : [];
  const colon = tokens.findIndex((t) => t.text === ":");
  const wanted = name ?? tokens[colon + 1]?.text;
  return wanted === undefined
    ? undefined
    : [wanted, `${wanted}_0`].flatMap((n) => types.get(n) ?? []).find((i) => i.kind === "type" && !i.foreign);
}
