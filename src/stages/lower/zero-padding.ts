/**
 * Makes structures' values as zero as C makes them. Clang fills what an initialiser leaves out, padding and the rest of a union included; a
 * Rust structure literal leaves those bytes undefined, and the next `copy_to_user` would hand old stack to user space. So a structure is
 * cleared as a whole, and its members are then assigned: compound literals here, locals in clear-locals.ts.
 */
import { type AstNode, desugared, extent, spelling, walk, meaningfulParent } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import { isUnassignable } from "./definitions.ts";
import type { Records } from "./records.ts";

export interface Leaf {
  /** `.tick.count`, `[2].name`. */
  path: string;
  value: AstNode;
}

/**
 * Compound literals of structures that have padding become variables that are cleared like declared ones; and so do those whose address is
 * taken, of any type: c2rust makes a temporary of one, which in Rust is gone where the statement or the condition ends, and C's lives to the
 * end of the block. What is assigned from one, and
 * a copy of a structure of two scalars with padding, is copied as bytes: Rust copies such a pair by its members.
 * @param isMoved whether a node becomes part of a helper
 * @param apart the initialiser lists that are none any more; takes in more
 */
export function clearLiterals(
  fn: AstNode,
  records: Records,
  isMoved: (n: AstNode) => boolean,
  apart: Set<AstNode>,
  text: Rewriter,
): void {
  let serial = 0;
  walk(fn, (n) => {
    // An operand of sizeof is not evaluated.
    if (isMoved(n) || n.kind === "UnaryExprOrTypeTraitExpr") return false;
    if (isCopiedAsBytes(n, records)) copyAsBytes(n, records, text);
    const [at, list] = [extent(n), n.inner?.find((c) => c.kind === "InitListExpr")];
    const type = assignableType(spelling({ qualType: n.type?.desugaredQualType ?? n.type?.qualType ?? "" }));
    const block = blockOf(n);
    if (
      n.kind !== "CompoundLiteralExpr" ||
      !(isAddressed(n) || isPadded(n, records)) ||
      at === undefined ||
      list === undefined ||
      apart.has(list) ||
      type === undefined ||
      block === undefined
    )
      return true;
    if (
      n.parent?.kind === "VarDecl" ||
      (n.parent?.castKind === "LValueToRValue" && n.parent.parent?.kind === "VarDecl")
    )
      return true;
    const name = `kport$literal_${++serial}`;
    const isElement = meaningfulParent(n)?.castKind === "ArrayToPointerDecay";
    const leaves = literalLeaves(list, records);
    const assignments = leaves?.map((l) => assignment(`${name}${l.path}`, l.value, records));
    if (leaves === undefined || assignments === undefined || assignments.some((a) => a === undefined)) return true;
    takeApart(leaves, apart);
    text.replace(block.start + 1, block.start + 1, ` __typeof__(${type}) ${name};`);
    const set: Part[] = [
      `({ __builtin_memset(&${name}, 0, sizeof(${name}));`,
      ...assignments.flatMap((a) => a as Part[]),
    ];
    // An array is its first element's address to whoever uses it, but for who takes its own.
    text.replace(at.start, at.end, ...(isElement ? [...set, ` &${name}[0]; })`] : ["(*", ...set, ` &${name}; }))`]));
    return true;
  });
}

/** A type without the constness of what has it: of an array's elements, of a pointer rather than of what it points to. */
function assignableType(type: string | undefined): string | undefined {
  if (type === undefined) return undefined;
  const dropped = (qualifiers: string): string => qualifiers.replaceAll(/\bconst\b/g, "");
  if (type.includes("(*")) return type.replace(/\(\*[^()]*\)/, dropped);
  const behind = type.lastIndexOf("*") + 1;
  return type.slice(0, behind) + dropped(type.slice(behind));
}

/** Whether a literal is an object to someone: its address is taken, or a member's or an element's. */
function isAddressed(literal: AstNode): boolean {
  let outer = meaningfulParent(literal);
  while (outer?.kind === "MemberExpr" && outer.isArrow !== true) outer = meaningfulParent(outer);
  return outer?.castKind === "ArrayToPointerDecay" || (outer?.kind === "UnaryOperator" && outer.opcode === "&");
}

/** The values of a compound literal, also of a number, a pointer or a string. */
function literalLeaves(list: AstNode, records: Records): Leaf[] | undefined {
  const type = desugared(list);
  const [value] = list.inner ?? [];
  if (value && list.inner?.length === 1 && /\]$/.test(type) && isString(value)) return [{ path: "", value }];
  if (
    value &&
    list.inner?.length === 1 &&
    !/\]$/.test(type) &&
    records.membersOf(type) === undefined &&
    list.field === undefined
  )
    return [{ path: "", value }];
  return leavesOf(list, "", records);
}

/** Whether an assignment is one that is copied as bytes: its left side is found before the right one, as arguments are. */
export function isCopiedAsBytes(n: AstNode, records: Records): boolean {
  const [to, value] = n.inner ?? [];
  if (n.kind !== "BinaryOperator" || n.opcode !== "=" || to === undefined || value === undefined) return false;
  if (n.parent?.valueCategory !== undefined || n.parent?.kind === "VarDecl" || !isPadded(to, records)) return false;
  if (/\bvolatile\b/.test(to.type?.qualType ?? "")) return false;
  if (literalOf(value) === undefined) return pairAddress(value, records) !== undefined;
  return value.castKind === "LValueToRValue" && !/\bvolatile\b/.test(value.inner?.[0]?.type?.qualType ?? "");
}

/** The address of a pair that is copied: of a place, or of one of two (`d = k ? a : b`). */
export function pairAddress(value: AstNode, records: Records): Part[] | undefined {
  const at = extent(value);
  if (at === undefined || !isPair(value, records)) return undefined;
  if (value.kind === "ParenExpr") return value.inner?.[0] && pairAddress(value.inner[0], records);
  if (value.castKind === "LValueToRValue")
    return /\bvolatile\b/.test(value.inner?.[0]?.type?.qualType ?? "") ? undefined : ["&(", at, ")"];
  if (value.kind !== "ConditionalOperator") return undefined;
  const [condition, yes, no] = value.inner ?? [];
  const first = condition && extent(condition);
  const [one, other] = [yes && pairAddress(yes, records), no && pairAddress(no, records)];
  return first && one && other ? ["((", first, ") ? ", ...one, " : ", ...other, ")"] : undefined;
}

function copyAsBytes(n: AstNode, records: Records, text: Rewriter): void {
  const [to, value] = n.inner ?? [];
  const [at, target, whole] = [extent(n), to && extent(to), value && extent(value)];
  if (at === undefined || target === undefined || whole === undefined) return;
  const from = (value && pairAddress(value, records)) ?? ["&(", whole, ")"];
  text.replace(at.start, at.end, "__builtin_memcpy(&(", target, "), ", ...from, ", sizeof(", target, "))");
}

/** Whether a structure is one of two scalars with padding, which Rust copies by its members. */
export function isPair(n: AstNode, records: Records): boolean {
  return isPadded(n, records) && records.scalars(desugared(n))?.length === 2;
}

/** Structures alone: an array is cleared or copied as its elements are, and a union's members are told apart by C alone. */
function isPadded(n: AstNode, records: Records): boolean {
  const type = desugared(n);
  return /^struct [^*([]*$/.test(type) && !records.isSolid(type);
}

/** The innermost block around an expression in which a declaration may stand: a switch's body jumps over its own. */
function blockOf(n: AstNode): { start: number; end: number } | undefined {
  let block = n.parent;
  while (block && (block.kind !== "CompoundStmt" || block.parent?.kind === "SwitchStmt")) block = block.parent;
  return block && extent(block);
}

/** The list of a compound literal whose value is asked for. */
export function literalOf(value: AstNode): AstNode | undefined {
  let n: AstNode | undefined = value;
  while (n && (n.kind === "ParenExpr" || n.kind === "ImplicitCastExpr")) n = n.inner?.[0];
  return n?.kind === "CompoundLiteralExpr" ? n.inner?.find((c) => c.kind === "InitListExpr") : undefined;
}

export function assignment(place: string, value: AstNode, records: Records): Part[] | undefined {
  const at = extent(value);
  if (at === undefined) return undefined;
  const pair = literalOf(value) === undefined ? pairAddress(value, records) : undefined;
  if (pair !== undefined) return [` __builtin_memcpy(&${place}, `, ...pair, `, sizeof(${place}));`];
  // An array can only be copied into: of a literal, as much as there is room for.
  if (isString(value))
    return [
      ` __builtin_memcpy(${place}, `,
      at,
      `, sizeof(${place}) < sizeof(`,
      at,
      `) ? sizeof(${place}) : sizeof(`,
      at,
      "));",
    ];
  if (/\]$/.test(value.type?.qualType ?? "")) return undefined;
  return [` ${place} = `, at, ";"];
}

function isString(node: AstNode): boolean {
  return (
    node.kind === "StringLiteral" ||
    (node.kind === "ParenExpr" && node.inner?.[0] !== undefined && isString(node.inner[0]))
  );
}

export function takeApart(leaves: readonly Leaf[], apart: Set<AstNode>): void {
  for (const { value } of leaves)
    for (let list = value.parent; list?.kind === "InitListExpr" || list?.kind === UPDATE; list = list.parent)
      apart.add(list);
}

/** `{ .range = *whole, .range.end = 9 }`: a value, and a list of what is put into it, which c2rust does not know. */
export const UPDATE = "DesignatedInitUpdateExpr";

/** The values of an initialiser list, with where each goes; undefined where that cannot be told. */
export function leavesOf(list: AstNode, path: string, records: Records): Leaf[] | undefined {
  const type = desugared(list);
  const leaves: Leaf[] = [];
  const visit = (value: AstNode, at: string): boolean => {
    if (value.kind === "ImplicitValueInitExpr" || value.kind === "NoInitExpr") return true;
    if (value.kind === UPDATE) return (value.inner ?? []).every((part) => visit(part, at));
    if (value.kind !== "InitListExpr") {
      leaves.push({ path: at, value });
      return true;
    }
    const inner = leavesOf(value, at, records);
    if (inner) leaves.push(...inner);
    return inner !== undefined;
  };
  if (/\]$/.test(type)) {
    const values = list.inner ?? (list.array_filler ?? []).slice(1);
    return values.every((v, i) => visit(v, `${path}[${i}]`)) ? leaves : undefined;
  }
  if (list.field !== undefined) {
    // Nothing can be assigned to a constant member.
    if (isUnassignable(list.field.type?.qualType ?? "")) return undefined;
    const member = list.field.name;
    return (list.inner ?? []).every((v) => visit(v, member === undefined || member === "" ? path : `${path}.${member}`))
      ? leaves
      : undefined;
  }
  const members = records.membersOf(type);
  if (members === undefined || (list.inner ?? []).length > members.length) return undefined;
  return (list.inner ?? []).every((v, i) => visit(v, members[i] === undefined ? path : `${path}.${members[i]}`))
    ? leaves
    : undefined;
}
