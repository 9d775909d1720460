/**
 * Arguments of whose objects the compiler knows the size: `strscpy(p->name, s, n)` stops at the end of `p->name` (include/linux/fortify-string.h).
 * A helper that is told their address does not.
 */
import { type AstNode, walk } from "../../c/ast.ts";
import { lex } from "../../c/lexer.ts";
import { SIZE_BUILTINS } from "./choosers.ts";
import type { MovedExpression } from "./moved.ts";

/** Those of a call's arguments that can move along: where they are computed, nothing else happens. */
export function sizedArguments(call: AstNode): AstNode[] {
  return (call.inner ?? []).slice(1).filter((a) => isSized(a) && !acts(a));
}

/** Whether a value is the address of an array, or of an element, that a structure or a variable holds. */
function isSized(value: AstNode): boolean {
  const array = arrayOf(value);
  return array !== undefined && (holder(array).kind === "MemberExpr" || isVariable(holder(array)));
}

/** The function by which a helper says how large an object is. */
export const TELLS_SIZE = "kport_sized";

/**
 * How large a local is that a helper is told the address of, GCC and clang learn from who gives them a pointer: a function with this
 * attribute. It does nothing, and GCC takes the call of it out again. Inlined it would be gone before anybody asks. (The kernel has a macro
 * `__alloc_size__`.)
 */
export const SIZED = `static __attribute__((__noinline__, alloc_size(2), __no_instrument_function__)) void *${TELLS_SIZE}(const void *object, unsigned long size)
{
	return (void *)object;
}`;

/** Whether what moves asks for sizes itself, as memcpy() does, which is a macro. */
export function asksSizes({ expanded }: MovedExpression): boolean {
  return lex(expanded).some((t) => t.kind === "identifier" && SIZE_BUILTINS.includes(t.text));
}

/** What a helper does first, if the compiler has to know the sizes of locals in it: `p` is the address of one. */
export function sizing({ sized, params, passed }: MovedExpression): string[] {
  if (sized !== true) return [];
  return params.flatMap(({ name }, i) => {
    const what = passed[i];
    return what !== undefined && "local" in what && what.address
      ? [`${name} = ${TELLS_SIZE}(${name}, sizeof(*${name}));`]
      : [];
  });
}

/** The array that a value points into. */
function arrayOf(value: AstNode): AstNode | undefined {
  const [first, second] = value.inner ?? [];
  if (first === undefined) return undefined;
  if (value.castKind === "ArrayToPointerDecay") return unparenthesised(first);
  if (value.kind === "ParenExpr" || value.castKind !== undefined) return arrayOf(first);
  if (value.kind === "BinaryOperator" && value.opcode === "+" && second !== undefined)
    return arrayOf(first) ?? arrayOf(second);
  const place = unparenthesised(first);
  return value.kind === "UnaryOperator" && value.opcode === "&" && place.kind === "ArraySubscriptExpr"
    ? arrayOf(place.inner?.[0] ?? place)
    : undefined;
}

/** The member or variable that an array lies in: of `p->names[i]` that is `names`. */
function holder(array: AstNode): AstNode {
  const within = array.kind === "ArraySubscriptExpr" ? array.inner?.[0] : undefined;
  const outer = within === undefined ? undefined : arrayOf(within);
  return outer === undefined ? array : holder(outer);
}

function isVariable(node: AstNode): boolean {
  const kind = node.kind === "DeclRefExpr" ? node.referencedDecl?.kind : undefined;
  return kind === "VarDecl" || kind === "ParmVarDecl";
}

/** Whether computing it does something besides, or something that can be done in its place alone. */
function acts(value: AstNode): boolean {
  let does = false;
  walk(value, (n) => {
    does ||=
      n.kind === "CallExpr" ||
      n.kind === "StmtExpr" ||
      n.kind === "CompoundAssignOperator" ||
      n.kind === "CompoundLiteralExpr" ||
      (n.kind === "BinaryOperator" && n.opcode === "=") ||
      (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"));
  });
  return does;
}

function unparenthesised(node: AstNode): AstNode {
  const below = node.kind === "ParenExpr" ? node.inner?.[0] : undefined;
  return below === undefined ? node : unparenthesised(below);
}
