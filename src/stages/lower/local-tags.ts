/**
 * Structures of a function's own whose tag another one has (`struct context { … }` in two functions, or in a function and outside). clang
 * spells both types alike, and so the rules would take one's members for the other's: such a function stays C.
 */
import { type AstNode, walk } from "../../c/ast.ts";

/** Why a function cannot become Rust for its structures' tags; undefined where nothing shares one. */
export type WhySharedTag = (fn: AstNode) => string | undefined;

export function sharedTags(tree: readonly AstNode[]): WhySharedTag {
  const homes = new Map<string, AstNode>();
  for (const n of tree) if (n.kind !== "FunctionDecl") for (const r of definedIn(n)) homes.set(tagOf(r), r);
  for (const n of tree)
    if (n.kind === "FunctionDecl") for (const r of definedIn(n)) if (!homes.has(tagOf(r))) homes.set(tagOf(r), r);
  return (fn) => {
    const shared = definedIn(fn).find((r) => homes.get(tagOf(r)) !== r);
    return shared && `its \`${tagOf(shared)}\` is not the only one of that name`;
  };
}

const tagOf = (r: AstNode): string => `${r.tagUsed} ${r.name}`;

function definedIn(n: AstNode): AstNode[] {
  const found: AstNode[] = [];
  walk(n, (r) => {
    if (r.kind === "RecordDecl" && r.completeDefinition === true && r.name !== undefined) found.push(r);
  });
  return found;
}
