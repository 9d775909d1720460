/**
 * Unsafe blocks in unsafe functions: as small as reads well. rustc says which expressions are unsafe; the tree of the text says which
 * statements they belong to. One or two plain statements are a block each, within their line; of more, the statements from the first to
 * the last are one block, and what stands before and behind them stays outside.
 */
import { parseRust } from "../../../rust/parse.ts";
import type { SyntaxNode } from "@lezer/common";
import type { Edit } from "../../../rust/lexer.ts";

/** Where something unsafe is done, as offsets of the text. */
export interface Operation {
  from: number;
  to: number;
}

/** So many blocks within their lines read better than one around all. */
const MOST_INLINE = 2;

/**
 * What to write into a text so that each operation lies in a block.
 * @param whole functions that have one block around all that they do
 * @param declaring macros that declare what they are given the name of
 */
export function unsafeBlocks(
  text: string,
  operations: readonly Operation[],
  whole: ReadonlySet<string> = new Set(),
  declaring: ReadonlySet<string> = new Set(),
): Edit[] {
  if (operations.length === 0) return [];
  const blocks = new Blocks(text, operations, declaring);
  parseRust(text).iterate({
    enter({ node }) {
      if (node.name !== "FunctionItem") return;
      const body = node.getChild("Block");
      const name = node.getChild("BoundIdentifier");
      if (body && name && whole.has(text.slice(name.from, name.to))) blocks.around(body);
      else if (body) blocks.within(body);
    },
  });
  return blocks.edits;
}

class Blocks {
  readonly edits: Edit[] = [];
  private readonly text: string;
  private readonly operations: readonly Operation[];
  private readonly declaring: ReadonlySet<string>;
  constructor(text: string, operations: readonly Operation[], declaring: ReadonlySet<string>) {
    this.text = text;
    this.operations = operations;
    this.declaring = declaring;
  }

  /** One block around all, where anything in it is unsafe. */
  around(block: SyntaxNode): void {
    const statements = statementsOf(block);
    if (this.isUnsafe(block)) this.wrapStatements(statements, 0, statements.length - 1);
  }

  within(block: SyntaxNode): void {
    const statements = statementsOf(block);
    const at = statements.flatMap((s, i) => (this.isUnsafe(s) ? [i] : []));
    const [first, last] = [at[0], at.at(-1)];
    if (first === undefined || last === undefined) return;
    const plain = at.map((i) => this.expressionOf(statements[i] as SyntaxNode));
    if (plain.length <= MOST_INLINE && plain.every((e) => e !== undefined))
      for (const e of plain) this.wrapExpression(e as Operation);
    else {
      const inner = at.length === 1 ? this.blockWithAll(statements[first] as SyntaxNode) : undefined;
      if (inner) this.within(inner);
      else this.wrapStatements(statements, first, last);
    }
  }

  private isUnsafe(n: Operation): boolean {
    return this.operations.some((o) => n.from <= o.from && o.to <= n.to);
  }

  /** What of a statement is put into a block within its line; undefined for one of several lines, or with blocks of its own. */
  private expressionOf(statement: SyntaxNode): Operation | undefined {
    if (blocksOf(statement).length > 0 || this.text.slice(statement.from, statement.to).includes("\n"))
      return undefined;
    if (statement.name === "MacroInvocation" && !this.isDeclaring(statement))
      return { from: statement.from, to: statement.getChild(";")?.from ?? statement.to };
    if (statement.name !== "LetDeclaration" && statement.name !== "ExpressionStatement") return undefined;
    const expression =
      (statement.name === "LetDeclaration" ? statement.getChild("=")?.nextSibling : statement.firstChild) ?? undefined;
    const value = expression?.lastChild;
    if (!expression || !value || (expression.name !== "AssignmentExpression" && expression.name !== "ReturnExpression"))
      return expression;
    return this.operations.some((o) => expression.from <= o.from && o.from < value.from) ? expression : value;
  }

  /** The one block of a statement in which all that is unsafe in it lies. */
  private blockWithAll(statement: SyntaxNode): SyntaxNode | undefined {
    const own = this.operations.filter((o) => statement.from <= o.from && o.to <= statement.to);
    const inner = blocksOf(statement).filter((b) => this.isUnsafe(b));
    const [one] = inner;
    return one && inner.length === 1 && own.every((o) => one.from <= o.from && o.to <= one.to) ? one : undefined;
  }

  private wrapExpression(n: Operation): void {
    this.edits.push({ start: n.from, end: n.from, text: "unsafe { " }, { start: n.to, end: n.to, text: " }" });
  }

  private wrapStatements(statements: readonly SyntaxNode[], first: number, unsafeTo: number): void {
    const declared = new Set(statements.slice(first, unsafeTo + 1).flatMap((s) => this.declaredBy(s)));
    const last = statements.slice(unsafeTo + 1).some((s) => this.names(s, declared)) ? statements.length - 1 : unsafeTo;
    const [from, to] = [
      this.withCommentsAbove(statements[first] as SyntaxNode),
      this.withCommentBehind(statements[last] as SyntaxNode),
    ];
    this.edits.push({ start: from, end: from, text: "unsafe {\n" }, { start: to, end: to, text: "\n}" });
  }

  private isDeclaring(statement: SyntaxNode): boolean {
    const name = statement.name === "MacroInvocation" ? statement.firstChild : undefined;
    return name != null && this.declaring.has(this.text.slice(name.from, name.to));
  }

  /** Names that end with the block around them. */
  private declaredBy(statement: SyntaxNode): string[] {
    const names: string[] = [];
    const bound = this.isDeclaring(statement) ? /Identifier$/ : /^BoundIdentifier$/;
    statement.cursor().iterate((n) => {
      if (n.name === "Block") return false;
      if (bound.test(n.name)) names.push(this.text.slice(n.from, n.to));
      return true;
    });
    return names;
  }

  private names(n: SyntaxNode, any: ReadonlySet<string>): boolean {
    let found = false;
    n.cursor().iterate((c) => {
      if (/Identifier$/.test(c.name) && any.has(this.text.slice(c.from, c.to))) found = true;
    });
    return found;
  }

  private withCommentsAbove(statement: SyntaxNode): number {
    let from = statement.from;
    for (
      let n = statement.prevSibling;
      n &&
      isComment(n) &&
      /\n[ \t]*$/.test(this.text.slice(0, n.from)) &&
      !/\n[ \t]*\n/.test(this.text.slice(n.to, from));
      n = n.prevSibling
    )
      from = n.from;
    return from;
  }

  /** A comment that begins on a statement's last line is the statement's. */
  private withCommentBehind(statement: SyntaxNode): number {
    const next = statement.nextSibling;
    return next && isComment(next) && !this.text.slice(statement.to, next.from).includes("\n") ? next.to : statement.to;
  }
}

function children(n: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = [];
  for (let c = n.firstChild; c; c = c.nextSibling) out.push(c);
  return out;
}

function statementsOf(block: SyntaxNode): SyntaxNode[] {
  return children(block).filter((n) => n.name !== "{" && n.name !== "}" && !isComment(n));
}

function isComment(n: SyntaxNode): boolean {
  return n.name === "LineComment" || n.name === "BlockComment";
}

/** The blocks of a statement that are in no other block of it, and in no closure. */
function blocksOf(n: SyntaxNode): SyntaxNode[] {
  return children(n).flatMap((c) =>
    c.name === "Block" ? [c] : c.name === "ClosureExpression" || c.name === "FunctionItem" ? [] : blocksOf(c),
  );
}
