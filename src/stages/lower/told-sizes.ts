/**
 * Sizes and alignments that clang tells, because Rust has no type to ask. `_Alignof` of a type whose name gives it an alignment (`compat_u64`),
 * or of an object that was given one, c2rust 0.22.1 makes that of the type below, which knows of neither. A structure that is defined between
 * the parentheses is in no syntax tree, so that no rule says its layout, and has no name by which it could be asserted.
 */
import type { Answers } from "../../c/answers.ts";
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { lex, significant, type Token } from "../../c/lexer.ts";
import { StageError } from "../../machine/errors.ts";
import { isConstant } from "./constant-expressions.ts";
import { BYTES } from "./volatile-reads.ts";

/** What is asked about alignment, as clang's tree names it: `_Alignof`, and gcc's older word. */
const ASKS = new Set(["alignof", "__alignof"]);

/**
 * The questions that Rust answers otherwise, or of which that cannot be told, by where they begin, with clang's answer.
 * @param declarations of the unit
 * @param file the unit, for messages
 * @throws StageError("lower") where clang has no answer
 */
export function toldSizes(
  declarations: readonly AstNode[],
  source: string,
  answers: Answers,
  file: string,
): Map<number, string> {
  const told = new Map<number, string>();
  const tell = ({ start, end }: { start: number; end: number }, own?: number): void => {
    const answer = answers.valueAt(start);
    if (answer === undefined)
      throw new StageError("lower", `clang does not tell the value of ${source.slice(start, end).slice(0, 200)}`, {
        file,
      });
    if (String(own) !== answer) told.set(start, answer);
  };
  for (const declaration of declarations)
    walk(declaration, (n) => {
      const at = n.kind === "UnaryExprOrTypeTraitExpr" || n.kind === "OffsetOfExpr" ? extent(n) : undefined;
      if (at === undefined) return;
      if (n.kind === "OffsetOfExpr") {
        if (!isTold(n) || !definesStructure(source.slice(at.start, at.end))) return;
        tell(at);
        return false;
      }
      const defines = n.argType !== undefined && definesStructure(source.slice(at.start, at.end));
      if (!ASKS.has(n.name ?? "") && !defines) return;
      if (defines) tell(at);
      else if (!isOfPlainType(n)) tell(at, ownAlignment(n));
      // Nothing in the operand is evaluated, and what becomes a number holds no question.
      return false;
    });
  return told;
}

/** Whether clang can tell what a query of a type is: no index that is found at run time has a part in it. */
export function isTold(n: AstNode): boolean {
  return n.kind === "UnaryExprOrTypeTraitExpr" || (n.kind === "OffsetOfExpr" && (n.inner ?? []).every(isConstant));
}

/** Whether a structure with members is defined in an operand. */
function definesStructure(operand: string): boolean {
  const tokens = significant(lex(operand));
  return tokens.some((t, i) => t.text === "{" && tokens[i - 1]?.text !== "(" && !isBare(tokens, i));
}

/**
 * Whether a structure has no members: `sizeof(struct { int : -!!(e); })` is BUILD_BUG_ON_ZERO(e), which stands in masks (GENMASK), and so in the
 * operand of many a `typeof`.
 * @param open where its body begins
 */
export function isBare(tokens: readonly Token[], open: number): boolean {
  const stop = tokens.findIndex((x, j) => j > open && !(x.kind === "identifier"));
  return tokens[stop]?.text === ":" && tokens[stop - 1]?.text === "int";
}

/** `_Alignof(struct s)`: rustc asserts that the Rust's is the same (src/rust/layout-asserts.ts). `_Alignof(unsigned long)` is. */
function isOfPlainType(n: AstNode): boolean {
  if (BYTES[n.argType?.qualType ?? ""] !== undefined) return true;
  return /^(?:const |volatile )*(?:struct|union) \w+$/.test(n.argType?.qualType ?? "");
}

/** The alignment of a scalar, or of an array of them, as Rust has it; undefined for other types. */
function ownAlignment(n: AstNode): number | undefined {
  const type = n.argType ?? n.inner?.[0]?.type;
  const element = (type?.desugaredQualType ?? type?.qualType ?? "")
    .replace(/(?:\[\d*\])+$/, "")
    .replace(/^(?:(?:const|volatile) )+/, "")
    .trim();
  return /\*$|\(\*\)/.test(element) ? 8 : BYTES[element];
}
