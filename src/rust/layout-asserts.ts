/** Asserts in the port that each structure lies in memory as clang lays it out: a wrong layout does not compile. */
import type { RecordLayout } from "../c/layouts.ts";
import type { RustItem } from "./items.ts";
import { closing, codeOf, follows, type RustToken } from "./lexer.ts";
import { membersOf } from "./members.ts";

/**
 * @param items the types of the port
 * @param elsewhere types of the port that `items` name and that stand in another module of it
 * @returns one constant a structure
 */
export function layoutAsserts(
  items: readonly RustItem[],
  layouts: readonly RecordLayout[],
  elsewhere: readonly RustItem[] = [],
): string[] {
  const byName = new Map(layouts.map((l) => [l.name, l]));
  const names = otherNames(items);
  const members = new Members([...items, ...elsewhere]);
  return items.flatMap((i) => {
    const layout =
      (i.kind === "struct" || i.kind === "union") && /\{|\(/.test(i.text)
        ? [i.tag ?? i.name, ...(names.get(i.name) ?? [])].map((n) => byName.get(n)).find((l) => l !== undefined)
        : undefined;
    if (layout === undefined) return [];
    const checks = [
      `::core::mem::size_of::<${i.name}>() == ${layout.size}`,
      `::core::mem::align_of::<${i.name}>() == ${layout.align}`,
    ];
    for (const f of layout.fields) {
      const place = members.placeOf(i.name, f.name.split("."));
      if (place !== undefined) checks.push(`::core::mem::offset_of!(${i.name}, ${place}) == ${f.offset}`);
    }
    for (const b of layout.bits) {
      const path = b.name.split(".");
      const accessor = members.accessorOf(i.name, path);
      if (accessor !== undefined)
        checks.push(`crate::bitfield::is_at!(${i.name}, ${accessor.setter}, ${accessor.all}, ${b.first}, ${b.width})`);
    }
    return [`const _: () = assert!(${checks.join(" && ")});`];
  });
}

/** What a structure may be called in C: what is an alias of it here, and a name that c2rust adds to, being one of Rust's (`Option_0`). */
function otherNames(items: readonly RustItem[]): Map<string, string[]> {
  const taken = new Set(items.map((i) => i.name));
  const names = new Map<string, string[]>();
  for (const i of items) {
    const [of, end] = i.kind === "type" ? codeOf(i.text).slice(-2) : [];
    if (of?.kind === "identifier" && end?.text === ";") names.set(of.text, [...(names.get(of.text) ?? []), i.name]);
    const own = i.name.endsWith("_0") ? i.name.slice(0, -2) : "";
    if (own !== "" && !taken.has(own)) names.set(i.name, [...(names.get(i.name) ?? []), own]);
  }
  return names;
}

interface MemberPlaces {
  /** By C's name: where Rust has the member, and its type. */
  members: Map<string, { place: string; type: string }>;
  /** By the bit-field's name: its setter, behind the members that lead to it, and the value that has all bits. */
  setters: Map<string, { setter: string; all: string }>;
}

/** Finds members the way C names them: those of an unnamed member are the structure's own. */
class Members {
  private readonly items: ReadonlyMap<string, RustItem>;
  private readonly accessors: ReadonlyMap<string, RustItem>;
  private readonly known = new Map<string, MemberPlaces>();
  constructor(items: readonly RustItem[]) {
    this.items = new Map(items.flatMap((i) => (i.kind === "struct" || i.kind === "union" ? [[i.name, i]] : [])));
    this.accessors = new Map(items.flatMap((i) => (i.kind === "impl" ? [[i.name, i]] : [])));
  }

  /** `c2rust_unnamed.a` for `a`; undefined where the Rust has no such member (the structure was cut down). */
  placeOf(type: string, [name = "", ...rest]: readonly string[]): string | undefined {
    const { members } = this.of(type);
    // c2rust adds to names of members that are types of Rust's: `bool_0`.
    const own = members.get(name) ?? members.get(`${name}_0`);
    const inner = own === undefined || rest.length === 0 ? "" : this.placeOf(own.type, rest);
    return own === undefined || inner === undefined ? undefined : `${own.place}${inner === "" ? "" : `.${inner}`}`;
  }

  accessorOf(type: string, [name = "", ...rest]: readonly string[]): { setter: string; all: string } | undefined {
    const { members, setters } = this.of(type);
    if (rest.length === 0) return setters.get(name) ?? setters.get(`${name}_0`);
    const own = members.get(name) ?? members.get(`${name}_0`);
    const inner = own && this.accessorOf(own.type, rest);
    return own && inner && !this.isPacked(type) ? { ...inner, setter: `${own.place}.${inner.setter}` } : undefined;
  }

  /** Rust makes no reference to what lies in a packed structure, and so calls no accessor there. */
  private isPacked(type: string): boolean {
    return this.items.get(type)?.attributes.some((a) => a.includes("packed")) === true;
  }

  private of(type: string): MemberPlaces {
    const known = this.known.get(type);
    if (known) return known;
    const found: MemberPlaces = { members: new Map(), setters: new Map() };
    this.known.set(type, found);
    // A setter that is no constant function (of a volatile structure) cannot be tried by the compiler.
    for (const { name, value } of settersIn(this.accessors.get(type)))
      found.setters.set(name, { setter: `set_${name}`, all: /(?:^|_)bool(?:_\d+)?$/i.test(value) ? "true" : "!0" });
    const item = this.items.get(type);
    for (const { name, type: of } of item ? membersOf(item) : []) {
      // Unnamed in C, or what c2rust splits an aligned and packed structure into.
      if (!/^c2rust_unnamed(?:_\d+)?$/.test(name) && of !== `${type}_Inner`) {
        found.members.set(name, { place: name, type: of });
        continue;
      }
      const inner = this.of(of);
      for (const [n, m] of inner.members) found.members.set(n, { ...m, place: `${name}.${m.place}` });
      if (!this.isPacked(type))
        for (const [n, s] of inner.setters) found.setters.set(n, { ...s, setter: `${name}.${s.setter}` });
    }
    return found;
  }
}

/** The setters that are constant functions: `pub const fn set_mode(&mut self, value: __u32)`. */
function settersIn(accessors: RustItem | undefined): { name: string; value: string }[] {
  const tokens = codeOf(accessors?.text ?? "");
  return tokens.flatMap((t, i) => {
    if (
      t.text !== "fn" ||
      tokens[i - 1]?.text !== "const" ||
      !follows(tokens, i + 2, "(", "&", "mut", "self", ",", "value", ":")
    )
      return [];
    const close = closing(tokens, i + 2);
    return [
      {
        name: (tokens[i + 1] as RustToken).text.replace(/^set_/, ""),
        value: tokens
          .slice(i + 9, close)
          .map((x) => x.text)
          .join(""),
      },
    ];
  });
}
