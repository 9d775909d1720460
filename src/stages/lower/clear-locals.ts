/**
 * Makes local structures as zero as C makes them (zero-padding.ts says why): one with an initialiser is cleared, and its members are then
 * assigned; one without is cleared where kernels are built with `-ftrivial-auto-var-init=zero`.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { beforeEquals } from "../../c/lexer.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import { isUnassignable } from "./definitions.ts";
import type { Records } from "./records.ts";
import { assignment, isPair, type Leaf, leavesOf, literalOf, pairAddress, takeApart } from "./zero-padding.ts";

/**
 * @param clearAll whether locals without an initialiser are zero too, as the compile command's flags have it
 * @param apart takes in the initialiser lists that are none any more
 */
export function clearLocals(
  fn: AstNode,
  records: Records,
  source: string,
  clearAll: boolean,
  apart: Set<AstNode>,
  text: Rewriter,
): void {
  walk(fn, (n) => {
    const at = extent(n);
    const loop = loopOf(n, source);
    if (n.kind !== "DeclStmt" || (n.parent?.kind !== "CompoundStmt" && loop === undefined) || at === undefined) return;
    const variables = n.inner ?? [];
    const cleared = variables.flatMap((v, i) =>
      clearAll && isLocalRecord(v) && initialOf(v) === undefined && !variables.slice(i + 1).some((x) => mayFill(x, v))
        ? [` __builtin_memset(&${v.name}, 0, sizeof(${v.name}));`]
        : [],
    );
    const parts: Part[] = [];
    const behind: Part[] = [];
    let from = at.start;
    for (const [v, { head, end, assigned, leaves, keyword }] of laterFilled(variables, source, at.start, records)) {
      if (keyword !== undefined) text.replace(keyword, keyword + "const".length, "");
      takeApart(leaves, apart);
      giveLength(v, source.slice(0, head), text);
      parts.push({ start: from, end: head });
      from = end;
      behind.push(...assigned);
    }
    if (parts.length === 0 && cleared.length === 0) return;
    if (loop === undefined) {
      if (cleared.length > 0) text.replace(at.end, at.end, ...cleared);
      if (parts.length > 0) text.replace(at.start, at.end, ...parts, { start: from, end: at.end }, ...behind);
      return;
    }
    // Nothing but the declaration can stand in a loop's head: it goes before the loop, in a block of both.
    text.replace(loop.start, at.start, "{ ");
    text.replace(at.start, at.end, ...parts, { start: from, end: at.end }, ...cleared, ...behind, " for (;");
    text.replace(loop.end, loop.end, " }");
  });
}

/** Statements that end where the last one in them does. */
const HOLDERS = new Set("ForStmt IfStmt WhileStmt SwitchStmt CaseStmt DefaultStmt LabelStmt AttributedStmt".split(" "));

/** The loop that a declaration is the head of. One whose body is an expression ends before the semicolon, which is a part of it here. */
function loopOf(n: AstNode, source: string): { start: number; end: number } | undefined {
  const loop = n.parent?.kind === "ForStmt" && n.parent.inner?.[0] === n ? n.parent : undefined;
  const at = loop && extent(loop);
  if (at === undefined) return undefined;
  let last: AstNode | undefined = loop;
  while (last !== undefined && HOLDERS.has(last.kind)) last = last.inner?.at(-1);
  // `for (…) place = (struct s){ … };` ends with a brace as well.
  const isWhole = last?.kind === "CompoundStmt" || last?.kind === "NullStmt";
  const semicolon = isWhole ? undefined : /^\s*;/.exec(source.slice(at.end));
  return { start: at.start, end: at.end + (semicolon?.[0].length ?? 0) };
}

interface Filling {
  /** Where the declaration ends that is left of the variable, and where its value does. */
  head: number;
  end: number;
  leaves: Leaf[];
  assigned: Part[];
  /** Where the word `const` stands that has to go. */
  keyword?: number;
}

/** Those of a statement's variables that get their values behind it, in their order. */
function laterFilled(
  variables: readonly AstNode[],
  source: string,
  start: number,
  records: Records,
): Map<AstNode, Filling> {
  const found: [AstNode, Filling][] = [];
  const stay: AstNode[] = [];
  const given = variables.filter((v) => isLocalRecord(v) && initialOf(v) !== undefined);
  for (const v of variables.toReversed()) {
    const filled = isLater(v, stay)
      ? (filling(v, source, start, records) ?? behindOthers(v, given, source, start))
      : undefined;
    const keyword = filled && isConstant(v) ? (variables.length > 1 ? -1 : constKeyword(v, source, start)) : undefined;
    if (filled === undefined || keyword === -1) stay.push(v);
    else found.push([v, { ...filled, ...(keyword === undefined ? {} : { keyword }) }]);
  }
  return new Map(found.toReversed());
}

/** How a variable's value is put in behind its declaration; undefined for what is none of ours, or cannot be told. */
function filling(v: AstNode, source: string, start: number, records: Records): Filling | undefined {
  const initial = initialOf(v);
  const value = initial && extent(initial);
  if (initial === undefined || value === undefined || !isLocalRecord(v)) return undefined;
  const before = source.slice(start, value.start);
  const head = start + (beforeEquals(before) ?? before).length;
  const within = statementPair(v, initial, records);
  if (within !== undefined) return { head, end: value.end, leaves: [], assigned: within };
  if (literalOf(initial) === undefined && pairAddress(initial, records) !== undefined)
    return { head, end: value.end, leaves: [], assigned: assignment(v.name as string, initial, records) ?? [] };
  const list = literalOf(initial) ?? initial;
  const leaves = list.kind === "InitListExpr" ? leavesOf(list, "", records) : undefined;
  const assignments = leaves?.map((l) => assignment(`${v.name}${l.path}`, l.value, records));
  if (leaves === undefined || assignments?.some((a) => a === undefined)) return undefined;
  const cleared = ` __builtin_memset(&${v.name}, 0, sizeof(${v.name}));`;
  return { head, end: value.end, leaves, assigned: [cleared, ...(assignments ?? []).flatMap((a) => a as Part[])] };
}

/** How a pair gets what a statement expression ends in, `({ struct pair t = *p; t.tag++; t; })`: copied as bytes where `t` still is. */
function statementPair(v: AstNode, initial: AstNode, records: Records): Part[] | undefined {
  let n: AstNode | undefined = initial;
  while (n?.kind === "ParenExpr") n = n.inner?.[0];
  const last = n?.kind === "StmtExpr" ? n.inner?.[0]?.inner?.at(-1) : undefined;
  const [at, to] = [extent(initial), last && extent(last)];
  const from = last && pairAddress(last, records);
  if (at === undefined || to === undefined || from === undefined || !isPair(v, records)) return undefined;
  let hidden = false;
  walk(initial, (x) => void (hidden ||= x.kind === "VarDecl" && x.name === v.name));
  if (hidden) return undefined;
  const copy: Part[] = [`__builtin_memcpy(&${v.name}, `, ...from, `, sizeof(${v.name}))`];
  return [" ", { start: at.start, end: to.start }, ...copy, { start: to.end, end: at.end }, ";"];
}

/** How a variable gets its value that is made of a structure's before it, or acts: behind that one's. */
function behindOthers(v: AstNode, given: readonly AstNode[], source: string, start: number): Filling | undefined {
  const initial = initialOf(v);
  const value = initial && extent(initial);
  const type = v.type?.desugaredQualType ?? v.type?.qualType ?? "";
  if (
    initial === undefined ||
    value === undefined ||
    initial.kind === "InitListExpr" ||
    v.storageClass !== undefined ||
    isUnassignable(type) ||
    /\]$/.test(type) ||
    !given.some((x) => x !== v && (acts(v) || readsOf(v, x)))
  )
    return undefined;
  const before = source.slice(start, value.start);
  const head = start + (beforeEquals(before) ?? before).length;
  return { head, end: value.end, leaves: [], assigned: [` ${v.name} = `, value, ";"] };
}

/** Whether a variable may get its value behind those that are declared after it and keep theirs: nobody can tell what came first. */
function isLater(v: AstNode, stay: readonly AstNode[]): boolean {
  const valued = stay.filter((x) => initialOf(x) !== undefined);
  return valued.every((x) => !acts(x) && !readsOf(x, v) && (!acts(v) || isFixed(x)));
}

function acts(n: AstNode): boolean {
  let found = false;
  walk(n, (x) => {
    found ||=
      x.kind === "CallExpr" ||
      x.kind === "StmtExpr" ||
      x.kind === "CompoundAssignOperator" ||
      (x.kind === "BinaryOperator" && x.opcode === "=") ||
      (x.kind === "UnaryOperator" && (x.opcode === "++" || x.opcode === "--")) ||
      (x.castKind === "LValueToRValue" && /\bvolatile\b/.test(x.inner?.[0]?.type?.qualType ?? ""));
  });
  return found;
}

/** Whether a declaration's value is one that nothing changes: it reads no object. */
function isFixed(declaration: AstNode): boolean {
  let reads = false;
  walk(declaration, (n) => void (reads ||= n.castKind === "LValueToRValue"));
  return !reads;
}

/** Whether a declaration's value names a variable other than for its address. */
function readsOf(declaration: AstNode, variable: AstNode): boolean {
  let found = false;
  walk(declaration, (n) => {
    if (n.kind === "DeclRefExpr" && n.referencedDecl?.id === variable.id)
      found ||= !(n.parent?.kind === "UnaryOperator" && n.parent.opcode === "&");
  });
  return found;
}

/**
 * Where the word `const` of a variable's type stands, which nothing could be assigned to; -1 where it has to stay: a constant array is a
 * table, whose place is not the stack, and a type may be constant by its name.
 */
function constKeyword(v: AstNode, source: string, start: number): number {
  if (/\]$/.test(v.type?.qualType ?? "")) return -1;
  const at = source.slice(start, v.loc?.offset).search(/\bconst\b/);
  return at < 0 ? -1 : start + at;
}

/** Only its initialiser says how long `struct item list[] = { … }` is. */
function giveLength(variable: AstNode, head: string, text: Rewriter): void {
  const name = variable.loc?.offset ?? head.length;
  const open = head.slice(name).search(/\[\s*\]/);
  const length = /\[(\d+)\]/.exec(variable.type?.qualType ?? "")?.[1];
  if (open >= 0 && length !== undefined) text.replace(name + open + 1, name + open + 1, length);
}

function isLocalRecord(v: AstNode): boolean {
  const type = v.type?.desugaredQualType ?? v.type?.qualType ?? "";
  return (
    v.kind === "VarDecl" &&
    v.name !== undefined &&
    v.storageClass === undefined &&
    /^(?:const )?(?:struct|union) [^*(]*$/.test(type)
  );
}

function isConstant(v: AstNode): boolean {
  return /\bconst\b/.test(v.type?.desugaredQualType ?? v.type?.qualType ?? "");
}

function initialOf(v: AstNode): AstNode | undefined {
  return v.inner?.find((c) => c.valueCategory !== undefined);
}

/** Whether what computes a declaration's value may change another variable. */
function mayFill(declaration: AstNode, variable: AstNode): boolean {
  let [named, acts] = [false, false];
  walk(declaration, (n) => {
    named ||= n.kind === "DeclRefExpr" && n.referencedDecl?.id === variable.id;
    acts ||= n.kind === "CallExpr" || n.kind === "StmtExpr" || (n.kind === "BinaryOperator" && n.opcode === "=");
  });
  return named && acts;
}
