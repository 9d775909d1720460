/** Finds C's members in the crate's structures: unnamed ones have names there, aligned structures an inner one, and some names are taken. */
import type { Kind } from "./unit-facts.ts";
import { CannotPrint } from "./crate-types.ts";
import type { Printer } from "./printer.ts";
import { BINDS, operand, type Rust } from "./rust-text.ts";
import { type RustType, show } from "./rust-type.ts";
import { arrayBelow, dereferenced } from "./rules/places.ts";

export interface FoundMember {
  /** The place as text; with an accessor, that of the structure it belongs to. */
  base: string;
  accessor?: string;
  type: RustType;
  constant: boolean;
  root?: number;
}

export function memberPath(p: Printer, i: number): FoundMember {
  const n = p.unit.node(i) as Kind<"member">;
  const name = fieldName(p, n);
  if (name === undefined) throw new CannotPrint("an unnamed member as a whole");
  // The members in between have no name in C.
  let base = n;
  for (;;) {
    const below = p.unit.node(base.base);
    if (below.k !== "member" || base.arrow || fieldName(p, below) !== undefined) break;
    base = below;
  }
  const object: Rust = base.arrow ? dereferenced(p.typed(base.base)) : p.expression(base.base);
  const whole = operand(object, BINDS.postfix);
  const found = findMember(p, object.type, name);
  if (!found && p.moved.telling) return { base: `${whole}.${name}`, type: p.types.of(n.t), constant: false };
  if (!found) throw new CannotPrint(`the member ${name} is not in the crate's ${show(object.type)}`);
  const path = [whole, ...found.path].join(".");
  const constant = object.constant === true || isBehindConst(object);
  return {
    base:
      found.accessor !== undefined && isAlignedInPacked(p, n)
        ? `(*(&raw ${constant ? "const" : "mut"} ${path}))`
        : path,
    type: found.type,
    constant,
    ...(object.root === undefined ? {} : { root: object.root }),
    ...(found.accessor === undefined ? {} : { accessor: found.accessor }),
  };
}

/** Whether a structure with bit-fields lies in a packed one, of whose members Rust allows no reference that an accessor takes. */
function isAlignedInPacked(p: Printer, n: Kind<"member">): boolean {
  const record = p.unit.declaration(n.record);
  const isAligned = record.k === "record" && record.packed !== true && (record.align ?? 1) > 1;
  return isAligned && !n.arrow && isInPacked(p, n.base);
}

/** Whether a place is, or is a part of, a member of a packed structure. */
function isInPacked(p: Printer, i: number): boolean {
  const n = p.unit.node(i);
  if (n.k === "subscript") {
    const array = arrayBelow(p, n.base);
    return array !== undefined && isInPacked(p, array);
  }
  if (n.k !== "member") return false;
  const record = p.unit.declaration(n.record);
  return (record.k === "record" && record.packed === true) || (!n.arrow && isInPacked(p, n.base));
}

/** What a `*const` pointer points to: no address to write by is taken of it. */
function isBehindConst(object: Rust): boolean {
  return object.pointee?.type.k === "pointer" && !object.pointee.type.mutable;
}

function fieldName(p: Printer, n: Kind<"member">): string | undefined {
  const record = p.unit.declaration(n.record);
  return record.k === "record" ? record.fields?.[n.field]?.name : undefined;
}

/** The way from a structure to the member of a name, through what has no name in C. */
export function findMember(
  p: Pick<Printer, "env" | "types">,
  type: RustType,
  name: string,
): { path: string[]; accessor?: string; type: RustType } | undefined {
  const record = type.k === "record" ? p.env.record(type.name) : undefined;
  if (!record) return undefined;
  for (const candidate of [name, `${name}_0`, `r#${name}`]) {
    // The storage of a bit-field that has it for itself has its name as well.
    const accessor = record.accessors.get(candidate);
    if (accessor && record.accessors.has(`set_${candidate}`))
      return { path: [], accessor: candidate, type: p.types.resolve(accessor) };
    const field = record.fields.get(candidate);
    if (field) return { path: [candidate], type: p.types.resolve(field) };
  }
  for (const [between, t] of record.fields) {
    if (!/^(?:inner|c2rust_unnamed(?:_\d+)?)$/.test(between)) continue;
    const found = findMember(p, p.types.resolve(t), name);
    if (found) return { ...found, path: [between, ...found.path] };
  }
  return undefined;
}
