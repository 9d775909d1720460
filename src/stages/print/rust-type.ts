/** Types of Rust as far as a port has them: what C's types are in memory and in calls. */

export type RustType =
  | { k: "int"; name: string; bits: number; signed: boolean }
  | { k: "float"; name: string }
  | { k: "bool" | "unit" | "never" | "void" | "va_list" }
  | { k: "pointer"; mutable: boolean; to: RustType }
  /** `said`: its length as it is written, where that is not the number. */
  | { k: "array"; of: RustType; length: string; said?: string }
  /** A structure, union or opaque type, by its name in the crate. */
  | { k: "record"; name: string }
  /** `Option<unsafe extern "C" fn(…)>`; `bare`: not an Option, as a function's own name has it. */
  | { k: "function"; parameters: RustType[]; result: RustType; variadic: boolean; bare: boolean }
  /** What is not read here, as written. */
  | { k: "other"; text: string };

const int = (name: string, bits: number, signed: boolean): RustType => ({ k: "int", name, bits, signed });
export const I32 = int("c_int", 32, true);
export const U8 = int("u8", 8, false);
export const U32 = int("u32", 32, false);
export const U64 = int("u64", 64, false);
export const USIZE = int("usize", 64, false);
export const ISIZE = int("isize", 64, true);
export const BOOL: RustType = { k: "bool" };
export const UNIT: RustType = { k: "unit" };
export const NEVER: RustType = { k: "never" };
export const VOID: RustType = { k: "void" };

/** The integer of a width; `char` is what C's plain char is called. */
export function intOf(bits: number, signed: boolean): RustType {
  return int(`${signed ? "i" : "u"}${bits}`, bits, signed);
}

/** The names that Rust and core::ffi give to integers on a 64-bit kernel. */
export const NAMED: ReadonlyMap<string, RustType> = new Map([
  ...[8, 16, 32, 64, 128].flatMap((b) => [[`u${b}`, intOf(b, false)] as const, [`i${b}`, intOf(b, true)] as const]),
  ["usize", USIZE],
  ["isize", ISIZE],
  ["c_int", int("c_int", 32, true)],
  ["c_uint", U32],
  ["c_short", intOf(16, true)],
  ["c_ushort", intOf(16, false)],
  ["c_char", int("c_char", 8, true)],
  ["c_schar", intOf(8, true)],
  ["c_uchar", U8],
  ["c_long", int("c_long", 64, true)],
  ["c_ulong", int("c_ulong", 64, false)],
  ["c_longlong", intOf(64, true)],
  ["c_ulonglong", U64],
  ["c_void", VOID],
  ["bool", BOOL],
  ["f32", { k: "float", name: "f32" }],
  ["f64", { k: "float", name: "f64" }],
]);

export function pointer(to: RustType, mutable: boolean): RustType & { k: "pointer" } {
  return { k: "pointer", mutable, to };
}

export function show(t: RustType): string {
  switch (t.k) {
    case "int":
    case "float":
    case "record":
      return t.name;
    case "bool":
      return "bool";
    case "unit":
      return "()";
    case "never":
      return "!";
    case "void":
      return "c_void";
    case "va_list":
      return "core::ffi::VaList";
    case "pointer":
      return `*${t.mutable ? "mut" : "const"} ${show(t.to)}`;
    case "array":
      return `[${show(t.of)}; ${t.said ?? t.length}]`;
    case "function": {
      const parameters = [...t.parameters.map(show), ...(t.variadic ? ["..."] : [])].join(", ");
      const text = `unsafe extern "C" fn(${parameters})${t.result.k === "unit" ? "" : ` -> ${show(t.result)}`}`;
      return t.bare ? text : `Option<${text}>`;
    }
    case "other":
      return t.text;
  }
}

/** Whether two are one type to rustc: names of the same integer are. */
export function same(a: RustType, b: RustType): boolean {
  if (a.k === "function" && b.k === "function")
    return (
      a.bare === b.bare &&
      a.variadic === b.variadic &&
      a.parameters.length === b.parameters.length &&
      a.parameters.every((p, i) => same(p, b.parameters[i] as RustType)) &&
      same(a.result, b.result)
    );
  if (a.k === "pointer" && b.k === "pointer") return a.mutable === b.mutable && same(a.to, b.to);
  if (a.k === "array" && b.k === "array") return a.length === b.length && same(a.of, b.of);
  // By what they are, whatever they are called.
  if (a.k === "int" && b.k === "int") return a.bits === b.bits && a.signed === b.signed && isSize(a) === isSize(b);
  return show(a) === show(b);
}

/** `usize` or `isize`, by those names. */
export function isSize(t: RustType): boolean {
  return t.k === "int" && /^[ui]size$/.test(t.name);
}

/** Whether a value of one goes where the other is expected without a word: `*mut T` is a `*const T` as well, and what never comes is anything. */
export function coerces(from: RustType, to: RustType): boolean {
  if (from.k === "never" || same(from, to)) return true;
  return from.k === "pointer" && to.k === "pointer" && from.mutable && same(from.to, to.to);
}

export function isScalar(t: RustType): boolean {
  return t.k === "int" || t.k === "bool" || t.k === "float" || t.k === "pointer" || t.k === "function";
}
