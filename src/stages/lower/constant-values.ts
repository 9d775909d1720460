/** What a constant expression of literals comes to, in its type. clang's tree gives the values of few of them. */
import { type AstNode, calleeName, desugared } from "../../c/ast.ts";
import { isConstant } from "./constant-expressions.ts";
import { BYTES } from "./volatile-reads.ts";

/** @returns undefined for what names anything (an enumerator, a size), and for what C gives no value (a division by zero) */
export function constantValue(node: AstNode | undefined): bigint | undefined {
  const value = node && untyped(node);
  const bytes = node && BYTES[desugared(node)];
  if (value === undefined || bytes === undefined) return undefined;
  const isUnsigned = desugared(node as AstNode).startsWith("unsigned");
  return isUnsigned ? BigInt.asUintN(8 * bytes, value) : BigInt.asIntN(8 * bytes, value);
}

function untyped(node: AstNode): bigint | undefined {
  const [left, right] = (node.inner ?? []).map(constantValue);
  switch (node.kind) {
    case "IntegerLiteral":
    case "CharacterLiteral":
      return BigInt(String(node.value));
    case "ParenExpr":
    case "ConstantExpr":
      return left;
    case "ImplicitCastExpr":
    case "CStyleCastExpr":
      return node.castKind === "IntegralCast" || node.castKind === "NoOp" ? left : undefined;
    case "UnaryOperator":
      return left === undefined ? undefined : UNARY[node.opcode ?? ""]?.(left);
    case "BinaryOperator":
      // What the left side decides does not ask for the right one.
      if (
        left !== undefined &&
        (node.opcode === "&&" || node.opcode === "||") &&
        (left !== 0n) === (node.opcode === "||")
      )
        return truth(left !== 0n);
      return left === undefined || right === undefined ? undefined : BINARY[node.opcode ?? ""]?.(left, right);
    case "ConditionalOperator":
      return left === undefined ? undefined : constantValue(node.inner?.[left === 0n ? 2 : 1]);
    case "CallExpr":
      return calleeName(node) === "__builtin_constant_p" && node.inner?.[1] && isConstant(node.inner[1])
        ? 1n
        : undefined;
    default:
      return undefined;
  }
}

function truth(of: boolean): bigint {
  return of ? 1n : 0n;
}

const UNARY: Record<string, (a: bigint) => bigint> = {
  "-": (a) => -a,
  "+": (a) => a,
  "~": (a) => ~a,
  "!": (a) => truth(a === 0n),
};
const BINARY: Record<string, (a: bigint, b: bigint) => bigint | undefined> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0n ? undefined : a / b),
  "%": (a, b) => (b === 0n ? undefined : a % b),
  "<<": (a, b) => (b < 0n || b > 63n ? undefined : a << b),
  ">>": (a, b) => (b < 0n || b > 63n ? undefined : a >> b),
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "&&": (a, b) => truth(a !== 0n && b !== 0n),
  "||": (a, b) => truth(a !== 0n || b !== 0n),
  "|": (a, b) => a | b,
  "&": (a, b) => a & b,
  "^": (a, b) => a ^ b,
};
