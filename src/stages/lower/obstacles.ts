/** Finds what of a function cannot be Rust where it stands, and must move into a helper. */
import { type AstNode, calleeName, extent, walk } from "../../c/ast.ts";
import { isAtomic, unknownBuiltin } from "./builtins.ts";
import { Choosers } from "./choosers.ts";
import { isConstant } from "./constant-expressions.ts";
import { weakReferences } from "./said-of-names.ts";
import type { Obstacle, Region } from "./moved.ts";
import { overflowsWidest } from "./overflow-builtins.ts";
import type { PlanInput } from "./helper-plan.ts";
import { sizedArguments } from "./sized-arguments.ts";

export class Obstacles {
  private readonly in: Pick<PlanInput, "reduced" | "tree" | "regions" | "answers">;
  /** Inline functions of headers that no helper can stand for, and why. */
  private readonly unwrappable: ReadonlyMap<string, string>;
  private readonly choosers: Choosers;
  private readonly weak: ReadonlySet<string>;
  constructor(
    input: Pick<PlanInput, "unit" | "reduced" | "tree" | "regions" | "answers">,
    unwrappable: ReadonlyMap<string, string>,
  ) {
    this.in = input;
    this.unwrappable = unwrappable;
    this.choosers = new Choosers(input.unit.declarations);
    this.weak = weakReferences(input.unit.declarations);
  }

  of(fn: AstNode): Obstacle[] {
    const found: Obstacle[] = [];
    walk(fn, (node) => {
      if (node.parent !== undefined && this.in.answers.leftOut(node.parent) === node) return false;
      if (node.kind === "GCCAsmStmt") found.push({ node, reason: "inline assembly", scope: "invocation" });
      else if (node.kind === "AddrLabelExpr" && this.in.regions.some((r) => inside(node, r) && labelIn(node, fn, r)))
        found.push({ node, reason: "the address of a label", scope: "invocation" });
      else if (
        node.kind === "DeclRefExpr" &&
        node.referencedDecl?.kind === "VarDecl" &&
        this.isRegister(node.referencedDecl.id)
      )
        found.push({ node, reason: `${node.referencedDecl.name} is a register`, scope: "invocation" });
      else if (this.asksOfWeak(node))
        found.push({ node, reason: "the address of a symbol that may be missing", scope: "itself" });
      else if (overflowsWidest(node))
        found.push({ node, reason: "an operand of 128 bits whose result has another type", scope: "itself" });
      else if (isAtomic(node)) found.push({ node, reason: "an atomic operation of the compiler's", scope: "itself" });
      else if (unknownBuiltin(node) !== undefined)
        found.push({ node, reason: `c2rust does not know ${unknownBuiltin(node)}`, scope: "itself" });
      else if (node.kind === "CallExpr") {
        const name = calleeName(node);
        const inline = name === undefined ? undefined : this.in.reduced.inlines.get(name);
        const why = name === undefined ? undefined : this.unwrappable.get(name);
        if (why !== undefined)
          found.push({
            node,
            reason: `${name} has no wrapper: ${why}`,
            scope: this.in.regions.some((r) => inside(node, r)) ? "invocation" : "call",
          });
        else if (inline !== undefined) {
          const values = (node.inner ?? []).slice(1);
          const along = this.choosers.bySizes(inline) ? sizedArguments(node) : [];
          // The compiler sees the array where it moves along (`strscpy(p->name, s, n)`), and the Rust says what it is of.
          if (along.length > 0) {
            const scope = this.in.regions.some((r) => isAllOf(node, r)) ? "invocation" : "call";
            found.push({ node, reason: `${name} chooses by an array's size`, scope, along, optional: true });
          }
          if (values.some(isConstant) && this.choosers.byConstants(inline))
            found.push({ node, reason: `${name} chooses by compile-time constants`, scope: "call", optional: true });
        }
      }
      return true;
    });
    return found;
  }

  /** Whether a node takes the address of a weak symbol that the unit does not define. It may be null, which no address is to Rust. */
  private asksOfWeak(n: AstNode): boolean {
    const [of] = n.inner ?? [];
    const taken =
      n.castKind === "FunctionToPointerDecay"
        ? n.parent?.kind !== "CallExpr" || n.parent.inner?.[0] !== n
        : n.kind === "UnaryOperator" && n.opcode === "&";
    return taken && of?.kind === "DeclRefExpr" && this.weak.has(of.referencedDecl?.name ?? "");
  }

  private isRegister(id: string): boolean {
    return this.in.tree.some((n) => n.id === id && n.storageClass === "register");
  }
}

/** Whether the label whose address is taken stands in the same macro invocation, as `_THIS_IP_` has it. */
function labelIn(address: AstNode, fn: AstNode, r: Region): boolean {
  let within = false;
  walk(fn, (n) => void (n.kind === "LabelStmt" && n.declId === address.labelDeclId && inside(n, r) && (within = true)));
  return within;
}

/** Whether a macro's invocation is nothing but a call: what else it says is computed in its own order (`min(strlen(a), f())`). */
function isAllOf(call: AstNode, r: Region): boolean {
  for (let n: AstNode | undefined = call; n !== undefined && inside(n, r); n = n.parent) {
    const at = extent(n);
    if (at?.start === r.start && at.end === r.end) return true;
    if (n !== call && !/^(?:Paren|ImplicitCast|CStyleCast|Choose|Constant)Expr$/.test(n.kind)) return false;
  }
  return false;
}

function inside(node: AstNode, r: Region): boolean {
  const at = extent(node);
  return at !== undefined && r.start <= at.start && at.end <= r.end;
}
