/** Initialisers as literals of arrays and structures, where each member can be said by itself. */
import { findMember } from "./members.ts";
import type { Printer } from "./printer.ts";
import { type RustType } from "./rust-type.ts";
import type { Kind } from "./unit-facts.ts";
import { zeroOf } from "./zero-literal.ts";

/** As many elements as a literal of an array may have. */
const LONGEST = 64;

/** The literal that an initialiser's list is; undefined where some member has no place of its own (bit-fields, unions, what C leaves unnamed). */
export function listLiteral(p: Printer, type: RustType, list: number): string | undefined {
  const n = p.unit.node(list);
  if (n.k !== "list") return undefined;
  return type.k === "array"
    ? arrayLiteral(p, type, n)
    : type.k === "record"
      ? recordLiteral(p, type.name, n)
      : undefined;
}

function member(p: Printer, type: RustType, item: number): string | undefined {
  const n = p.unit.node(item);
  if (n.k === "list") return listLiteral(p, type, item);
  if (n.k === "zero") return zero(p, type);
  return type.k === "record" || type.k === "array" ? undefined : p.value(item, type).text;
}

function zero(p: Printer, type: RustType): string | undefined {
  if (type.k === "array") {
    const of = zero(p, type.of);
    return of === undefined || type.of.k === "record" ? undefined : `[${of}; ${type.length}]`;
  }
  return type.k === "record" || type.k === "other" ? undefined : zeroOf(p, type).text;
}

function arrayLiteral(p: Printer, type: RustType & { k: "array" }, n: Kind<"list">): string | undefined {
  const length = Number(type.length);
  if (length > LONGEST || length < n.items.length) return undefined;
  const given = n.items.map((item) => member(p, type.of, item));
  const rest = length > given.length ? zero(p, type.of) : "";
  if (rest === undefined || given.some((t) => t === undefined)) return undefined;
  // `{ 0 }`: what is a number can be said once.
  const isNumber = type.of.k === "int" || type.of.k === "bool";
  if (isNumber && length > 1 && given.length <= 1 && given.every((t) => t === rest))
    return `[${rest}; ${type.said ?? length}]`;
  return `[${[...given, ...Array.from({ length: length - given.length }, () => rest)].join(", ")}]`;
}

function recordLiteral(p: Printer, name: string, n: Kind<"list">): string | undefined {
  const shape = p.env.record(name);
  const plain = p.unit.plain(n.t);
  const record = plain.k === "record" ? p.unit.declaration(plain.decl) : undefined;
  if (!shape || shape.union || record?.k !== "record" || !n.fields || !p.types.isNamed({ k: "record", name }))
    return undefined;
  const texts = new Map<string, string>();
  for (const [at, item] of n.items.entries()) {
    const field = record.fields?.[n.fields[at] ?? -1]?.name;
    const found = field === undefined ? undefined : findMember(p, { k: "record", name }, field);
    const text =
      found && found.accessor === undefined && found.path.length === 1 ? member(p, found.type, item) : undefined;
    if (found === undefined || text === undefined) return undefined;
    texts.set(found.path[0] as string, text);
  }
  for (const [field, type] of shape.fields) {
    if (texts.has(field)) continue;
    const text = zero(p, p.types.resolve(type));
    if (text === undefined) return undefined;
    texts.set(field, text);
  }
  const members = [...shape.fields.keys()].map((f) => (texts.get(f) === f ? f : `${f}: ${texts.get(f)}`));
  return `${name} { ${members.join(", ")} }`;
}
