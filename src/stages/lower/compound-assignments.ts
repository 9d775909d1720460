/**
 * Writes compound assignments to `_Bool`, to enumerations and to bit-fields out: `changed |= f()` becomes `changed = changed | f()`, which C
 * defines it to be. c2rust 0.22.1 casts the result of one to bool, which Rust does not; transmutes an int to the enumeration, which a packed
 * one is smaller than; computes one of a bit-field without C's promotions; and increments a copy where the old value of a bit-field is used
 * (`i = s.field++` leaves the field as it was). To a place that takes more than a name to find it makes a reference, which Rust forbids of
 * a packed structure's member: those are written out too.
 */
import { type AstNode, desugared, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";
import { BYTES } from "./volatile-reads.ts";

/** The ids of all bit-fields of a unit: clang's tree does not tell at an expression that it names one. */
export function bitfieldsOf(tree: readonly AstNode[]): Set<string> {
  const ids = new Set<string>();
  for (const n of tree) walk(n, (f) => void (f.kind === "FieldDecl" && f.isBitfield === true && ids.add(f.id)));
  return ids;
}

/** The ids of all members that may lie where their type does not: of packed structures, and packed ones. */
export function packedMembersOf(tree: readonly AstNode[]): Set<string> {
  const isPacked = (n: AstNode | undefined): boolean => n?.inner?.some((a) => a.kind === "PackedAttr" || a.kind === "MaxFieldAlignmentAttr") === true;
  const ids = new Set<string>();
  for (const n of tree) walk(n, (f) => void (f.kind === "FieldDecl" && (isPacked(f) || isPacked(f.parent)) && ids.add(f.id)));
  return ids;
}

/**
 * @param bitfields the unit's, by id
 * @param packed members that no reference can be made of, by id
 * @param place the file and line of an offset
 * @throws StageError("lower") where the target cannot be named twice; such a function should have stayed in C
 */
export function lowerCompoundAssignments(fn: AstNode, bitfields: ReadonlySet<string>, packed: ReadonlySet<string>, text: Rewriter, place: (offset: number) => { file: string; line: number }): void {
  walk(fn, (n) => {
    const operator = n.opcode ?? "";
    const [target, value] = n.inner ?? [];
    const changed = whatItChanges(n, bitfields) ?? (target && isChange(n) && isWithin(target, packed) ? "packed member" : undefined);
    if (target === undefined || changed === undefined) return;
    const [at, to, given] = [extent(n), extent(target), value && extent(value)];
    const type = spelling(target.type ?? { qualType: "" });
    if (at === undefined || to === undefined) return;
    // An enumeration no smaller than an int is not mistranslated, nor a place that c2rust makes no reference to; others do not compile.
    if ((changed === "enumeration" || changed === "packed member") && !isRepeatable(target)) return;
    const why = whyNotWrittenOut(n, bitfields);
    if (why !== undefined) throw new StageError("lower", `${fn.name}: ${why}`, place(at.start));
    const changedTo = given ? [to, ` ${operator.slice(0, -1)} (`, given, ")"] : [to, ` ${operator[0]} 1`];
    if (n.isPostfix === true && isUsed(n)) text.replace(at.start, at.end, `({ ${type} kport$old = `, to, "; ", to, ` = kport$old ${operator[0]} 1; kport$old; })`);
    // The value of an assignment is a reference to its place in Rust.
    else if (changed === "packed member" && isUsed(n)) text.replace(at.start, at.end, `({ ${type} kport$new = `, ...changedTo, "; ", to, " = kport$new; kport$new; })");
    else text.replace(at.start, at.end, "(", to, " = ", ...changedTo, ")");
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
  if (target === undefined || !isChange(n)) return undefined;
  if (bitfields.has(withoutParentheses(target).referencedMemberDecl ?? "")) return "bit-field";
  return isBool(target) ? "bool" : value && isEnumeration(target) ? "enumeration" : undefined;
}

function isChange(n: AstNode): boolean {
  return n.kind === "CompoundAssignOperator" || (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"));
}

/** Whether something is done with an expression's value. */
function isUsed(n: AstNode): boolean {
  const { parent } = n;
  const at = parent?.inner?.indexOf(n) ?? -1;
  switch (parent?.kind) {
    case "ParenExpr":
    case "CaseStmt":
    case "DefaultStmt":
    case "LabelStmt":
      return isUsed(parent);
    case "CompoundStmt":
      return parent.parent?.kind === "StmtExpr" && at === (parent.inner?.length ?? 0) - 1;
    case "IfStmt":
    case "WhileStmt":
      return at === 0;
    case "DoStmt":
      return at === 1;
    case "ForStmt":
      // Its condition stands behind its initialisation and a variable that C has not.
      return at === 2;
    case "BinaryOperator":
      return parent.opcode !== "," || (at === 1 && isUsed(parent));
    default:
      return parent?.castKind !== "ToVoid";
  }
}

function withoutParentheses(node: AstNode): AstNode {
  return node.kind === "ParenExpr" && node.inner?.[0] !== undefined ? withoutParentheses(node.inner[0]) : node;
}

function isBool(node: AstNode): boolean {
  return desugared(node) === "_Bool";
}

/** Whether a place lies within one of these members: `s->packed.inner.count`, not `s->packed.pointer->count`. */
function isWithin(place: AstNode, members: ReadonlySet<string>): boolean {
  for (let n: AstNode | undefined = withoutParentheses(place); n?.kind === "MemberExpr"; n = n.inner?.[0] && withoutParentheses(n.inner[0])) {
    if (members.has(n.referencedMemberDecl ?? "")) return true;
    if (n.isArrow === true) return false;
  }
  return false;
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
