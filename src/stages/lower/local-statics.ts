/**
 * Static variables of a function that another one's initialiser names move before the function. c2rust 0.22.1 moves a static whose
 * initialiser it takes for no constant out of its function, and leaves there what the initialiser names (its issue 1981). It keeps its name,
 * which no variable of another function may have in Rust: a static that may be moved so and shares its name moves here, under another one.
 */
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import { lex, matching, significant } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { isUnassignable } from "./definitions.ts";

/** Why a function's static variables cannot be told apart; undefined where they can, or need not. */
export function whyNotApart(fn: AstNode): string | undefined {
  const fixed = [...namedStatics(fn).values()].find((v) => declarationOf(v) === undefined);
  return fixed === undefined
    ? undefined
    : `\`${fixed.name}\` is named by another static variable's initialiser, and declared together with others or of a type of the function's own`;
}

/** @param shared names that several variables of the unit have */
export function moveNamedStatics(fn: AstNode, shared: ReadonlySet<string>, source: string, text: Rewriter): void {
  const moved = movedStatics(fn, shared);
  const start = extent(fn)?.start;
  if (moved.size === 0 || start === undefined) return;
  const names = new Map([...moved].map(([id, { name }]) => [id, name]));
  for (const { v, at, offset, name } of moved.values()) {
    text.replace(offset, offset + (v.name ?? "").length, name);
    // Without its semicolon: what stands in its old place replaces all of it.
    text.replace(start, start, { start: at.start, end: at.end - 1 }, ";\n");
    text.replace(at.start, at.end, ";");
  }
  const renamed = new Set<number>();
  const rename = (at: { start: number; end: number }, name: string): void => {
    if (!renamed.has(at.start)) text.replace(at.start, at.end, name);
    renamed.add(at.start);
  };
  walk(fn, (n) => {
    const name = n.kind === "DeclRefExpr" ? names.get(n.referencedDecl?.id ?? "") : undefined;
    const at = extent(n);
    if (name !== undefined && at) rename(at, name);
  });
  const byName = new Map([...moved.values()].map(({ v, name }) => [v.name ?? "", name]));
  for (const at of typeOperands(fn, source)) {
    const name = byName.get(source.slice(at.start, at.end));
    if (name !== undefined) rename(at, name);
  }
}

/** Those that move, by id: where they are declared, where their name is, and what it becomes. */
function movedStatics(
  fn: AstNode,
  shared: ReadonlySet<string>,
): Map<string, { v: AstNode; at: { start: number; end: number }; offset: number; name: string }> {
  const moved: ReturnType<typeof movedStatics> = new Map();
  for (const [id, v] of new Map([...namedStatics(fn), ...sharingStatics(fn, shared)])) {
    const at = declarationOf(v);
    const offset = v.loc?.offset;
    if (at !== undefined && offset !== undefined && v.name !== undefined)
      moved.set(id, { v, at, offset, name: `kport$${fn.name}_${v.name}_${moved.size}` });
  }
  return moved;
}

/**
 * The names of a function's constants, in the function or where they move to, here or by c2rust: a variable that is not said to be constant is
 * writable. Not those of which a variable beside them has the name.
 * @returns `called`: its name in C, where that is another; `shared`: other functions, or the file, have a variable of that name
 */
export function constantsOf(
  fn: AstNode,
  shared: ReadonlySet<string>,
): { name: string; called?: string; shared?: true }[] {
  const moved = movedStatics(fn, shared);
  const names = new Map<string, boolean>();
  const called = new Map<string, string>();
  walk(fn, (v) => {
    if ((v.kind !== "VarDecl" && v.kind !== "ParmVarDecl") || v.name === undefined) return;
    const type = v.storageClass === "static" ? spelling(v.type ?? { qualType: "" }) : undefined;
    const isConstant = type !== undefined && isUnassignable(type) && !/\bvolatile\b/.test(type);
    const name = moved.get(v.id)?.name ?? v.name;
    names.set(name, isConstant && (names.get(name) ?? true));
    if (name !== v.name) called.set(name, v.name);
  });
  return [...names].flatMap(([name, constant]) => {
    const inC = called.get(name);
    if (!constant) return [];
    return [
      { name, ...(inC === undefined ? {} : { called: inC }), ...(shared.has(name) ? { shared: true as const } : {}) },
    ];
  });
}

/** Names that several variables of a unit's functions and file scope have. */
export function sharedNames(tree: readonly AstNode[]): Set<string> {
  const declared = new Map<string, Set<string>>();
  for (const n of tree)
    walk(
      n,
      (v) =>
        void (
          (v.kind === "VarDecl" || v.kind === "ParmVarDecl") &&
          v.name !== undefined &&
          declared.set(v.name, (declared.get(v.name) ?? new Set()).add(v.id))
        ),
    );
  return new Set([...declared].filter(([, ids]) => ids.size > 1).map(([name]) => name));
}

/** Static variables of shared names whose initialiser names something: it may be no constant to c2rust. */
function sharingStatics(fn: AstNode, shared: ReadonlySet<string>): Map<string, AstNode> {
  const found = new Map<string, AstNode>();
  walk(fn, (v) => {
    if (
      v.kind !== "VarDecl" ||
      v.storageClass !== "static" ||
      !shared.has(v.name ?? "") ||
      declarationOf(v) === undefined
    )
      return;
    walk(v, (n) => void (n.kind === "DeclRefExpr" && found.set(v.id, v)));
  });
  return found;
}

/** Identifiers in operands of `typeof`, which clang's tree does not hold. */
function typeOperands(fn: AstNode, source: string): { start: number; end: number }[] {
  const within = extent(fn);
  if (within === undefined) return [];
  const tokens = significant(lex(source.slice(within.start, within.end)));
  return tokens.flatMap((t, i) => {
    if (!/^(?:__)?typeof(?:_unqual)?(?:__)?$/.test(t.text) || tokens[i + 1]?.text !== "(") return [];
    const operand = tokens
      .slice(i + 2, matching(tokens, i + 1))
      .filter((x, j, all) => x.kind === "identifier" && !/^(?:\.|->)$/.test(all[j - 1]?.text ?? ""));
    return operand.map((x) => ({ start: within.start + x.start, end: within.start + x.end }));
  });
}

/** The static variables that others name, by id. */
function namedStatics(fn: AstNode): Map<string, AstNode> {
  const statics = new Map<string, AstNode>();
  walk(fn, (n) => void (n.kind === "VarDecl" && n.storageClass === "static" && statics.set(n.id, n)));
  const named = new Map<string, AstNode>();
  for (const s of statics.values()) {
    walk(s, (n) => {
      const other =
        n.kind === "DeclRefExpr" && n.referencedDecl?.id !== s.id ? statics.get(n.referencedDecl?.id ?? "") : undefined;
      if (other) named.set(other.id, other);
    });
  }
  return named;
}

/** The statement that declares a variable and nothing else, but for a type without a name. */
function declarationOf(v: AstNode): { start: number; end: number } | undefined {
  const { parent } = v;
  const others = (parent?.inner ?? []).filter((d) => d !== v && !(d.kind === "RecordDecl" && d.name === undefined));
  return parent?.kind === "DeclStmt" && others.length === 0 && parent.parent?.kind === "CompoundStmt"
    ? extent(parent)
    : undefined;
}
