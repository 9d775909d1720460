/** Which structure an expression's type is, also where it has no tag: by its typedef, or by the place at which clang says that it stands. */
import { type AstNode, walk } from "../../c/ast.ts";

export class RecordTypes {
  private readonly typedefs = new Map<string, string>();
  private readonly source: string;
  /** @param source the text that the tree is of */
  constructor(tree: readonly AstNode[], source: string) {
    this.source = source;
    for (const n of tree) {
      walk(n, (d) => {
        const of = d.kind === "TypedefDecl" ? d.inner?.[0] : undefined;
        const id = of?.ownedTagDecl?.id ?? of?.decl?.id ?? of?.inner?.[0]?.decl?.id;
        if (id !== undefined && d.name !== undefined && !this.typedefs.has(id)) this.typedefs.set(id, d.name);
      });
    }
  }

  /** A name for a structure or union, the same as `named` has for its type. */
  of(record: AstNode): string | undefined {
    if (record.name !== undefined) return `${record.tagUsed} ${record.name}`;
    const offset = record.loc?.offset;
    return this.typedefs.get(record.id) ?? (offset === undefined ? undefined : this.placeAt(offset));
  }

  /** @param type as clang spells it, without qualifiers: `struct s`, `s_t`, `struct out::(unnamed at x.c:3:2)` */
  named(type: string): string {
    const at = /\((?:unnamed|anonymous)[^()]*:(\d+:\d+)\)$/.exec(type)?.[1];
    return at === undefined ? type : `at ${at}`;
  }

  /** Lines and columns as clang counts them: from 1 on, in bytes. */
  private placeAt(offset: number): string {
    const before = this.source.slice(0, offset);
    const line = before.split("\n");
    return `at ${line.length}:${Buffer.byteLength(line.at(-1) ?? "") + 1}`;
  }
}
