/**
 * Structures of a function's own whose name another one has (`struct context { … }` in two functions, or in a function and outside; one without
 * a tag goes by its typedef). clang spells both types alike, and so the rules would take one's members for the other's: such a function stays C.
 */
import { type AstNode, walk } from "../../c/ast.ts";

/** Why a function cannot become Rust for its structures' names; undefined where nothing shares one. */
export type WhySharedTag = (fn: AstNode) => string | undefined;

export function sharedTags(tree: readonly AstNode[]): WhySharedTag {
  const typedefs = typedefNames(tree);
  const definedIn = (n: AstNode): { name: string; record: AstNode }[] => {
    const found: { name: string; record: AstNode }[] = [];
    walk(n, (r) => {
      if (r.kind !== "RecordDecl" || r.completeDefinition !== true) return;
      const name = r.name === undefined ? typedefs.get(r.id) : `${r.tagUsed} ${r.name}`;
      if (name !== undefined) found.push({ name, record: r });
    });
    return found;
  };
  const homes = new Map<string, AstNode>();
  for (const n of tree) if (n.kind !== "FunctionDecl") for (const d of definedIn(n)) homes.set(d.name, d.record);
  for (const n of tree)
    if (n.kind === "FunctionDecl") for (const d of definedIn(n)) if (!homes.has(d.name)) homes.set(d.name, d.record);
  return (fn) => {
    const shared = definedIn(fn).find((d) => homes.get(d.name) !== d.record);
    return shared && `its \`${shared.name}\` is not the only one of that name`;
  };
}

/** The first typedef of each structure that it defines, by the structure's id. */
function typedefNames(tree: readonly AstNode[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const n of tree)
    walk(n, (d) => {
      const id = d.kind === "TypedefDecl" ? d.inner?.[0]?.ownedTagDecl?.id : undefined;
      if (id !== undefined && d.name !== undefined && !names.has(id)) names.set(id, d.name);
    });
  return names;
}
