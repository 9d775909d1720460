/**
 * Bit-fields of a structure without a name that lies within a packed one: c2rust calls their accessors on the member it made of it, and of
 * such a member Rust allows no reference. (One with a name C itself can give an address: src/stages/lower/packed-bitfields.ts.)
 */
import type { RustItem } from "./items.ts";
import { codeOf, type Edit, edited, isClosing, opening, type RustToken } from "./lexer.ts";
import { attributeValue, type Member, membersOf } from "./members.ts";

/** What c2rust calls a member that has no name in C. */
const UNNAMED = /^c2rust_unnamed(?:_\d+)?$/;

/** `outer.c2rust_unnamed.set_flag(1)` becomes `(*(&raw mut outer.c2rust_unnamed)).set_flag(1)`: what lies at an address is nobody's member. */
export function addressPackedBitfields(items: readonly RustItem[]): RustItem[] {
  const accessors = accessorsOf(items);
  if (accessors.size === 0) return [...items];
  return items.map((item) => {
    if (item.kind !== "fn") return item;
    const tokens = codeOf(item.text);
    return {
      ...item,
      text: edited(
        item.text,
        tokens.flatMap((_t, at) => addressed(tokens, at, accessors)),
      ),
    };
  });
}

function addressed(tokens: readonly RustToken[], at: number, accessors: ReadonlyMap<string, boolean>): Edit[] {
  const [member, dot, call, open] = tokens.slice(at, at + 4);
  const writes = accessors.get(call?.text ?? "");
  if (!member || !UNNAMED.test(member.text) || dot?.text !== "." || open?.text !== "(" || writes === undefined)
    return [];
  const first = tokens[placeBegin(tokens, at)] as RustToken;
  return [
    { start: first.start, end: first.start, text: `(*(&raw ${writes ? "mut" : "const"} ` },
    { start: member.end, end: member.end, text: "))" },
  ];
}

/** Where the place begins that ends with the member at `at`: `(*p).a[i].b` is four steps back to a bracket or a name. */
function placeBegin(tokens: readonly RustToken[], at: number): number {
  let i = at;
  while (tokens[i - 1]?.text === ".") {
    i -= 2;
    for (let t = tokens[i]; t && isClosing(t); t = tokens[i]) {
      i = opening(tokens, i);
      // What is called or indexed stands right before the bracket.
      const before = tokens[i - 1];
      if (
        before?.end !== tokens[i]?.start ||
        !(before?.kind === "identifier" || before?.text === ")" || before?.text === "]")
      )
        return i;
      i--;
    }
  }
  return i;
}

/** The accessors of bit-fields in structures that packed ones hold and that are not packed themselves: whether they write. */
function accessorsOf(items: readonly RustItem[]): Map<string, boolean> {
  const records = new Map(items.filter((i) => i.kind === "struct" || i.kind === "union").map((i) => [i.name, i]));
  const found = new Map<string, boolean>();
  const seen = new Set<string>();
  const hold = (members: readonly Member[]): void => {
    for (const m of members) {
      const record = records.get(elementOf(m.type));
      if (record === undefined || seen.has(record.name)) continue;
      seen.add(record.name);
      const own = membersOf(record);
      for (const attribute of isPacked(record) ? [] : own.flatMap((x) => x.attributes)) {
        const name = attribute[0]?.text === "bitfield" ? attributeValue(attribute, "name") : undefined;
        if (name !== undefined) found.set(name, false).set(`set_${name}`, true);
      }
      hold(own);
    }
  };
  for (const r of records.values()) if (isPacked(r)) hold(membersOf(r));
  return found;
}

function isPacked(record: RustItem): boolean {
  return record.attributes.some((a) => codeOf(a).some((t) => t.text === "packed"));
}

/** `[[inner; 2]; 4]` holds `inner`. */
function elementOf(type: string): string {
  return codeOf(type).find((t) => t.kind === "identifier")?.text ?? "";
}
