/** clang's JSON syntax tree of a preprocessed unit: the parts the lowering reads. */
import { unitsOf } from "./byte-offsets.ts";

interface AstPosition {
  /** In units of the text, as JavaScript counts them. */
  offset?: number;
  tokLen?: number;
}

interface AstType {
  qualType: string;
  desugaredQualType?: string;
}

/** A node as clang prints it (`-Xclang -ast-dump=json`, clang 19), with its parent added. */
export interface AstNode {
  id: string;
  kind: string;
  name?: string;
  type?: AstType;
  range?: { begin: AstPosition; end: AstPosition };
  loc?: AstPosition;
  inner?: AstNode[];
  valueCategory?: "prvalue" | "lvalue";
  castKind?: string;
  opcode?: string;
  storageClass?: string;
  isBitfield?: boolean;
  isPostfix?: boolean;
  /** Of a member: `->` as against `.`. */
  isArrow?: boolean;
  isGNURange?: boolean;
  selected?: boolean;
  value?: unknown;
  variadic?: boolean;
  referencedDecl?: AstNode;
  referencedMemberDecl?: string;
  labelDeclId?: string;
  targetLabelDeclId?: string;
  declId?: string;
  argType?: AstType;
  /** Of an initialiser list: the member of a union it is for; a filled up array, its filler first. */
  field?: AstNode;
  array_filler?: AstNode[];
  /** Of a structure or union. */
  tagUsed?: string;
  completeDefinition?: boolean;
  ownedTagDecl?: AstNode;
  decl?: AstNode;
  parent?: AstNode;
}

/**
 * The external declarations of a text.
 * @param dump what clang prints of it: `-ast-dump=json`
 */
export function treeOf(dump: string, text: string): AstNode[] {
  const root = JSON.parse(dump) as AstNode;
  link(root, unitsOf(text));
  return root.inner ?? [];
}

function link(node: AstNode, units: (byte: number) => number): void {
  // The common operand of `a ?: b` once more, and once more: it stands in the text once, before them.
  if (node.kind === "OpaqueValueExpr") delete node.inner;
  for (const p of [node.loc, node.range?.begin, node.range?.end]) if (p) countInUnits(p, units);
  for (const child of [...(node.inner ?? []), ...(node.array_filler ?? [])]) {
    child.parent = node;
    link(child, units);
  }
}

function countInUnits(p: AstPosition, units: (byte: number) => number): void {
  if (p.offset === undefined) return;
  const end = units(p.offset + (p.tokLen ?? 0));
  p.offset = units(p.offset);
  p.tokLen = end - p.offset;
}

/** Visit a node and all below it, parents first. A visitor that returns false keeps out what is below. */
export function walk(node: AstNode, visit: (n: AstNode) => boolean | void): void {
  if (visit(node) === false) return;
  for (const child of node.inner ?? []) walk(child, visit);
  for (const child of (node.array_filler ?? []).slice(1)) walk(child, visit);
}

/** The offsets a node covers: from its first character to behind its last. Undefined for implicit nodes. */
export function extent(node: AstNode): { start: number; end: number } | undefined {
  const b = node.range?.begin;
  const e = node.range?.end;
  if (b?.offset === undefined || e?.offset === undefined) return undefined;
  return { start: b.offset, end: e.offset + (e.tokLen ?? 0) };
}

/** The type's own spelling, or undefined where it cannot be written down (unnamed structures, types local to an expression). */
export function spelling(type: AstType): string | undefined {
  for (const t of [type.qualType, type.desugaredQualType]) {
    if (t !== undefined && !/\b(unnamed|anonymous|typeof|__typeof__|__auto_type|typeof_unqual)\b/.test(t)) return t;
  }
  return undefined;
}

/** A node's type with its typedefs resolved, without qualifiers of its own. */
export function desugared(node: AstNode): string {
  return (node.type?.desugaredQualType ?? node.type?.qualType ?? "").replace(/^(?:(?:const|volatile) )+/, "");
}

/** The result type of a function, from its type as clang spells it: `int *(int, char)`. */
export function returnType(fn: AstNode): string {
  const type = fn.type?.qualType ?? "void ()";
  let depth = 0;
  for (let i = type.length - 1; i >= 0; i--) {
    if (type[i] === ")") depth++;
    else if (type[i] === "(" && --depth === 0) return type.slice(0, i).trim();
  }
  return "void";
}

/** Whether a node is an expression (as against a statement or declaration). */
export function isExpression(node: AstNode): boolean {
  return node.valueCategory !== undefined;
}

/** The nearest ancestor that is more than parentheses. */
export function meaningfulParent(node: AstNode): AstNode | undefined {
  let p = node.parent;
  while (p?.kind === "ParenExpr") p = p.parent;
  return p;
}

/** The function a call names directly. */
export function calleeName(call: AstNode): string | undefined {
  let n = call.inner?.[0];
  while (n && (n.kind === "ImplicitCastExpr" || n.kind === "ParenExpr")) n = n.inner?.[0];
  return n?.kind === "DeclRefExpr" && n.referencedDecl?.kind === "FunctionDecl" ? n.referencedDecl.name : undefined;
}
