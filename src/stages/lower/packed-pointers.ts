/**
 * Reads function pointers out of packed structures into a variable. c2rust 0.22.1 asks the place itself whether it holds one
 * (`table[i].callback.is_some()`), which takes a reference to it; Rust has none to what may be misaligned (E0793).
 */
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/** Names of types that are functions: `fn_t *` is a function pointer. */
export function functionTypesOf(tree: readonly AstNode[]): Set<string> {
  return new Set(
    tree.flatMap((n) =>
      n.kind === "TypedefDecl" &&
      n.name !== undefined &&
      /^[^(]*[\w*] ?\([^*].*\)$/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "")
        ? [n.name]
        : [],
    ),
  );
}

/**
 * @param packed members that no reference can be made of, by id
 * @param functions the unit's types that are functions, by name
 */
export function readPackedPointers(
  fn: AstNode,
  packed: ReadonlySet<string>,
  functions: ReadonlySet<string>,
  text: Rewriter,
): void {
  if (packed.size === 0) return;
  walk(fn, (n) => {
    const [place] = n.kind === "ImplicitCastExpr" && n.castKind === "LValueToRValue" ? (n.inner ?? []) : [];
    const at = place && extent(place);
    const type = n.type && spelling(n.type);
    if (place === undefined || at === undefined || type === undefined) return;
    const pointsTo = /^(\w+) \*$/.exec(n.type?.qualType ?? "")?.[1];
    if (!/\(\*\)\(/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "") && !functions.has(pointsTo ?? "")) return;
    // A call takes the pointer by its value.
    if (!isInPacked(place, packed) || (n.parent?.kind === "CallExpr" && n.parent.inner?.[0] === n)) return;
    text.replace(at.start, at.end, `({ __typeof__(${type}) kport$pointer = `, at, "; kport$pointer; })");
  });
}

/** Whether a place lies within one of these members, elements of arrays included, and behind no other pointer. */
function isInPacked(place: AstNode, packed: ReadonlySet<string>): boolean {
  if (packed.has(place.referencedMemberDecl ?? "")) return true;
  const within =
    (place.kind === "MemberExpr" && place.isArrow !== true) ||
    place.kind === "ParenExpr" ||
    place.kind === "ArraySubscriptExpr" ||
    place.castKind === "ArrayToPointerDecay";
  return within && place.inner?.[0] !== undefined && isInPacked(place.inner[0], packed);
}
