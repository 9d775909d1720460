/**
 * Lowers `__attribute__((cleanup(f)))` (`guard()`, `scoped_guard()`, `__free()`): the calls that C makes when a variable's scope is left
 * are written out on every way out of it, last declared first. c2rust drops the attribute without a word.
 */
import { type AstNode, desugared, extent, returnType, spelling, walk } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import { declarator } from "./helper-source.ts";
import { isConstant } from "./constant-expressions.ts";
import { behindSemicolon, endsWithBlock } from "./statement-end.ts";

/** The name of the function that a clean-up attribute calls. */
export function cleanupFunction(attribute: AstNode, source: string): string | undefined {
  const at = attribute.kind === "CleanupAttr" ? extent(attribute) : undefined;
  return at && /\(\s*(\w+)/.exec(source.slice(at.start, at.end))?.[1];
}

/** What a statement is within: the calls owed where it stands, and how many of them a `break` or `continue` leaves owing. */
interface Around {
  owed: readonly string[];
  atBreak: number;
  atContinue: number;
}

export class ScopeExits {
  private readonly fn: AstNode;
  private readonly source: string;
  private readonly within: (node: AstNode) => boolean;
  /** The calls owed where a label stands, by the label's id. */
  private readonly labels = new Map<string, readonly string[]>();
  /** The calls owed where what moves into a helper starts. */
  private readonly moved = new Map<number, readonly string[]>();
  private readonly any: boolean;

  /** @param isMoved whether a node goes into a helper, and its clean-ups with it */
  constructor(fn: AstNode, source: string, isMoved: (node: AstNode) => boolean) {
    this.fn = fn;
    this.source = source;
    this.within = isMoved;
    let any = false;
    walk(fn, (n) => void (n.kind === "CleanupAttr" && (any = true)));
    this.any = any;
    if (any) this.visit(fn, { owed: [], atBreak: 0, atContinue: 0 }, undefined);
  }

  /** The calls to make before a helper's jump to a label is taken. */
  beforeJump(from: number, label: string): string {
    let to: readonly string[] | undefined;
    if (this.any)
      walk(
        this.fn,
        (n) => void (n.kind === "LabelStmt" && n.name === label && (to ??= this.labels.get(n.declId ?? ""))),
      );
    return to === undefined ? "" : calls((this.moved.get(from) ?? []).slice(to.length));
  }

  lower(text: Rewriter): void {
    if (this.any) this.visit(this.fn, { owed: [], atBreak: 0, atContinue: 0 }, text);
  }

  /** @param text absent on the first walk, which only learns where labels stand */
  private visit(n: AstNode, cx: Around, text: Rewriter | undefined): void {
    const at = extent(n);
    if (at && this.within(n)) {
      this.moved.set(at.start, cx.owed);
      for (const c of n.inner ?? []) this.visit(c, cx, text);
      return;
    }
    if (n.kind === "CompoundStmt") return this.block(n, cx, text);
    if (n.kind === "LabelStmt" && n.declId !== undefined) this.labels.set(n.declId, cx.owed);
    if (text) this.leave(n, cx, text);
    if (n.kind === "ForStmt") return this.loop(n, cx, text);
    const depth = cx.owed.length;
    const inner =
      n.kind === "WhileStmt" || n.kind === "DoStmt"
        ? { ...cx, atBreak: depth, atContinue: depth }
        : n.kind === "SwitchStmt"
          ? { ...cx, atBreak: depth }
          : cx;
    for (const c of n.inner ?? []) this.visit(c, inner, text);
  }

  private block(n: AstNode, cx: Around, text: Rewriter | undefined): void {
    let here = cx;
    for (const child of n.inner ?? []) {
      this.visit(child, here, text);
      here = { ...here, owed: [...here.owed, ...this.declared(unlabelled(child), text)] };
    }
    const owed = here.owed.slice(cx.owed.length);
    const at = extent(n);
    const last = n.inner?.at(-1);
    if (text === undefined || owed.length === 0 || at === undefined || last === undefined) return;
    const value = unlabelled(last);
    const range = extent(value);
    if (n.parent?.kind === "StmtExpr" && value.valueCategory !== undefined && desugared(value) !== "void" && range) {
      const type = spelling(n.parent.type ?? { qualType: "" });
      text.replace(
        range.start,
        range.end,
        ...(type === undefined ? ["__typeof__(", range, ") kport$value"] : [declarator(type, "kport$value")]),
        " = (",
        range,
        `); ${calls(owed)}kport$value`,
      );
    } else if (!/^(?:Return|Break|Continue|Goto|IndirectGoto)Stmt$/.test(value.kind))
      text.replace(at.end - 1, at.end - 1, ` ${calls(owed)}`);
  }

  /** A variable declared in the head of a `for` lives until the loop ends: it is declared before it, in a block around both. */
  private loop(n: AstNode, cx: Around, text: Rewriter | undefined): void {
    const [head, ...rest] = n.inner ?? [];
    const owed = head?.kind === "DeclStmt" ? this.declared(head, text) : [];
    const depth = cx.owed.length + owed.length;
    if (head) this.visit(head, cx, text);
    for (const c of rest) this.visit(c, { owed: [...cx.owed, ...owed], atBreak: depth, atContinue: depth }, text);
    const [at, declaration, body] = [extent(n), head && extent(head), rest.at(-1)];
    if (text === undefined || owed.length === 0 || at === undefined || declaration === undefined || body === undefined)
      return;
    text.replace(at.start, declaration.end, "{ ", declaration, " for (;");
    const end = endsWithBlock(body) ? at.end : behindSemicolon(this.source, at.end);
    text.replace(end, end, ` ${calls(owed)}}`);
  }

  /** The calls that a declaration's variables owe, in order. Takes the attributes away. */
  private declared(n: AstNode, text: Rewriter | undefined): string[] {
    if (n.kind !== "DeclStmt") return [];
    return (n.inner ?? []).flatMap((v) => {
      const attribute =
        v.kind === "VarDecl" && v.storageClass === undefined
          ? v.inner?.find((a) => a.kind === "CleanupAttr")
          : undefined;
      const [name, at] = attribute ? [cleanupFunction(attribute, this.source), extent(attribute)] : [];
      if (name === undefined || at === undefined) return [];
      text?.replace(at.start, at.end, "");
      return [`${name}(&${v.name});`];
    });
  }

  /** Statements that leave scopes. */
  private leave(n: AstNode, cx: Around, text: Rewriter): void {
    const at = extent(n);
    if (at === undefined) return;
    const to =
      n.kind === "ReturnStmt"
        ? 0
        : n.kind === "BreakStmt"
          ? cx.atBreak
          : n.kind === "ContinueStmt"
            ? cx.atContinue
            : n.kind === "GotoStmt"
              ? this.labels.get(n.targetLabelDeclId ?? "")?.length
              : undefined;
    const owed = to === undefined ? [] : cx.owed.slice(to);
    if (owed.length === 0) return;
    const end = behindSemicolon(this.source, at.end);
    const value = n.kind === "ReturnStmt" ? n.inner?.[0] : undefined;
    const range = value && extent(value);
    const type = returnType(this.fn);
    let parts: Part[] = [calls(owed), at, ";"];
    if (value && range && type === "void") parts = [range, `; ${calls(owed)}return;`];
    // What is returned is computed before the clean-ups.
    else if (value && range && !isConstant(value))
      parts = [`${declarator(type, "kport$result")} = `, range, `; ${calls(owed)}return kport$result;`];
    text.replace(at.start, end, "{ ", ...parts, " }");
  }
}

function calls(owed: readonly string[]): string {
  return owed
    .toReversed()
    .map((c) => `${c} `)
    .join("");
}

/** The statement behind labels and cases. */
function unlabelled(n: AstNode): AstNode {
  const inner =
    n.kind === "LabelStmt" || n.kind === "CaseStmt" || n.kind === "DefaultStmt" ? n.inner?.at(-1) : undefined;
  return inner === undefined ? n : unlabelled(inner);
}
