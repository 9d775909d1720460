/** Reads what initialisers say, by a unit's typed tree. */
import type { Node } from "../../facts/schema.ts";
import type { Tree } from "../../facts/tree.ts";

/** The members that an initialiser names. */
export function fieldsOf(tree: Tree, node: Node): { record: string | undefined; field: string; item: number }[] {
  if (node.k !== "list" || node.fields === undefined) return [];
  const type = tree.underlying(node.t);
  const record = type.k === "record" ? tree.declared(type.decl, "record") : undefined;
  return node.fields.flatMap((f, i) => {
    const field = record?.fields?.[f]?.name;
    const item = node.items[i];
    return field === undefined || item === undefined ? [] : [{ record: record?.name, field, item }];
  });
}

/** What stands under casts, and under the `&` of a function. */
export function bare(tree: Tree, index: number): Node {
  let node = tree.node(index);
  while (node.k === "cast" || (node.k === "unary" && node.op === "&")) node = tree.node(node.of);
  return node;
}

/** A text as C reads it: an array of more characters than the text has is filled up with zeros. */
export function textOf(tree: Tree, index: number): string | undefined {
  const node = bare(tree, index);
  if (node.k !== "string" || node.unit !== 1) return undefined;
  return Buffer.from(node.bytes, "hex").toString("latin1").split("\0", 1)[0];
}

export function valueOf(node: Node | undefined): bigint | undefined {
  return node !== undefined && "v" in node && node.v !== undefined ? BigInt(node.v) : undefined;
}
