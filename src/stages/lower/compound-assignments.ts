/**
 * Writes compound assignments to `_Bool`, to enumerations and to bit-fields out: `changed |= f()` becomes `changed = changed | f()`, which C
 * defines it to be. c2rust 0.22.1 casts the result of one to bool, which Rust does not; transmutes an int to the enumeration, which a packed
 * one is smaller than; computes one of a bit-field without C's promotions; and increments a copy where the old value of a bit-field is used
 * (`i = s.field++` leaves the field as it was). To a place that takes more than a name to find it makes a reference, which Rust forbids of
 * a packed structure's member: those are written out too.
 */
import { type AstNode, desugared, extent, spelling, walk } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";
import { lowerBitfieldAssignment } from "./bitfield-assignments.ts";
import { isIdle, isUsed } from "./order.ts";
import { lowerPackedChange, packedPlace } from "./packed-places.ts";
import { BYTES, isVolatile, volatileBytes, withoutVolatile } from "./volatile-reads.ts";

/** The ids of all bit-fields of a unit: clang's tree does not tell at an expression that it names one. */
export function bitfieldsOf(tree: readonly AstNode[]): Set<string> {
  const ids = new Set<string>();
  for (const n of tree) walk(n, (f) => void (f.kind === "FieldDecl" && f.isBitfield === true && ids.add(f.id)));
  return ids;
}

/** The ids of all members that may lie where their type does not: of packed structures, and packed ones. */
export function packedMembersOf(tree: readonly AstNode[]): Set<string> {
  const isPacked = (n: AstNode | undefined): boolean =>
    n?.inner?.some((a) => a.kind === "PackedAttr" || a.kind === "MaxFieldAlignmentAttr") === true;
  const ids = new Set<string>();
  for (const n of tree)
    walk(n, (f) => void (f.kind === "FieldDecl" && (isPacked(f) || isPacked(f.parent)) && ids.add(f.id)));
  return ids;
}

/**
 * @param bitfields the unit's, by id
 * @param packed members that no reference can be made of, by id
 * @param isRecord whether an expression is a structure or union
 * @param place the file and line of an offset
 * @returns whether there is a volatile read now
 * @throws StageError("lower") where the target cannot be named twice; such a function should have stayed in C
 */
export function lowerCompoundAssignments(
  fn: AstNode,
  bitfields: ReadonlySet<string>,
  packed: ReadonlySet<string>,
  isRecord: (n: AstNode) => boolean,
  text: Rewriter,
  place: (offset: number) => { file: string; line: number },
): boolean {
  let readsVolatile = false;
  walk(fn, (n) => {
    const operator = n.opcode ?? "";
    const [target, value] = n.inner ?? [];
    if (changesVolatile(n, bitfields) && lowerVolatileChange(n, text)) {
      readsVolatile = true;
      return;
    }
    if (lowerPackedChange(n, packed, bitfields, isRecord, text)) return;
    if (lowerBitfieldAssignment(n, bitfields, text)) return;
    const changed = whatIsWrittenOut(n, bitfields, packed);
    if (target === undefined || changed === undefined) return;
    const [at, to, right] = [extent(n), extent(target), value && extent(value)];
    const type = spelling(target.type ?? { qualType: "" });
    if (at === undefined || to === undefined) return;
    // The right side comes first (order.ts), whatever it does to the left one.
    const rightType = value && right && !isIdle(value) ? spelling(value.type ?? { qualType: "" }) : undefined;
    const first: Part[] =
      rightType === undefined || right === undefined ? [] : [`__typeof__(${rightType}) kport$right = (`, right, "); "];
    const given: Part | undefined = first.length > 0 ? "kport$right" : right;
    const why = whyNotWrittenOut(n, bitfields);
    if (why !== undefined) throw new StageError("lower", `${fn.name}: ${why}`, place(at.start));
    const changedTo: Part[] = given ? [to, ` ${operator.slice(0, -1)} (`, given, ")"] : [to, ` ${operator[0]} 1`];
    if (n.isPostfix === true && isUsed(n))
      text.replace(
        at.start,
        at.end,
        `({ ${type} kport$old = `,
        to,
        "; ",
        to,
        ` = kport$old ${operator[0]} 1; kport$old; })`,
      );
    // The value of an assignment is a reference to its place in Rust.
    else if (changed === "packed member" && isUsed(n))
      text.replace(
        at.start,
        at.end,
        "({ ",
        ...first,
        `${type} kport$new = `,
        ...changedTo,
        "; ",
        to,
        " = kport$new; kport$new; })",
      );
    else if (first.length > 0) text.replace(at.start, at.end, "({ ", ...first, to, " = ", ...changedTo, "; })");
    else text.replace(at.start, at.end, "(", to, " = ", ...changedTo, ")");
  });
  return readsVolatile;
}

/** Whether a node is written out here, its right side first. */
export function isWrittenOut(n: AstNode, bitfields: ReadonlySet<string>, packed: ReadonlySet<string>): boolean {
  return (
    changesVolatile(n, bitfields) ||
    packedPlace(n, packed, bitfields) !== undefined ||
    whatIsWrittenOut(n, bitfields, packed) !== undefined
  );
}

function whatIsWrittenOut(
  n: AstNode,
  bitfields: ReadonlySet<string>,
  packed: ReadonlySet<string>,
): ReturnType<typeof whatItChanges> | "packed member" {
  const [target] = n.inner ?? [];
  const changed =
    whatItChanges(n, bitfields) ?? (target && isChange(n) && isWithin(target, packed) ? "packed member" : undefined);
  // An enumeration no smaller than an int is not mistranslated, nor a place that c2rust makes no reference to; others do not compile.
  return (changed === "enumeration" || changed === "packed member") && target && !isRepeatable(target)
    ? undefined
    : changed;
}

/**
 * A change of a volatile object is one read and one write: c2rust reads the object once more for its old value, and for the value of an
 * assignment, which in C is what was assigned.
 */
function changesVolatile(n: AstNode, bitfields: ReadonlySet<string>): boolean {
  const [target] = n.inner ?? [];
  const assigns = n.kind === "BinaryOperator" && n.opcode === "=" && isUsed(n);
  if (target?.type === undefined || !(assigns || isChange(n)) || !isVolatile(target.type)) return false;
  return !bitfields.has(withoutParentheses(target).referencedMemberDecl ?? "") && volatileType(target) !== undefined;
}

function volatileType(target: AstNode): { type: string; bytes: number } | undefined {
  const type = spelling({ qualType: withoutVolatile(target.type?.desugaredQualType ?? target.type?.qualType ?? "") });
  const bytes = type === undefined ? undefined : volatileBytes(type);
  return type === undefined || bytes === undefined ? undefined : { type, bytes };
}

function lowerVolatileChange(n: AstNode, text: Rewriter): boolean {
  const [target, value] = n.inner ?? [];
  const [at, to, right] = [extent(n), target && extent(target), value && extent(value)];
  const of = target && volatileType(target);
  if (at === undefined || to === undefined || of === undefined) return false;
  const rightType = value && spelling(value.type ?? { qualType: "" });
  const type = `__typeof__(${of.type})`;
  const first: Part[] =
    right === undefined
      ? []
      : [
          `${n.opcode === "=" || rightType === undefined ? type : `__typeof__(${rightType})`} kport$right = (`,
          right,
          "); ",
        ];
  const find: Part[] = [`volatile ${type} *kport$place = &(`, to, "); "];
  if (n.opcode === "=") {
    text.replace(at.start, at.end, "({ ", ...first, ...find, "*kport$place = kport$right; kport$right; })");
    return true;
  }
  const old = `${type} kport$old = (${type})kport$read_volatile_${of.bytes}(kport$place); `;
  const now = `${type} kport$new = kport$old ${right === undefined ? `${n.opcode?.[0]} 1` : `${n.opcode?.slice(0, -1)} kport$right`}; `;
  text.replace(
    at.start,
    at.end,
    "({ ",
    ...first,
    ...find,
    old,
    now,
    `*kport$place = kport$new; ${n.isPostfix === true ? "kport$old" : "kport$new"}; })`,
  );
  return true;
}

/** Why a change of a bool or a bit-field cannot be written out; undefined where it can, and for all other nodes. */
export function whyNotWrittenOut(n: AstNode, bitfields: ReadonlySet<string>): string | undefined {
  const [target] = n.inner ?? [];
  const changed = whatItChanges(n, bitfields);
  if (
    target === undefined ||
    changed === undefined ||
    changed === "enumeration" ||
    (isRepeatable(target) && spelling(target.type ?? { qualType: "" }) !== undefined)
  )
    return undefined;
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
  return (
    n.kind === "CompoundAssignOperator" || (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"))
  );
}

function withoutParentheses(node: AstNode): AstNode {
  return node.kind === "ParenExpr" && node.inner?.[0] !== undefined ? withoutParentheses(node.inner[0]) : node;
}

function isBool(node: AstNode): boolean {
  return desugared(node) === "_Bool";
}

/** Whether a place lies within one of these members: `s->packed.inner.count`, not `s->packed.pointer->count`. */
function isWithin(place: AstNode, members: ReadonlySet<string>): boolean {
  for (
    let n: AstNode | undefined = withoutParentheses(place);
    n?.kind === "MemberExpr";
    n = n.inner?.[0] && withoutParentheses(n.inner[0])
  ) {
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
    if (
      n.kind === "CallExpr" ||
      n.kind === "StmtExpr" ||
      n.kind === "CompoundAssignOperator" ||
      n.kind === "GCCAsmStmt"
    )
      repeatable = false;
    if (
      (n.kind === "BinaryOperator" && n.opcode === "=") ||
      (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"))
    )
      repeatable = false;
    return repeatable;
  });
  return repeatable;
}
