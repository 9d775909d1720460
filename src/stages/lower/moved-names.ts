/** What the helpers of moved expressions are called: after the function and the macro or callee that they stand for. */
import type { AstNode } from "../../c/ast.ts";

export class MovedNames {
  private readonly taken: Set<string>;
  private readonly prefix: string;
  /**
   * @param prefix symbols start with it: they are the unit's own
   * @param globals what the unit itself declares at file scope, of which some get symbols by the same prefix
   */
  constructor(prefix: string, globals: Iterable<string>) {
    this.prefix = prefix;
    this.taken = new Set(globals);
  }

  /** A name that is free as yet, and its symbol. Only the function's own helpers count: what changes elsewhere in the unit renames nothing here. */
  of(fn: AstNode, macro: string): { plain: string; name: string } {
    const first = `${fn.name ?? ""}_${slug(macro)}`;
    let plain = first;
    for (let k = 2; this.taken.has(plain); k++) plain = `${first}_${k}`;
    return { plain, name: this.prefix + plain };
  }

  take(plain: string): void {
    this.taken.add(plain);
  }
}

/** Expressions that are no invocation and no call are called after what they are, by clang's word for it. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["GCCAsmStmt", "asm"],
  ["ImplicitCastExpr", "address"],
  ["UnaryOperator", "address"],
  ["AddrLabelExpr", "label"],
  ["StmtExpr", "value"],
]);

function slug(name: string): string {
  return KINDS.get(name) ?? name.replace(/\W/g, "_").replace(/^_+/, "");
}
