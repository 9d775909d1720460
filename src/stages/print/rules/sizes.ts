/** Sizes, alignments and offsets. */
import { fits, literalOf } from "../convert.ts";
import { CannotPrint } from "../crate-types.ts";
import { mark } from "../mark.ts";
import { findMember } from "../members.ts";
import { ownAlignment } from "../own-alignment.ts";
import type { Printer } from "../printer.ts";
import { atom, cast } from "../rust-text.ts";
import { type RustType, same, USIZE } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { isNull } from "./operators.ts";

const sizes: ExpressionRule = {
  file: "sizes.ts",
  name: "sizes",
  because:
    "`sizeof` is of C's own type: a macro says it as C does, of a place (which is not read) or of a type; where Rust counts, core's own does",
  fixture: "sizes",
  kinds: ["sizeof"],
  print(p, node, _i, want) {
    const n = node as Kind<"sizeof">;
    const type = p.types.of(n.t);
    const of = p.types.of(n.type);
    if (of.k === "void" || of.k === "function") throw new CannotPrint("the size of what has none");
    for (let t = p.unit.plain(n.type); t.k === "array"; t = p.unit.plain(t.of))
      if (t.vla) throw new CannotPrint("the size of an array of variable length");
    const place = n.what === "size" ? sizedPlace(p, n, of) : undefined;
    // Its name, or the object, has an alignment that Rust's type does not have; or the type stands nowhere but here.
    const isTold =
      n.what === "align" ? Number(n.v) !== ownAlignment(p.unit, n.type) : place === undefined && !p.types.isNamed(of);
    if (n.v !== undefined && isTold) return literalOf(BigInt(n.v), type);
    const counted = want?.k === "int" && same(want, USIZE);
    if (place === undefined && (counted || n.what === "align"))
      return p.convert.to(
        atom(`${n.what === "size" ? "size_of" : "align_of"}::<${p.types.text(of)}>()`, USIZE),
        counted ? USIZE : type,
        false,
      );
    const made = {
      ...atom(place === undefined ? `sizeof!(${typeWords(p, of)})` : `sizeof!(${place})`, type),
      ...(n.v === undefined ? {} : { known: BigInt(n.v) }),
    };
    // Its value is known: what it is wanted as holds it, or is told so once.
    return want?.k === "int" && !same(want, type) && n.v !== undefined && fits(BigInt(n.v), want)
      ? cast(made, want.name, want)
      : made;
  },
};

/** Of a thing rather than of its type, as in C, where Rust can name it without reading it. */
function sizedPlace(p: Printer, n: Kind<"sizeof">, type: RustType): string | undefined {
  if (n.of === undefined || !p.isPure(n.of)) return undefined;
  const place = p.unit.node(n.of);
  const nowhere = memberOfNull(p, n.of);
  if (nowhere && same(nowhere.type, type))
    return `${typeWords(p, nowhere.of)}, ${memberText(p, nowhere.names, nowhere.path)}`;
  // An element of such a member has its type: nothing else would say what the pointer points to.
  if (place.k === "subscript" && isNowhere(p, n.of)) return undefined;
  const named =
    place.k === "reference" ||
    place.k === "member" ||
    (place.k === "subscript" && p.unit.expression(place.index).v !== undefined && isArray(p, place.base))
      ? p.expression(n.of)
      : undefined;
  return named && !named.bitfield && same(named.type, type) ? named.text : undefined;
}

/** A type as C says it, which also tells the macro that no expression follows. */
function typeWords(p: Printer, type: RustType): string {
  const kind = type.k === "record" ? (p.env.record(type.name)?.union ? "union" : "struct") : "type";
  return `${kind} ${p.types.text(type)}`;
}

interface Nowhere {
  of: RustType;
  type: RustType;
  /** In C, and in the crate. */
  names: readonly string[];
  path: readonly string[];
}

/** `((struct file *)0)->f_pos`: a member of what is nowhere, as `sizeof_field()` has it. Nothing else says of what type the pointer is. */
function memberOfNull(p: Printer, i: number): Nowhere | undefined {
  const n = p.unit.node(i);
  if (n.k !== "member") return undefined;
  const outer = n.arrow ? undefined : memberOfNull(p, n.base);
  const pointer = p.typeOf(n.base);
  if (n.arrow && !(isNull(p, n.base) && pointer.k === "pointer" && p.types.isNamed(pointer.to))) return undefined;
  const at = n.arrow && pointer.k === "pointer" ? { of: pointer.to, type: pointer.to, names: [], path: [] } : outer;
  const record = p.unit.declaration(n.record);
  const name = record.k === "record" ? record.fields?.[n.field]?.name : undefined;
  if (at === undefined || name === undefined) return at;
  const found = findMember(p, at.type, name);
  if (!found || found.accessor !== undefined) return undefined;
  return { ...at, type: found.type, names: [...at.names, name], path: [...at.path, ...found.path] };
}

/** Whether a place is a part of what a null pointer points to. */
function isNowhere(p: Printer, i: number): boolean {
  const n = p.unit.node(i);
  if (n.k === "member") return n.arrow ? isNull(p, n.base) : isNowhere(p, n.base);
  if (n.k === "subscript") return isArray(p, n.base) && isNowhere(p, (p.unit.node(n.base) as Kind<"cast">).of);
  return false;
}

/** A member of a member: in a macro's body it may be an argument's words. */
function memberText(p: Printer, names: readonly string[], path: readonly string[]): string {
  return p.template ? mark({ k: "field", name: names.join("."), path: path.join(".") }) : path.join(".");
}

function isArray(p: Printer, base: number): boolean {
  const n = p.unit.node(base);
  return n.k === "cast" && n.kind === "ArrayToPointerDecay";
}

const offsets: ExpressionRule = {
  file: "sizes.ts",
  name: "offsets",
  because: "`offsetof` is core's `offset_of!`",
  fixture: "flexible-array",
  kinds: ["offsetof"],
  print(p, node, _i, want) {
    const n = node as Kind<"offsetof">;
    const type = p.types.of(n.type);
    if (n.v !== undefined && !p.types.isNamed(type)) return literalOf(BigInt(n.v), p.types.of(n.t));
    const [names, path]: [string[], string[]] = [[], []];
    let at = type;
    for (const s of n.steps) {
      if (!("record" in s)) throw new CannotPrint("the offset of an element");
      const record = p.unit.declaration(s.record);
      const name = record.k === "record" ? record.fields?.[s.field]?.name : undefined;
      if (name === undefined) continue;
      const found = findMember(p, at, name);
      if (!found || found.accessor !== undefined) throw new CannotPrint(`the member ${name} is not in the crate`);
      names.push(name);
      path.push(...found.path);
      at = found.type;
    }
    const made = atom(`core::mem::offset_of!(${p.types.text(type)}, ${memberText(p, names, path)})`, USIZE);
    if (want?.k === "int" && same(want, USIZE)) return made;
    return cast(made, p.types.text(p.types.of(n.t)), p.types.of(n.t));
  },
};

export const sizeRules = [sizes, offsets] as const;
