/** What an expression inside a function needs from around it, and whether it can leave. */
import { type AstNode, extent, spelling, walk, meaningfulParent } from "../../c/ast.ts";
import type { Token } from "../../c/lexer.ts";

/** A local variable that an expression uses. */
export interface LocalUse {
  name: string;
  /** As it can be written in a cast. */
  type: string;
  /** Its value is all that is needed; else it is changed, looked into or has its address taken. */
  byValue: boolean;
  /** Offsets of the names. */
  at: number[];
}

/** The locals of one function: parameters and block-scope variables, by clang's id. */
export function localsOf(fn: AstNode): Map<string, AstNode> {
  const locals = new Map<string, AstNode>();
  walk(fn, (n) => {
    if ((n.kind === "ParmVarDecl" || n.kind === "VarDecl") && n.name !== undefined) locals.set(n.id, n);
  });
  return locals;
}

function isInside(node: AstNode, outer: AstNode): boolean {
  for (let n: AstNode | undefined = node; n; n = n.parent) if (n === outer) return true;
  return false;
}

/**
 * The locals that `nodes` use and do not declare themselves.
 * @param tokens the significant tokens of the expression's text: a name inside `typeof` is in no syntax tree
 * @returns undefined where a local's type cannot be written down outside its function
 */
export function usesOf(
  carrier: AstNode,
  locals: ReadonlyMap<string, AstNode>,
  tokens: readonly Token[],
): LocalUse[] | undefined {
  const uses = new Map<string, LocalUse>();
  const inner = new Set<string>();
  let writable = true;
  walk(carrier, (n) => {
    if (n.kind === "VarDecl" && n.name !== undefined) inner.add(n.name);
    if (n.kind !== "DeclRefExpr" || n.referencedDecl === undefined) return;
    const declaration = locals.get(n.referencedDecl.id);
    if (declaration === undefined || isInside(declaration, carrier)) return;
    const type = spelling(declaration.type ?? { qualType: "" });
    const at = extent(n)?.start;
    if (type === undefined || at === undefined) {
      writable = false;
      return;
    }
    const parent = meaningfulParent(n);
    const read =
      parent?.kind === "ImplicitCastExpr" &&
      parent.castKind === "LValueToRValue" &&
      declaration.storageClass !== "static";
    const use = uses.get(declaration.id) ?? { name: declaration.name as string, type, byValue: true, at: [] };
    use.byValue &&= read;
    use.at.push(at);
    uses.set(declaration.id, use);
  });
  if (!writable) return undefined;
  // A name inside `typeof` is in no syntax tree, and means the same local.
  const start = extent(carrier)?.start ?? 0;
  for (const use of uses.values()) {
    if (inner.has(use.name)) continue;
    for (const [i, t] of tokens.entries()) {
      if (
        t.kind === "identifier" &&
        t.text === use.name &&
        !isMember(tokens, i) &&
        withinTypeof(tokens, i) &&
        !use.at.includes(start + t.start)
      )
        use.at.push(start + t.start);
    }
  }
  for (const [id, declaration] of locals) {
    const name = declaration.name as string;
    if (uses.has(id) || inner.has(name)) continue;
    const inTypeof = tokens.find(
      (t, i) => t.kind === "identifier" && t.text === name && !isMember(tokens, i) && withinTypeof(tokens, i),
    );
    if (inTypeof === undefined) continue;
    const type = spelling(declaration.type ?? { qualType: "" });
    if (type === undefined) return undefined;
    uses.set(id, { name, type, byValue: !type.includes("["), at: [] });
  }
  const all = [...uses.values()];
  // Two locals of one name (a shadowed one and its shadow) cannot both be parameters.
  return new Set(all.map((u) => u.name)).size === all.length ? all : undefined;
}

export function isMember(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1]?.text;
  return before === "." || before === "->";
}

function withinTypeof(tokens: readonly Token[], i: number): boolean {
  let depth = 0;
  for (let at = i - 1; at >= 0; at--) {
    const x = tokens[at]?.text ?? "";
    if (x === ")") depth++;
    else if (x === "(") {
      if (depth > 0) depth--;
      else if (/^_*typeof_*$/.test(tokens[at - 1]?.text ?? "")) return true;
    }
  }
  return false;
}

/** Why an expression cannot leave its function; undefined when it can. Jumps to labels are no reason: see jumps.ts. */
export function tiedBy(carrier: AstNode): string | undefined {
  let tie: string | undefined;
  const visit = (n: AstNode, loops: number, switches: number): void => {
    if (n.kind === "ReturnStmt") tie ??= "it returns from the function";
    if (n.kind === "BreakStmt" && loops + switches === 0) tie ??= "it breaks out of a loop around it";
    if (n.kind === "ContinueStmt" && loops === 0) tie ??= "it continues a loop around it";
    if ((n.kind === "CaseStmt" || n.kind === "DefaultStmt") && switches === 0)
      tie ??= "it is a case of a switch around it";
    const loop = n.kind === "ForStmt" || n.kind === "WhileStmt" || n.kind === "DoStmt" ? 1 : 0;
    const sw = n.kind === "SwitchStmt" ? 1 : 0;
    for (const c of n.inner ?? []) visit(c, loops + loop, switches + sw);
  };
  visit(carrier, 0, 0);
  return tie;
}

/** The names of the module's own, at file scope, that an expression uses. */
export function globalsOf(
  carrier: AstNode,
  locals: ReadonlyMap<string, AstNode>,
  ownGlobals: ReadonlySet<string>,
): Set<string> {
  const names = new Set<string>();
  walk(carrier, (n) => {
    const d = n.kind === "DeclRefExpr" ? n.referencedDecl : undefined;
    if (d?.name !== undefined && !locals.has(d.id) && ownGlobals.has(d.name)) names.add(d.name);
  });
  return names;
}

export function parameterType(u: LocalUse): string {
  return u.byValue ? withoutQualifiers(u.type) : `__typeof__(${u.type}) *`;
}

/** A value that is passed or returned has no use for its top-level `const` or `volatile`. */
export function withoutQualifiers(type: string): string {
  return type.includes("*")
    ? type.replace(/\*\s*(?:const|volatile|restrict|\s)+$/, "*")
    : type.replace(/^(?:(?:const|volatile)\s+)+/, "");
}
