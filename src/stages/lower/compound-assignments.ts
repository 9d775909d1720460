/**
 * Writes compound assignments to `_Bool`, to enumerations and to bit-fields out: `changed |= f()` becomes `changed = changed | f()`, which C
 * defines it to be. c2rust 0.22.1 casts the result of one to bool, which Rust does not; transmutes an int to the enumeration, which a packed
 * one is smaller than; computes one of a bit-field without C's promotions; and increments a copy where the old value of a bit-field is used
 * (`i = s.field++` leaves the field as it was).
 */
import { type AstNode, desugared, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../errors.ts";
import { BYTES } from "./volatile-reads.ts";

/** The ids of all bit-fields of a unit: clang's tree does not tell at an expression that it names one. */
export function bitfieldsOf(tree: readonly AstNode[]): Set<string> {
  const ids = new Set<string>();
  for (const n of tree) walk(n, (f) => void (f.kind === "FieldDecl" && f.isBitfield === true && ids.add(f.id)));
  return ids;
}

/**
 * @param bitfields the unit's, by id
 * @param place the file and line of an offset
 * @throws StageError("lower") where the target cannot be named twice; such a function should have stayed in C
 */
export function lowerCompoundAssignments(fn: AstNode, bitfields: ReadonlySet<string>, text: Rewriter, place: (offset: number) => { file: string; line: number }): void {
  walk(fn, (n) => {
    const operator = n.opcode ?? "";
    const [target, value] = n.inner ?? [];
    const changed = whatItChanges(n, bitfields);
    if (target === undefined || changed === undefined) return;
    const [at, to, given] = [extent(n), extent(target), value && extent(value)];
    const type = spelling(target.type ?? { qualType: "" });
    if (at === undefined || to === undefined) return;
    // One that is no smaller than an int is not mistranslated; a smaller one does not compile.
    if (changed === "enumeration" && !isRepeatable(target)) return;
    const why = whyNotWrittenOut(n, bitfields);
    if (why !== undefined) throw new StageError("lower", `${fn.name}: ${why}`, place(at.start));
    if (given) text.replace(at.start, at.end, "(", to, " = ", to, ` ${operator.slice(0, -1)} (`, given, "))");
    else if (n.isPostfix !== true || n.parent?.valueCategory === undefined) text.replace(at.start, at.end, "(", to, " = ", to, ` ${operator[0]} 1)`);
    else text.replace(at.start, at.end, `({ ${type} kport_old = `, to, "; ", to, ` = kport_old ${operator[0]} 1; kport_old; })`);
  });
}

/** Why a change of a bool or a bit-field cannot be written out; undefined where it can, and for all other nodes. */
export function whyNotWrittenOut(n: AstNode, bitfields: ReadonlySet<string>): string | undefined {
  const [target] = n.inner ?? [];
  const changed = whatItChanges(n, bitfields);
  if (target === undefined || changed === undefined || changed === "enumeration" || (isRepeatable(target) && spelling(target.type ?? { qualType: "" }) !== undefined)) return undefined;
  return `a ${changed} changed by ${n.opcode} is found by an expression that cannot be repeated, which c2rust mistranslates`;
}

/** What a node changes by an operator, where that is something c2rust does not know how to change. */
function whatItChanges(n: AstNode, bitfields: ReadonlySet<string>): "bool" | "bit-field" | "enumeration" | undefined {
  const [target, value] = n.inner ?? [];
  const step = n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--");
  if (target === undefined || (n.kind !== "CompoundAssignOperator" && !step)) return undefined;
  if (bitfields.has(withoutParentheses(target).referencedMemberDecl ?? "")) return "bit-field";
  return isBool(target) ? "bool" : value && isEnumeration(target) ? "enumeration" : undefined;
}

function withoutParentheses(node: AstNode): AstNode {
  return node.kind === "ParenExpr" && node.inner?.[0] !== undefined ? withoutParentheses(node.inner[0]) : node;
}

function isBool(node: AstNode): boolean {
  return desugared(node) === "_Bool";
}

/** An arithmetic type that is no other: clang names one without a tag by its typedef. */
function isEnumeration(node: AstNode): boolean {
  const type = desugared(node).replace(/\bvolatile /, "");
  return BYTES[type] === undefined && !/[*[(]|\b(?:__int128|float|double|_Bool)\b/.test(type);
}

/** Whether naming a place twice does no more than naming it once. */
function isRepeatable(node: AstNode): boolean {
  let repeatable = true;
  walk(node, (n) => {
    if (n.kind === "CallExpr" || n.kind === "StmtExpr" || n.kind === "CompoundAssignOperator" || n.kind === "GCCAsmStmt") repeatable = false;
    if ((n.kind === "BinaryOperator" && n.opcode === "=") || (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"))) repeatable = false;
    return repeatable;
  });
  return repeatable;
}
