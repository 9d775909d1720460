/**
 * `__builtin_add_overflow` and its kin compute with all the digits there are, and store what fits. c2rust 0.22.1 writes `a.overflowing_add(b)`,
 * which is that only where both operands have the type of the result: the rest does not compile.
 */
import { byName } from "../../machine/by-name.ts";
import { type AstNode, calleeName, desugared, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { BYTES } from "./volatile-reads.ts";

const OPERATORS: Record<string, string> = byName({
  __builtin_add_overflow: "+",
  __builtin_sub_overflow: "-",
  __builtin_mul_overflow: "*",
});

/** The operands, and the type that the result is stored as; undefined for any other node. */
function partsOf(
  n: AstNode,
): { operator: string; operands: [AstNode, AstNode]; to: AstNode; result: string } | undefined {
  const operator = n.kind === "CallExpr" ? OPERATORS[calleeName(n) ?? ""] : undefined;
  const [, a, b, to] = n.inner ?? [];
  if (operator === undefined || a === undefined || b === undefined || to === undefined) return undefined;
  // Where an address is taken of something, that tells more than the pointer's type: the type behind a typedef.
  const object = to.kind === "UnaryOperator" && to.opcode === "&" ? to.inner?.[0] : undefined;
  const result = object ? desugared(object) : desugared(to).replace(/\s*\*[^*]*$/, "");
  return { operator, operands: [a, b], to, result: result.replace(/\b(?:const|volatile)\s+/g, "") };
}

/** Whether c2rust computes it, which does so before the whole statement; what is computed in 128 bits is an expression in its place. */
export function isComputedByC2rust(n: AstNode): boolean {
  const of = partsOf(n);
  return (
    of !== undefined && (of.operands.some((o) => isWide(desugared(o))) || of.operands.every((o) => fits(of.result, o)))
  );
}

/** Whether an operand becomes one of the result's type. */
function fits(result: string, operand: AstNode): boolean {
  return desugared(operand) === result || holds(result, operand);
}

/** Whether an operand is of 128 bits: nothing holds all the digits then, and only operands of the result's type are c2rust's to compute. */
export function overflowsWidest(n: AstNode): boolean {
  const of = partsOf(n);
  return (
    of !== undefined &&
    of.operands.some((o) => isWide(desugared(o))) &&
    of.operands.some((o) => desugared(o) !== of.result)
  );
}

/**
 * Operands that the result's type can hold become of that type. Others are computed with in 128 bits, which hold every sum, difference and
 * product of two numbers of 64, and the result is the value where it reads the same and has the same sign.
 */
export function lowerOverflowBuiltins(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    const of = partsOf(n);
    const at = of && extent(n);
    if (of === undefined || at === undefined || of.operands.some((o) => isWide(desugared(o)))) return;
    const [a, b, to] = [...of.operands, of.to].map(extent);
    const result = spelling({ qualType: of.result });
    if (a === undefined || b === undefined || to === undefined || result === undefined) return;
    if (of.operands.every((o) => desugared(o) === of.result)) return;
    if (of.operands.every((o) => fits(of.result, o))) {
      for (const o of [a, b]) text.replace(o.start, o.end, `((${result})(`, o, "))");
      return;
    }
    // The product of two unsigned numbers may take all 128 bits.
    const wide =
      of.operands.every((o) => isUnsigned(desugared(o)) === true) && of.operator === "*"
        ? "unsigned __int128"
        : "__int128";
    const value = [`${wide} kport$value = (${wide})(`, a, `) ${of.operator} (${wide})(`, b, "); "];
    const stored = [`${result} kport$stored = (${result})kport$value; *(`, to, ") = kport$stored; "];
    text.replace(
      at.start,
      at.end,
      "({ ",
      ...value,
      ...stored,
      `(_Bool)((${wide})kport$stored != kport$value || (kport$stored < 0) != (kport$value < 0)); })`,
    );
  });
}

function isWide(type: string): boolean {
  return /\b__int128\b/.test(type);
}

/** Undefined where the type does not tell: plain `char` and enumerations. */
function isUnsigned(type: string): boolean | undefined {
  return type === "_Bool" || type.startsWith("unsigned ")
    ? true
    : type === "char" || BYTES[type] === undefined
      ? undefined
      : false;
}

/** Whether a type has every value that an operand can have. */
function holds(type: string, operand: AstNode): boolean {
  const [to, from] = [isUnsigned(type), isUnsigned(desugared(operand))];
  const [bits, needed] = [8 * (BYTES[type] ?? 0), 8 * (BYTES[desugared(operand)] ?? 0)];
  if (to === undefined || type === "_Bool") return false;
  const literal = literalOf(operand);
  if (literal !== undefined) return literal < 2n ** BigInt(to ? bits : bits - 1);
  if (from === undefined) return false;
  return from === to ? needed <= bits : from && needed < bits;
}

/** A literal's value, which is never negative. */
function literalOf(node: AstNode): bigint | undefined {
  if (node.kind === "IntegerLiteral") return BigInt(String(node.value));
  return (node.kind === "ParenExpr" || node.kind === "ImplicitCastExpr") && node.inner?.[0] !== undefined
    ? literalOf(node.inner[0])
    : undefined;
}
