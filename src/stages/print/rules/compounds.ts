/** Expressions with parts: conditionals, statement expressions, assignments as values, literals of structures. */
import { fits } from "../convert.ts";
import { unpromoted } from "./operators.ts";
import { CannotPrint } from "../crate-types.ts";
import { compound, held } from "../effects.ts";
import { addressOfLiteral } from "../items/file-literal.ts";
import { listLiteral } from "../list-literal.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, blockLike, typedOf } from "../rust-text.ts";
import { type RustType, same, UNIT } from "../rust-type.ts";
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
    const test = p.condition(n.condition).text;
    if (test === "true" || test === "false") return p.expression(test === "true" ? n.then : n.else, want);
    if (type.k === "void") return blockLike(`if ${test} { ${p.effect(n.then)}; } else { ${p.effect(n.else)}; }`, UNIT);
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
    const [one, other] = [then.uncast, otherwise.uncast];
    if (one !== undefined && other !== undefined)
      return {
        ...made,
        inferred: true,
        uncast: blockLike(`if ${test} { ${one.text} } else { ${other.text} }`, kept),
      };
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
  because:
    "`a = b` has a value in C only: it is assigned, then named, or said again where it is a number; one that a condition begins with stands before it",
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
    return p.prelude.isSaidBefore(i) ? place : blockLike(`{ ${p.effect(i)}; ${place.text} }`, place.type);
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
    if (n.k === "compound-literal" && p.constants !== undefined && isPlace(p, i))
      return { ...atom("literal", type), pointee: addressOfLiteral(p, n, p.constants) };
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

export const compounds = [conditionals, statementExpressions, assignments, lists, atomics] as const;
