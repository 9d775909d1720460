/**
 * Makes local structures as zero as C makes them. Kernels are built with `-ftrivial-auto-var-init=zero`, and clang fills what an
 * initialiser leaves out, padding and the rest of a union included; a Rust structure literal leaves those bytes undefined, and the next
 * `copy_to_user` would hand old stack to user space. So a local structure is cleared as a whole, and its members are then assigned.
 */
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import { Records } from "./records.ts";

interface Leaf {
  /** `.tick.count`, `[2].name`. */
  path: string;
  value: AstNode;
}

/** @param clearAll whether locals without an initialiser are zero too, as the compile command's flags have it */
export function clearLocals(fn: AstNode, tree: readonly AstNode[], source: string, clearAll: boolean, text: Rewriter): void {
  const records = new Records(tree, source);
  walk(fn, (n) => {
    if (n.kind !== "DeclStmt" || n.parent?.kind !== "CompoundStmt" || n.inner?.length !== 1) return;
    const [variable] = n.inner;
    const at = extent(n);
    if (variable?.kind !== "VarDecl" || variable.name === undefined || at === undefined || variable.storageClass !== undefined) return;
    const type = variable.type?.desugaredQualType ?? variable.type?.qualType ?? "";
    if (!/^(?:struct|union) [^*(]*$/.test(type) || /\bconst\b/.test(type)) return;
    const clear = `__builtin_memset(&${variable.name}, 0, sizeof(${variable.name}));`;
    const initial = variable.inner?.find((c) => c.valueCategory !== undefined);
    if (initial === undefined) {
      if (clearAll) text.replace(at.end, at.end, ` ${clear}`);
      return;
    }
    const leaves = initial.kind === "InitListExpr" ? leavesOf(initial, "", records) : undefined;
    const value = extent(initial);
    if (leaves === undefined || value === undefined) return;
    const assignments = leaves.map((l) => assignment(`${variable.name}${l.path}`, l.value));
    if (assignments.some((a) => a === undefined)) return;
    const head = { start: at.start, end: at.start + source.slice(at.start, value.start).replace(/\s*=\s*$/, "").length };
    text.replace(at.start, at.end, head, `; ${clear}`, ...assignments.flatMap((a) => a as Part[]));
  });
}

function assignment(place: string, value: AstNode): Part[] | undefined {
  const at = extent(value);
  if (at === undefined) return undefined;
  // An array can only be copied into: of a literal, as much as there is room for.
  if (isString(value)) return [` __builtin_memcpy(${place}, `, at, `, sizeof(${place}) < sizeof(`, at, `) ? sizeof(${place}) : sizeof(`, at, "));"];
  if (/\]$/.test(value.type?.qualType ?? "")) return undefined;
  return [` ${place} = `, at, ";"];
}

function isString(node: AstNode): boolean {
  return node.kind === "StringLiteral" || (node.kind === "ParenExpr" && node.inner?.[0] !== undefined && isString(node.inner[0]));
}

/** The values of an initialiser list, with where each goes; undefined where that cannot be told. */
function leavesOf(list: AstNode, path: string, records: Records): Leaf[] | undefined {
  const type = desugared(list);
  const leaves: Leaf[] = [];
  const visit = (value: AstNode, at: string): boolean => {
    if (value.kind === "ImplicitValueInitExpr") return true;
    if (value.kind !== "InitListExpr") {
      leaves.push({ path: at, value });
      return true;
    }
    const inner = leavesOf(value, at, records);
    if (inner) leaves.push(...inner);
    return inner !== undefined;
  };
  if (/\]$/.test(type)) {
    const values = list.inner ?? (list.array_filler ?? []).slice(1);
    return values.every((v, i) => visit(v, `${path}[${i}]`)) ? leaves : undefined;
  }
  if (list.field !== undefined) {
    // Nothing can be assigned to a constant member.
    if (/^(?:volatile )?const\b(?!.*\*)/.test(list.field.type?.qualType ?? "")) return undefined;
    const member = list.field.name;
    return (list.inner ?? []).every((v) => visit(v, member === undefined || member === "" ? path : `${path}.${member}`)) ? leaves : undefined;
  }
  const members = records.membersOf(type);
  if (members === undefined || (list.inner ?? []).length > members.length) return undefined;
  return (list.inner ?? []).every((v, i) => visit(v, members[i] === undefined ? path : `${path}.${members[i]}`)) ? leaves : undefined;
}
