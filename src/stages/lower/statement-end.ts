/** Where a statement ends. */
import { type AstNode, extent } from "../../c/ast.ts";

/** Behind a statement's semicolon, which clang counts to no statement but a declaration. */
export function statementEnd(source: string, statement: AstNode): number | undefined {
  const at = extent(statement);
  return at === undefined || endsWithBlock(statement) ? at?.end : behindSemicolon(source, at.end);
}

/** Behind the semicolon that comes next, or where it was looked for. */
export function behindSemicolon(source: string, end: number): number {
  const semicolon = /(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*)*;/y;
  semicolon.lastIndex = end;
  return semicolon.test(source) ? semicolon.lastIndex : end;
}

/** Whether a statement ends with something that has no semicolon of its own. */
export function endsWithBlock(n: AstNode): boolean {
  if (n.kind === "CompoundStmt" || n.kind === "DeclStmt" || n.kind === "NullStmt") return true;
  const last = /^(?:For|While|If|Switch|Label|Case|Default)Stmt$/.test(n.kind) ? n.inner?.at(-1) : undefined;
  return last !== undefined && endsWithBlock(last);
}
