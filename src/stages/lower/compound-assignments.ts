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
 * @throws StageError("lower") where the target cannot be named twice
 */
export function lowerCompoundAssignments(fn: AstNode, bitfields: ReadonlySet<string>, text: Rewriter, place: (offset: number) => { file: string; line: number }): void {
  walk(fn, (n) => {
    const operator = n.opcode ?? "";
    const step = n.kind === "UnaryOperator" && (operator === "++" || operator === "--");
    const [target, value] = n.inner ?? [];
    if (target === undefined || (n.kind !== "CompoundAssignOperator" && !step)) return;
    const bitfield = bitfields.has(withoutParentheses(target).referencedMemberDecl ?? "");
    const enumeration = !bitfield && isEnumeration(target);
    if (!bitfield && !isBool(target) && !(enumeration && value)) return;
    const [at, to, given] = [extent(n), extent(target), value && extent(value)];
    const type = spelling(target.type ?? { qualType: "" });
    if (at === undefined || to === undefined) return;
    // One that is no smaller than an int is not mistranslated; a smaller one does not compile.
    if (enumeration && !isRepeatable(target)) return;
    if (!isRepeatable(target) || type === undefined) {
      throw new StageError("lower", `${fn.name}: a ${bitfield ? "bit-field" : "bool"} changed by ${operator} is found by an expression that cannot be repeated, and c2rust mistranslates that; use a pointer or a local variable`, place(at.start));
    }
    if (given) text.replace(at.start, at.end, "(", to, " = ", to, ` ${operator.slice(0, -1)} (`, given, "))");
    else if (n.isPostfix !== true || n.parent?.valueCategory === undefined) text.replace(at.start, at.end, "(", to, " = ", to, ` ${operator[0]} 1)`);
    else text.replace(at.start, at.end, `({ ${type} kport_old = `, to, "; ", to, ` = kport_old ${operator[0]} 1; kport_old; })`);
  });
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
