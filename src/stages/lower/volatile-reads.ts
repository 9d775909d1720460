/**
 * Keeps reads of volatile objects volatile. c2rust 0.22.1 writes volatile objects with `write_volatile` but reads them like any other, so that
 * READ_ONCE, `jiffies` and device registers could be read once for a whole loop. Each such read becomes a call that the port's Rust
 * defines with `read_volatile`.
 */
import { byName } from "../../machine/by-name.ts";
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/** The sizes of C's integer types. */
export const BYTES: Record<string, number> = byName({
  char: 1,
  "signed char": 1,
  "unsigned char": 1,
  _Bool: 1,
  short: 2,
  "unsigned short": 2,
  int: 4,
  "unsigned int": 4,
  long: 8,
  "unsigned long": 8,
  "long long": 8,
  "unsigned long long": 8,
});
const UNSIGNED: Record<number, string> = {
  1: "unsigned char",
  2: "unsigned short",
  4: "unsigned int",
  8: "unsigned long",
};

/** The functions the calls name, as C declares them; their `$` is a `_` in the end (names.ts). */
export const VOLATILE_READS = Object.entries(UNSIGNED)
  .map(([bytes, type]) => `${type} kport$read_volatile_${bytes}(const volatile void *);\n`)
  .join("");

/** The same as C defines them. */
export const VOLATILE_READS_IN_C = Object.entries(UNSIGNED)
  .map(
    ([bytes, type]) =>
      `static inline ${type} kport_read_volatile_${bytes}(const volatile void *object) { return *(const volatile ${type} *)object; }\n`,
  )
  .join("");

/**
 * @param bitfields the unit's, by id
 * @returns whether there was a volatile read
 */
export function lowerVolatileReads(fn: AstNode, bitfields: ReadonlySet<string>, text: Rewriter): boolean {
  let found = false;
  walk(fn, (n) => {
    const [object] = n.kind === "ImplicitCastExpr" && n.castKind === "LValueToRValue" ? (n.inner ?? []) : [];
    const at = object && extent(object);
    if (
      object?.type === undefined ||
      at === undefined ||
      object.kind === "StmtExpr" ||
      !isVolatile(object.type) ||
      isBitfield(object, bitfields)
    )
      return;
    const type = spelling({ qualType: withoutVolatile(n.type?.desugaredQualType ?? n.type?.qualType ?? "") });
    const bytes = type === undefined ? undefined : volatileBytes(type);
    if (type === undefined || bytes === undefined) return;
    found = true;
    const value = `kport$read_volatile_${bytes}(&(`;
    text.replace(
      at.start,
      at.end,
      bytes === 8 && /\*/.test(type) ? `((__typeof__(${type}))` : `((${type})`,
      value,
      at,
      ")))",
    );
  });
  return found;
}

/** The size of what can be read at once: of an integer, an enumeration or a pointer. */
export function volatileBytes(type: string): number | undefined {
  return /\*$|\(\*\)/.test(type) ? 8 : type.startsWith("enum ") ? 4 : BYTES[type];
}

export function isVolatile(type: { qualType: string; desugaredQualType?: string }): boolean {
  return [type.qualType, type.desugaredQualType ?? ""].some((t) =>
    t.includes("*") ? /\*\s*(?:const\s*)?volatile\b[^*]*$/.test(t) : /\bvolatile\b/.test(t),
  );
}

export function withoutVolatile(type: string): string {
  return type.includes("*")
    ? type.replace(/\*\s*(?:const|volatile|\s)+$/, "*")
    : type.replace(/\b(?:const|volatile)\s+/g, "");
}

/** A bit-field has no address; it is read with its neighbours, by an accessor. */
function isBitfield(object: AstNode, bitfields: ReadonlySet<string>): boolean {
  let member = object;
  while (member.kind === "ParenExpr" && member.inner?.[0]) [member] = member.inner;
  return bitfields.has(member.referencedMemberDecl ?? "");
}
