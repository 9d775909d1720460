/** What a constant expression of literals comes to, in its type. clang's tree gives the values of few of them. */
import { type AstNode, desugared } from "../../c/ast.ts";
import { BYTES } from "./volatile-reads.ts";

/** @returns undefined for what names anything (an enumerator, a size), and for all operators but the plain ones */
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
      return left === undefined || right === undefined ? undefined : BINARY[node.opcode ?? ""]?.(left, right);
    default:
      return undefined;
  }
}

const UNARY: Record<string, (a: bigint) => bigint> = { "-": (a) => -a, "+": (a) => a, "~": (a) => ~a };
const BINARY: Record<string, (a: bigint, b: bigint) => bigint> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "|": (a, b) => a | b,
  "&": (a, b) => a & b,
  "^": (a, b) => a ^ b,
};
