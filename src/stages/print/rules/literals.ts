/** Numbers, characters and strings. */
import { literalOf } from "../convert.ts";
import { CannotPrint } from "../crate-types.ts";
import { mark } from "../mark.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, BINDS, cast, method, type Rust } from "../rust-text.ts";
import { pointer, type RustType, U8 } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";

const SPELLED = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)[uUlLzZ]*$/;

/** A C number as Rust spells it: the same base, no suffix. */
function spelled(spelling: string | undefined, value: bigint): string {
  const digits = spelling === undefined ? undefined : SPELLED.exec(spelling)?.[1]?.toLowerCase();
  if (digits === undefined) return value.toString();
  const text = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  return BigInt(text) === value ? text : value.toString();
}

/** Bytes as the inside of a Rust literal: ASCII that prints as itself. */
export function escaped(bytes: Buffer): string {
  let out = "";
  for (const b of bytes) {
    if (b === 0x5c || b === 0x22) out += `\\${String.fromCharCode(b)}`;
    else if (b === 0x0a) out += "\\n";
    else if (b === 0x09) out += "\\t";
    else if (b === 0x0d) out += "\\r";
    else if (b === 0) out += "\\0";
    else if (b >= 0x20 && b < 0x7f) out += String.fromCharCode(b);
    else out += `\\x${b.toString(16).padStart(2, "0")}`;
  }
  return out;
}

/**
 * A C string as a pointer to its characters. A zero byte within is no end in C, and no part of a C string in Rust.
 * @param name of a constant that is the string
 */
export function stringPointer(bytes: Buffer, charType: RustType, name?: string): Rust {
  const c = pointer(charType, false);
  const signed = charType.k === "int" && charType.signed;
  if (bytes.includes(0))
    return {
      ...atom(`b"${escaped(bytes)}\\0".as_ptr()${signed ? ".cast()" : ""}`, c),
      ...(signed ? { inferred: true as const } : {}),
    };
  const chars = atom(`${name ?? `c"${escaped(bytes)}"`}.as_ptr()`, c);
  return signed ? chars : { ...method(chars, "cast", [], c), inferred: true, uncast: chars };
}

/**
 * The characters of an array that a string initialises, with the zeros that fill it: by a function that rustc computes, or where the string is
 * all of it, or none of Rust's, as they are.
 */
export function stringArray(p: Printer, bytes: Buffer, type: RustType & { k: "array" }): Rust {
  if (type.of.k !== "int" || type.of.bits !== 8) throw new CannotPrint("a wide string");
  const length = Number(type.length);
  const characters = bytes.subarray(0, length);
  const fill = length - characters.length;
  if ((type.of.signed || fill > 1) && characters.every((b) => b < 0x80)) {
    const text = p.template ? mark({ k: "chars", hex: characters.toString("hex") }) : `"${escaped(characters)}"`;
    return { ...atom(`${type.of.signed ? "chars_of" : "bytes_of"}(${text})`, type), inferred: true };
  }
  const text = `*b"${escaped(characters)}${"\\0".repeat(fill)}"`;
  return type.of.signed
    ? atom(`unsafe { core::mem::transmute::<[u8; ${length}], ${p.types.text(type)}>(${text}) }`, type)
    : { text, binds: BINDS.unary, type };
}

const numbers: ExpressionRule = {
  file: "literals.ts",
  name: "numbers",
  because: "a literal takes the type of the place it stands in: no suffix, and its base as in C",
  fixture: "integer-conversions",
  kinds: ["integer", "character"],
  print(p, node, _i, want) {
    const n = node as Kind<"integer"> | Kind<"character">;
    const value = BigInt(n.v ?? "0");
    const type = p.types.of(n.t);
    if (n.k === "character") {
      // `b'x'` is a u8; where another integer is wanted, the number says the same and needs no cast.
      const to = want?.k === "int" ? want : type;
      const code = Number(value);
      if (to.k === "int" && to.bits === 8 && !to.signed && code >= 0 && code < 256)
        return literalOf(value, to, byteLiteral(code));
      // Elsewhere it is a byte all the same: the number alone would say less.
      if (code >= 0 && code < 128 && to.k === "int") return cast(literalOf(value, U8, byteLiteral(code)), to.name, to);
      return literalOf(value, to);
    }
    const text = p.template && isLine(p, n) ? mark({ k: "line", text: value.toString() }) : spelled(n.spelling, value);
    return literalOf(value, want?.k === "int" ? want : type, text);
  },
};

/** Whether a number is C's `__LINE__`. */
function isLine(p: Printer, n: Kind<"integer">): boolean {
  const last = p.unit.steps(n.p).at(-1);
  return last !== undefined && p.unit.macroName(last.invocation) === "__LINE__";
}

function byteLiteral(code: number): string {
  return `b'${code === 0x27 ? "\\'" : code === 0x22 ? '"' : code === 0 ? "\\0" : escaped(Buffer.from([code]))}'`;
}

const strings: ExpressionRule = {
  file: "literals.ts",
  name: "strings",
  because: 'a C string is one in Rust: `c"…"`, as a pointer to its characters',
  fixture: "string-functions",
  kinds: ["string"],
  print(p, node, _i, want) {
    const n = node as Kind<"string">;
    if (n.unit !== 1) throw new CannotPrint("a wide string");
    if (want?.k === "array") {
      const made = stringArray(p, Buffer.from(n.bytes, "hex"), want);
      return made.inferred ? { ...made, text: `const { ${made.text} }` } : made;
    }
    const element = p.unit.plain(n.t);
    const type = element.k === "array" ? p.types.of(element.of) : p.types.of(n.t);
    if (p.template && !Buffer.from(n.bytes, "hex").includes(0))
      return atom(mark({ k: "string", hex: n.bytes, signed: type.k === "int" && type.signed }), pointer(type, false));
    return stringPointer(Buffer.from(n.bytes, "hex"), type);
  },
};

const floats: ExpressionRule = {
  file: "literals.ts",
  name: "floating point",
  because: "no kernel code computes with it",
  fixture: "sizes",
  kinds: ["floating"],
  print: () => {
    throw new CannotPrint("floating point");
  },
};

export const literals = [numbers, strings, floats] as const;
