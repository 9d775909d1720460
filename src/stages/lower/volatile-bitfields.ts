/** Finds the structures whose bit-fields are volatile: as they are declared, or as they are used. */
import { type AstNode, walk } from "../../c/ast.ts";
import { byBitfields, type Tag, typedefsOf } from "../../c/unnamed-records.ts";
import { isVolatile } from "./volatile-reads.ts";

export function volatileRecords(tree: readonly AstNode[]): Set<AstNode> {
  const owners = new Map<string, AstNode>();
  const found = new Set<AstNode>();
  for (const n of tree)
    walk(n, (f) => {
      if (f.kind !== "FieldDecl" || f.isBitfield !== true || f.parent === undefined) return;
      owners.set(f.id, f.parent);
      if (f.type && isVolatile(f.type)) found.add(f.parent);
    });
  for (const n of tree)
    walk(n, (m) => {
      const owner = m.kind === "MemberExpr" ? owners.get(m.referencedMemberDecl ?? "") : undefined;
      if (owner !== undefined && m.type && isVolatile(m.type)) found.add(owner);
    });
  return found;
}

/**
 * What tells them in the Rust: the tag, that of lowering where C has none, or the typedef; an unnamed member's type has its bit-fields alone.
 * @param tags by the structures' ids
 */
export function volatileBitfields(tree: readonly AstNode[], tags: ReadonlyMap<string, Tag>): Set<string> {
  const typedefs = new Map([...typedefsOf(tree)].map(([typedef, id]) => [id, typedef.name]));
  return new Set(
    [...volatileRecords(tree)].map(
      (r) => r.name ?? tags.get(r.id)?.name ?? typedefs.get(r.id) ?? byBitfields(namesOf(r)),
    ),
  );
}

function namesOf(record: AstNode): string[] {
  return (record.inner ?? []).flatMap((f) =>
    f.kind === "FieldDecl" && f.isBitfield === true && f.name !== undefined ? [f.name] : [],
  );
}
