/** Calls, of functions, of pointers to them, and of the compiler's builtins. */
import { byName } from "../../../machine/by-name.ts";
import { literalOf } from "../convert.ts";
import { CannotPrint } from "../crate-types.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, BINDS, cast, method, operand, type Rust, withType } from "../rust-text.ts";
import { I32, NEVER, pointer, type RustType, same, U64, UNIT, USIZE, VOID } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";
import { unpromoted } from "./operators.ts";

const calls: ExpressionRule = {
  file: "calls.ts",
  name: "calls",
  because:
    "arguments take the types of the crate's declaration; a pointer is called where it points, as C does, null or not",
  fixture: "notifier",
  kinds: ["call"],
  print(p, node, _i, want) {
    const n = node as Kind<"call">;
    if (n.builtin !== undefined) {
      const made = builtin(p, n, n.builtin, want);
      if (made) return made;
    }
    const callee = p.expression(n.callee);
    if (callee.type.k !== "function") throw new CannotPrint("a call of what is no function");
    const text = callee.type.bare ? callee.text : `${operand(callee, BINDS.postfix)}.unwrap_unchecked()`;
    return call(p, text, callee.type, n.arguments);
  },
};

/** A call of something by its type. */
export function call(p: Printer, callee: string, type: RustType & { k: "function" }, given: readonly number[]): Rust {
  if (!type.variadic && type.parameters.length !== given.length)
    throw new CannotPrint(`a call with ${given.length} arguments of what takes ${type.parameters.length}`);
  // The rest of a macro's arguments is passed on as a whole to what takes any number, one by one to what does not.
  const { template } = p;
  const isRest = (a: number): boolean => {
    const argument = template?.argumentOf(p.unit, p.unit.node(a).p);
    return argument !== undefined && template?.isRest(argument) === true;
  };
  const own = template?.variadic && type.variadic ? given.filter((a) => !isRest(a)) : given;
  let rest = 0;
  const passed = own.map((a, i) => {
    const wanted = type.parameters[i];
    if (template && isRest(a))
      return template.restAt(
        rest++,
        p.within(undefined, () => (wanted ? p.value(a, wanted) : variadic(p, a)).text),
      );
    return (wanted ? p.value(a, wanted) : variadic(p, a)).text;
  });
  if (template?.variadic && type.variadic && own.length >= type.parameters.length) {
    template.rest = p.within(undefined, () => given.filter(isRest).map((a) => variadic(p, a).text));
    return atom(`${callee}(${passed.join(", ")} $(, $${template.restName()})*)`, type.result);
  }
  if (own.length !== given.length) throw new CannotPrint("a macro that takes arguments apart");
  return atom(`${callee}(${passed.join(", ")})`, type.result);
}

/** An argument behind the `...`: its own type is what counts. */
function variadic(p: Printer, i: number): Rust {
  const type = p.typeOf(i);
  const plain = p.expression(i);
  // A function by its name is a type of its own in Rust, of no size: only a pointer to it is passed.
  if (plain.type.k === "function" && plain.type.bare) return cast(plain, p.types.text(plain.type), plain.type);
  // Nobody sees whether it may be written through.
  const r =
    plain.type.k === "pointer" && type.k === "pointer" && same(plain.type.to, type.to)
      ? plain
      : p.convert.to(plain, type, false);
  if (r.literal !== undefined && type.k === "int" && !(type.bits === 32 && type.signed))
    return cast(r, type.name, type);
  // Nor what is said of the characters that a string points to, where C's char is unsigned: no type around would say it (E0282).
  if (r.uncast !== undefined) return r.uncast;
  if (r.inferred) return type.k === "pointer" ? cast(r, p.types.text(type), type) : withType(r);
  return r;
}

const MEMORY: Readonly<Record<string, RustType[]>> = byName({
  memset: [pointer(VOID, true), I32, U64],
  memcpy: [pointer(VOID, true), pointer(VOID, false), U64],
  memmove: [pointer(VOID, true), pointer(VOID, false), U64],
  memcmp: [pointer(VOID, false), pointer(VOID, false), U64],
});

function builtin(p: Printer, n: Kind<"call">, name: string, want: RustType | undefined): Rust | undefined {
  const plain = name.replace(/^__builtin_/, "");
  const [first, second, third] = n.arguments;
  if (plain === "expect" || plain === "expect_with_probability") {
    // `!!(x)`, a number in C, is a condition.
    const truth = p.expression(unpromoted(p, first as number), { k: "bool" });
    return truth.type.k === "bool" ? truth : p.expression(first as number, want);
  }
  if (plain === "constant_p") return { ...atom(n.v === undefined || n.v === "0" ? "false" : "true", { k: "bool" }) };
  // How large an object is that nobody knows the size of: as large as can be, or (asked for the least) nothing.
  if (plain === "object_size" || plain === "dynamic_object_size") {
    const least = second !== undefined && (Number(p.unit.expression(second).v ?? "0") & 2) !== 0;
    return p.convert.to(
      literalOf(n.v === undefined ? (least ? 0n : -1n) : BigInt(n.v), I32),
      want?.k === "int" ? want : p.types.of(n.t),
    );
  }
  if (plain === "unreachable") return atom("core::hint::unreachable_unchecked()", NEVER);
  const memory = MEMORY[plain];
  if (memory) {
    const known = p.env.function(plain);
    // Arguments in the types of `src/libc.rs`, or of the kernel's own declaration.
    const parameters = known ? known.parameters.map((x) => p.types.resolve(x.type)) : memory;
    const passed = n.arguments.map((a, i) => p.value(a, parameters[i] ?? U64).text);
    return atom(
      `${known ? plain : `crate::libc::${plain}`}(${passed.join(", ")})`,
      plain === "memcmp" ? I32 : (memory[0] as RustType),
    );
  }
  const overflow = /^(?:[us](?:l|ll)?)?(add|sub|mul)(?:l|ll)?_overflow$/.exec(plain)?.[1];
  if (overflow !== undefined && first !== undefined && second !== undefined && third !== undefined)
    return overflowing(p, overflow, first, second, third);
  const bits = BITS[plain];
  if (bits && first !== undefined) return cast(method(p.typed(first), bits, [], USIZE), "c_int", I32);
  if (/^bswap(?:16|32|64)$/.test(plain) && first !== undefined)
    return method(p.typed(first), "swap_bytes", [], p.types.of(n.t));
  if (plain === "prefetch") return atom("()", UNIT);
  if (n.v !== undefined) return { ...atom(n.v, p.types.of(n.t)), literal: BigInt(n.v) };
  if (/^__builtin_/.test(name)) throw new CannotPrint(`no rule for ${name}`);
  return undefined;
}

const BITS: Readonly<Record<string, string>> = byName({
  clz: "leading_zeros",
  clzl: "leading_zeros",
  clzll: "leading_zeros",
  ctz: "trailing_zeros",
  ctzl: "trailing_zeros",
  ctzll: "trailing_zeros",
  popcount: "count_ones",
  popcountl: "count_ones",
  popcountll: "count_ones",
});

/** `__builtin_add_overflow(a, b, &result)`, where all three have one type. */
function overflowing(p: Printer, operation: string, a: number, b: number, result: number): Rust {
  const to = p.typed(result);
  if (to.type.k !== "pointer" || to.type.to.k !== "int")
    throw new CannotPrint("an overflow check of what is no number");
  const type = to.type.to;
  const [l, r] = [p.expression(a, type), p.expression(b, type)];
  const [left, right] = [l, r].map((x) => p.convert.to(x, type));
  for (const x of [l, r])
    if (
      x.literal === undefined &&
      x.type.k === "int" &&
      !(x.type.signed === type.signed ? x.type.bits <= type.bits : !x.type.signed && x.type.bits < type.bits)
    )
      throw new CannotPrint("an overflow check over several types");
  const place = to.addressOf ? to.addressOf.text : `*${operand(to, BINDS.unary)}`;
  return {
    text: `{ let (value, overflowed) = ${method(left as Rust, `overflowing_${operation}`, [(right as Rust).text], type).text}; ${place} = value; overflowed }`,
    binds: BINDS.statement,
    type: { k: "bool" },
  };
}

export const callRules = [calls] as const;
