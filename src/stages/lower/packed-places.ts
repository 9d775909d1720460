/**
 * Finds the packed structure before its member is assigned to. To a place that takes more than a name to find c2rust 0.22.1 makes a
 * reference where a pointer is assigned, or where the assignment's value is used; Rust has none to what may be misaligned (E0793). Behind a
 * pointer to the whole structure the member is a place that c2rust writes as such, and that is written to as unaligned as it is.
 */
import { type AstNode, desugared, extent, spelling } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import { isIdle, isUsed } from "./order.ts";

/**
 * @param packed members that may lie where their type does not, by id
 * @param bitfields the unit's, by id
 * @param isRecord whether an expression is a structure or union
 * @returns whether the node was rewritten
 */
export function lowerPackedChange(
  n: AstNode,
  packed: ReadonlySet<string>,
  bitfields: ReadonlySet<string>,
  isRecord: (n: AstNode) => boolean,
  text: Rewriter,
): boolean {
  const place = packedPlace(n, packed, bitfields);
  const [target, value] = n.inner ?? [];
  const [at, right, base, whole] = [
    extent(n),
    value && extent(value),
    place && extent(place.base),
    target && extent(target),
  ];
  if (place === undefined || at === undefined || base === undefined || whole === undefined) return false;
  // A type that has no name is that of the place itself.
  const type: Part[] = ["__typeof__(", place.type ?? whole, ")"];
  const of: Part[] = [
    "__typeof__(",
    ...(place.of === undefined ? [place.arrow ? "*" : "", "(", base, ")"] : [place.of]),
    ")",
  ];
  const to = `kport$at->${place.path}`;
  const rightType = value && spelling(value.type ?? { qualType: "" });
  // A structure's place is found before its value.
  const early = value !== undefined && !isRecord(n) && !isIdle(value) && right !== undefined;
  const first: Part[] = early
    ? [
        ...(n.opcode === "=" || rightType === undefined ? type : [`__typeof__(${rightType})`]),
        " kport$right = (",
        right,
        "); ",
      ]
    : [];
  const given: Part = early ? "kport$right" : (right ?? "1");
  const operator =
    n.opcode === "=" ? "" : n.kind === "UnaryOperator" ? (n.opcode?.[0] ?? "") : (n.opcode?.slice(0, -1) ?? "");
  const result: Part[] = operator === "" ? ["(", given, ")"] : [`${to} ${operator} (`, given, ")"];
  const find: Part[] = [...of, " *kport$at = ", ...(place.arrow ? ["(", base, ")"] : ["&(", base, ")"]), "; "];
  if (!isUsed(n)) text.replace(at.start, at.end, "({ ", ...first, ...find, `${to} = `, ...result, "; })");
  else if (n.isPostfix === true)
    text.replace(
      at.start,
      at.end,
      "({ ",
      ...find,
      ...type,
      ` kport$old = ${to}; ${to} = kport$old ${operator} 1; kport$old; })`,
    );
  else
    text.replace(
      at.start,
      at.end,
      "({ ",
      ...first,
      ...find,
      ...type,
      " kport$new = ",
      ...result,
      `; ${to} = kport$new; kport$new; })`,
    );
  return true;
}

interface PackedPlace {
  /** What the structure is found by: its place, or an address. */
  base: AstNode;
  arrow: boolean;
  /** The types of the structure and of the member; undefined for one that has no name. */
  of: string | undefined;
  type: string | undefined;
  path: string;
}

/** Where an assignment's target lies; undefined for one that needs no other place, and for what is no assignment. */
export function packedPlace(
  n: AstNode,
  packed: ReadonlySet<string>,
  bitfields: ReadonlySet<string>,
): PackedPlace | undefined {
  const [target] = n.inner ?? [];
  const assigns = n.kind === "BinaryOperator" && n.opcode === "=";
  const changes =
    n.kind === "CompoundAssignOperator" || (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"));
  if (target === undefined || !(changes || assigns)) return undefined;
  // Others are written where they are.
  if (assigns && !isUsed(n) && !/\*|\(/.test(desugared(target))) return undefined;
  const path: string[] = [];
  let found: Omit<PackedPlace, "type"> | undefined;
  for (let m: AstNode | undefined = plain(target); m; m = m.inner?.[0] && plain(m.inner[0])) {
    // An element that a number names lies in the structure like a member.
    const [array, index]: AstNode[] = m.kind === "ArraySubscriptExpr" ? (m.inner ?? []) : [];
    if (array?.castKind === "ArrayToPointerDecay" && index?.kind === "IntegerLiteral") {
      path.unshift(`[${index.value as string}]`);
      m = array;
      continue;
    }
    if (m.kind !== "MemberExpr") break;
    const base = m.inner?.[0];
    const id = m.referencedMemberDecl ?? "";
    if (base === undefined || bitfields.has(id)) return undefined;
    if (m.name !== undefined && m.name !== "") path.unshift(`.${m.name.replace(/^(?:->|\.)/, "")}`);
    const pointer = base.type?.desugaredQualType ?? base.type?.qualType ?? "";
    const of = spelling({
      qualType: m.isArrow === true ? pointer.replace(/\s*\*(?:const|volatile|restrict|\s)*$/, "") : pointer,
    });
    if (packed.has(id)) found = { base, arrow: m.isArrow === true, of, path: path.join("").slice(1) };
    if (m.isArrow === true) break;
  }
  const type = spelling({ qualType: desugared(target) }) ?? spelling(target.type ?? { qualType: "" });
  return found === undefined || isSimple(found.base) ? undefined : { ...found, type };
}

/** Whether c2rust finds a place without a method call: then it makes no reference (its translator/named_references.rs). */
function isSimple(place: AstNode): boolean {
  const n = plain(place);
  const [inner, index] = n.inner ?? [];
  if (n.kind === "DeclRefExpr") return true;
  if (inner === undefined) return false;
  if (
    n.kind === "MemberExpr" ||
    n.castKind === "LValueToRValue" ||
    n.castKind === "ArrayToPointerDecay" ||
    (n.kind === "UnaryOperator" && n.opcode === "*")
  )
    return isSimple(inner);
  return (
    n.kind === "ArraySubscriptExpr" &&
    inner.castKind === "ArrayToPointerDecay" &&
    index?.kind === "IntegerLiteral" &&
    isSimple(inner)
  );
}

function plain(n: AstNode): AstNode {
  return n.kind === "ParenExpr" && n.inner?.[0] ? plain(n.inner[0]) : n;
}
