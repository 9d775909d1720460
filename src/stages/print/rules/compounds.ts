/** Expressions with parts: conditionals, statement expressions, assignments as values, sizes, offsets, literals of structures. */
import { fits, literalOf } from "../convert.ts";
import { isNull, unpromoted } from "./operators.ts";
import { CannotPrint } from "../crate-types.ts";
import { compound, held } from "../effects.ts";
import { findMember } from "../members.ts";
import { listLiteral } from "../list-literal.ts";
import { ownAlignment } from "../own-alignment.ts";
import { mark } from "../mark.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, blockLike, cast, typedOf } from "../rust-text.ts";
import { type RustType, same, UNIT, USIZE } from "../rust-type.ts";
import { valueBlock } from "../statements.ts";
import type { Kind } from "../unit-facts.ts";
import { zeroOf } from "../zero-literal.ts";

const conditionals: ExpressionRule = {
  file: "compounds.ts",
  name: "conditionals",
  because: "`a ? b : c` is an `if`; what a constant decides is decided",
  fixture: "statement-expression",
  kinds: ["conditional"],
  print(p, node, _i, want) {
    const n = node as Kind<"conditional">;
    const condition = p.unit.expression(n.condition);
    if (n.then !== undefined && condition.v !== undefined)
      return p.expression(condition.v !== "0" ? n.then : n.else, want);
    const type = p.types.of(n.t);
    const to = want?.k === "int" && areConstants(p, n, want) ? want : wanted(type, want);
    if (n.then === undefined) {
      const value = p.typed(n.condition);
      const name = p.fresh("value");
      return blockLike(
        `{ let ${name} = ${value.text}; if ${p.convert.truth(atom(name, value.type)).text} { ${p.convert.to(atom(name, value.type), to).text} } else { ${p.value(n.else, to).text} } }`,
        to,
      );
    }
    if (type.k === "void")
      return blockLike(
        `if ${p.condition(n.condition).text} { ${p.effect(n.then)}; } else { ${p.effect(n.else)}; }`,
        UNIT,
      );
    const test = p.condition(n.condition).text;
    if (test === "true" || test === "false") return p.expression(test === "true" ? n.then : n.else, want);
    // What is promoted in both is converted once, behind.
    const [left, right] = [unpromoted(p, n.then), unpromoted(p, n.else)];
    const alike = same(p.typeOf(left), p.typeOf(right));
    const [a, b] = alike
      ? [p.expression(left, to), p.expression(right, to)]
      : [p.expression(n.then, to), p.expression(n.else, to)];
    // Both of one other type: converted once, behind; constants that have names, such as enumerators, each by itself.
    const named = a.known !== undefined && b.known !== undefined;
    const kept = !named && a.literal === undefined && b.literal === undefined && same(a.type, b.type) ? a.type : to;
    const [then, otherwise] = [p.convert.to(a, kept), p.convert.to(b, kept)];
    // `else if` rather than a conditional in a block of its own.
    const last =
      p.unit.node(n.else).k === "conditional" && otherwise.text.startsWith("if ") && otherwise.text.endsWith("}")
        ? otherwise.text
        : `{ ${otherwise.text} }`;
    const made = blockLike(`if ${test} { ${then.text} } else ${last}`, kept);
    const open = [then, otherwise].every((r) => r.literal !== undefined || r.typed !== undefined);
    if (!open) return then.inferred || otherwise.inferred ? { ...made, inferred: true } : made;
    // One branch that says its type says the other's.
    const typed = typedOf(then);
    return {
      ...made,
      inferred: true,
      ...(typed === undefined ? {} : { typed: `if ${test} { ${typed} } else ${last}` }),
    };
  },
};

/** Whether it is one of two numbers, which a type holds as they are. */
function areConstants(p: Printer, n: Kind<"conditional">, type: RustType): boolean {
  return [n.then ?? n.condition, n.else].every((x) => {
    const { v } = p.unit.expression(x);
    return v !== undefined && fits(BigInt(v), type);
  });
}

/** What is wanted, where a value of the type becomes it by itself. */
function wanted(type: RustType, want: RustType | undefined): RustType {
  if (want === undefined) return type;
  if (type.k === "pointer" && want.k === "pointer") return same(type.to, want.to) ? want : type;
  if (type.k === "int" && want.k === "int" && same(type, want)) return want;
  return type.k === "int" && want.k === "bool" ? type : type;
}

const statementExpressions: ExpressionRule = {
  file: "compounds.ts",
  name: "statement expressions",
  because: "`({ … })` is a block; its last expression is its value",
  fixture: "statement-expression",
  kinds: ["statement-expression"],
  print(p, node, _i, want) {
    const n = node as Kind<"statement-expression">;
    return valueBlock(p, n.body, want);
  },
};

const assignments: ExpressionRule = {
  file: "compounds.ts",
  name: "assignments as values",
  because: "`a = b` has a value in C only: it is assigned, then named, or said again where it is a number",
  fixture: "statement-expression",
  kinds: ["assignment"],
  print(p, node, i) {
    const n = node as Kind<"assignment">;
    const place = p.expression(n.left);
    if (p.unit.isVolatile(p.unit.expression(n.left).t)) throw new CannotPrint("the value of a volatile assignment");
    if (!p.isPure(n.left)) {
      // C's compilers compute the right side first.
      if (n.op !== "=" && !p.isPure(n.right))
        throw new CannotPrint("a compound assignment both sides of which do something");
      if (n.op !== "=")
        return blockLike(
          held(p, n.left, (at) => `${compound(p, n, at)}; ${at.text}`),
          place.type,
        );
      if (place.bitfield) throw new CannotPrint("the value of a bit-field's assignment to a place that does something");
      // The value is computed before the place, as C's compilers do.
      const name = p.fresh("value");
      return blockLike(
        `{ let ${name}: ${p.types.text(place.type)} = ${p.value(n.right, place.type).text}; ${place.text} = ${name}; ${name} }`,
        place.type,
      );
    }
    return blockLike(`{ ${p.effect(i)}; ${place.text} }`, place.type);
  },
};

const sizes: ExpressionRule = {
  file: "compounds.ts",
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
      ...atom(
        place === undefined
          ? `sizeof!(${of.k === "record" ? (p.env.record(of.name)?.union ? "union" : "struct") : "type"} ${p.types.text(of)})`
          : `sizeof!(${place})`,
        type,
      ),
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
  if (nowhere && same(nowhere.type, type)) return `(*core::ptr::null::<${p.types.text(nowhere.of)}>()).${nowhere.path}`;
  const named =
    place.k === "reference" ||
    place.k === "member" ||
    (place.k === "subscript" && p.unit.expression(place.index).v !== undefined && isArray(p, place.base))
      ? p.expression(n.of)
      : undefined;
  return named && !named.bitfield && same(named.type, type) ? named.text : undefined;
}

/** `((struct file *)0)->f_pos`: a member of what is nowhere, as `sizeof_field()` has it. Nothing else says of what type the pointer is. */
function memberOfNull(p: Printer, i: number): { of: RustType; path: string; type: RustType } | undefined {
  const n = p.unit.node(i);
  if (n.k !== "member") return undefined;
  const outer = n.arrow ? undefined : memberOfNull(p, n.base);
  const pointer = p.typeOf(n.base);
  if (n.arrow && !(isNull(p, n.base) && pointer.k === "pointer" && p.types.isNamed(pointer.to))) return undefined;
  const at = n.arrow && pointer.k === "pointer" ? { of: pointer.to, type: pointer.to, path: "" } : outer;
  const record = p.unit.declaration(n.record);
  const name = record.k === "record" ? record.fields?.[n.field]?.name : undefined;
  if (at === undefined || name === undefined) return at;
  const found = findMember(p, at.type, name);
  if (!found || found.accessor !== undefined) return undefined;
  const path = found.path.join(".");
  const text = p.template && at.path === "" ? mark({ k: "field", name, path }) : path;
  return { ...at, type: found.type, path: at.path === "" ? text : `${at.path}.${text}` };
}

function isArray(p: Printer, base: number): boolean {
  const n = p.unit.node(base);
  return n.k === "cast" && n.kind === "ArrayToPointerDecay";
}

const offsets: ExpressionRule = {
  file: "compounds.ts",
  name: "offsets",
  because: "`offsetof` is core's `offset_of!`",
  fixture: "flexible-array",
  kinds: ["offsetof"],
  print(p, node, _i, want) {
    const n = node as Kind<"offsetof">;
    const type = p.types.of(n.type);
    if (n.v !== undefined && !p.types.isNamed(type)) return literalOf(BigInt(n.v), p.types.of(n.t));
    const path: string[] = [];
    let at = type;
    for (const s of n.steps) {
      if (!("record" in s)) throw new CannotPrint("the offset of an element");
      const record = p.unit.declaration(s.record);
      const name = record.k === "record" ? record.fields?.[s.field]?.name : undefined;
      if (name === undefined) continue;
      const found = findMember(p, at, name);
      if (!found || found.accessor !== undefined) throw new CannotPrint(`the member ${name} is not in the crate`);
      path.push(p.template ? mark({ k: "field", name, path: found.path.join(".") }) : found.path.join("."));
      at = found.type;
    }
    const made = atom(`core::mem::offset_of!(${p.types.text(type)}, ${path.join(".")})`, USIZE);
    if (want?.k === "int" && same(want, USIZE)) return made;
    return cast(made, p.types.text(p.types.of(n.t)), p.types.of(n.t));
  },
};

const lists: ExpressionRule = {
  file: "compounds.ts",
  name: "literals of structures",
  because: "what C does not name is zero, padding included: cleared, then assigned",
  fixture: "padding",
  kinds: ["compound-literal", "list", "zero"],
  print(p, node, i) {
    const n = node as Kind<"compound-literal"> | Kind<"list"> | Kind<"zero">;
    const type = p.types.of(n.t);
    if (n.k === "zero") return zeroOf(p, type);
    if (n.k === "compound-literal" && !p.template && isPlace(p, i))
      return atom(
        p.prelude.declare(
          i,
          (k) => p.fresh(k === 1 ? "literal" : `literal_${k}`),
          (name) => [
            `let mut ${name}: ${p.types.text(type)} = ${zeroOf(p, type).text};`,
            ...p.initialise(name, type, n.initialiser),
          ],
        ),
        type,
      );
    if (type.k !== "record" && n.k === "list" && n.items.length === 1) return p.value(n.items[0] as number, type);
    const list = n.k === "compound-literal" ? n.initialiser : i;
    const literal = p.form.literals && !p.template ? listLiteral(p, type, list) : undefined;
    if (literal !== undefined) return atom(literal, type);
    const lines = p.initialise("value", type, list);
    if (lines.length === 0) return zeroOf(p, type);
    return blockLike(
      `{ let mut value: ${p.types.text(type)} = ${zeroOf(p, type).text}; ${lines.join(" ")} value }`,
      type,
    );
  },
};

/** Whether it is more than a value: its address is taken, or it is an array. It lives on to the end of the block. */
function isPlace(p: Printer, i: number): boolean {
  const up = p.invocations.parentOf(i);
  const around = up === undefined ? undefined : p.unit.node(up);
  return (
    around !== undefined &&
    ((around.k === "unary" && around.op === "&") || (around.k === "cast" && around.kind === "ArrayToPointerDecay"))
  );
}

const atomics: ExpressionRule = {
  file: "compounds.ts",
  name: "variable arguments",
  because: "a va_list is the compiler's: such functions keep the text that they have",
  fixture: "varargs",
  kinds: ["va_arg", "atomic", "label-address", "other-expression"],
  print(_p, n) {
    throw new CannotPrint(n.k === "other-expression" ? `no rule for ${n.class}` : `no rule for ${n.k}`);
  },
};

export const compounds = [conditionals, statementExpressions, assignments, sizes, offsets, lists, atomics] as const;
