/**
 * What of a unit can run. The kernel's C leaves code out by conditions that are numbers (`if (IS_ENABLED(CONFIG_X))`), and compilers drop the
 * functions that only such code names, with the tables they would have filled. A helper has no such caller to be dropped with: it is
 * told here that it has none.
 */
import { type AstNode, calleeName, extent, walk } from "../../c/ast.ts";
import type { PlacedDeclaration } from "./preprocess.ts";
import { cleanupFunction } from "./scope-exits.ts";

/** What keeps a static function or variable that nothing names. */
const KEEPING = new Set(["used", "retain", "alias", "weak", "constructor", "destructor"]);

export class Reachable {
  private readonly names = new Set<string>();
  private readonly source: string;

  /**
   * @param tree the unit's external declarations
   * @param declarations the same with their attributes
   * @param source the text that the tree is of
   * @param named what others name than the tree: assembly, variables that C defines
   */
  constructor(
    tree: readonly AstNode[],
    declarations: readonly PlacedDeclaration[],
    source: string,
    named: ReadonlySet<string>,
  ) {
    this.source = source;
    const byName = Map.groupBy(
      tree.filter((n) => n.name !== undefined && (n.kind === "FunctionDecl" || n.kind === "VarDecl")),
      (n) => n.name as string,
    );
    const kept = new Set(
      declarations.flatMap((d) =>
        d.attributes.some((a) => KEEPING.has(a.name))
          ? [...d.names, ...d.mentions, ...d.attributes.flatMap((a) => a.args.match(/\w+/g) ?? [])]
          : [],
      ),
    );
    const open = [...byName].flatMap(([name, nodes]) =>
      kept.has(name) || named.has(name) || !nodes.some((n) => n.storageClass === "static") ? [name] : [],
    );
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (this.names.has(name)) continue;
      this.names.add(name);
      for (const n of byName.get(name) ?? []) this.visit(n, (mentioned) => open.push(mentioned));
    }
  }

  /** Whether what stands in a node can run, or be read where it is a variable's value. */
  has(node: AstNode): boolean {
    for (let n = node; ; n = n.parent) {
      if (n.parent === undefined || n.parent.kind === "TranslationUnitDecl") return this.names.has(n.name ?? "");
      if (leftOut(n.parent) === n) return false;
    }
  }

  /** The same of all that moves with a node, which may be in a branch that never runs (`if (0) check(fmt)`) of a macro that does. */
  hasAround(node: AstNode, moved: { start: number; end: number }): boolean {
    let around = node;
    for (let n = node.parent; n !== undefined; n = n.parent) {
      const at = extent(n);
      if (at === undefined || at.start < moved.start || at.end > moved.end) break;
      around = n;
    }
    return this.has(around);
  }

  private visit(declaration: AstNode, mention: (name: string) => void): void {
    walk(declaration, (n) => {
      if (n.parent && leftOut(n.parent) === n) return false;
      const name = n.kind === "DeclRefExpr" ? n.referencedDecl?.name : cleanupFunction(n, this.source);
      if (name !== undefined) mention(name);
      return true;
    });
  }
}

/** The child of a node that never runs, its condition being a number. Code behind a label does: it is jumped to. */
function leftOut(n: AstNode): AstNode | undefined {
  const [condition, first, second] = n.inner ?? [];
  const isChoice = n.kind === "IfStmt" || n.kind === "ConditionalOperator";
  if (!isChoice && !(n.kind === "BinaryOperator" && (n.opcode === "&&" || n.opcode === "||"))) return undefined;
  const known = condition && truth(condition);
  if (known === undefined) return undefined;
  const never = isChoice ? (known ? second : first) : known === (n.opcode === "||") ? first : undefined;
  return never === undefined || isJumpedTo(never) ? undefined : never;
}

function isJumpedTo(n: AstNode): boolean {
  let labelled = false;
  walk(n, (c) => void (/^(?:Label|Case|Default)Stmt$/.test(c.kind) && (labelled = true)));
  return labelled;
}

/** What a condition made of 0 and 1 says, which are the same in every type; undefined for one that depends on anything else. */
function truth(n: AstNode): boolean | undefined {
  const [first, second] = n.inner ?? [];
  if (n.kind === "IntegerLiteral") return n.value === "0" ? false : n.value === "1" ? true : undefined;
  if (n.kind === "CallExpr" && calleeName(n) === "__builtin_expect" && second) return truth(second);
  if (first === undefined) return undefined;
  if (
    /^(?:ParenExpr|ConstantExpr)$/.test(n.kind) ||
    n.castKind === "IntegralCast" ||
    n.castKind === "IntegralToBoolean"
  )
    return truth(first);
  const known = truth(first);
  if (n.kind === "UnaryOperator" && n.opcode === "!") return known === undefined ? undefined : !known;
  if (
    known === undefined ||
    second === undefined ||
    n.kind !== "BinaryOperator" ||
    (n.opcode !== "&&" && n.opcode !== "||")
  )
    return undefined;
  return known === (n.opcode === "||") ? known : truth(second);
}
