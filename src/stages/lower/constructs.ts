/** What c2rust 0.22.1's exporter cannot read ("no entry found for key") or forgets, said in C that it can. By offsets of the reduced unit. */
import { type AstNode, extent, spelling, walk, meaningfulParent } from "../../c/ast.ts";
import { lex, matching, type Token } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { constantValue } from "./constant-values.ts";

/** A wide string in an expression gets a variable to lie in: c2rust takes the address of a temporary, which Rust refuses. */
export function lowerWideStrings(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    const element =
      n.kind === "StringLiteral" && n.parent?.castKind === "ArrayToPointerDecay"
        ? /^(?!(?:const )?(?:(?:un)?signed )?char\b)(.*)\[\d+\]$/.exec(n.type?.qualType ?? "")?.[1]
        : undefined;
    const at = extent(n);
    if (element !== undefined && at)
      text.replace(at.start, at.end, `({ static ${element} kport$wide[] = `, at, "; kport$wide; })");
  });
}

/** A wide character is its number: c2rust makes an `i32` of each character, whatever its type is (`L'é'` is an `unsigned short` in a kernel). */
export function lowerWideCharacters(declaration: AstNode, text: Rewriter): void {
  walk(declaration, (n) => {
    const [at, type] = [extent(n), n.type && spelling(n.type)];
    if (n.kind === "CharacterLiteral" && type !== "int" && type !== undefined && at)
      text.replace(at.start, at.end, `((${type})${String(n.value)})`);
  });
}

/** `*f` of a pointer to a function is the pointer again: c2rust unwraps it, and `if (*hook)` would ask nothing of what is not null any more. */
export function dropFunctionDereferences(declaration: AstNode, text: Rewriter): void {
  walk(declaration, (n) => {
    if (n.kind !== "UnaryOperator" || n.opcode !== "*" || meaningfulParent(n)?.castKind !== "FunctionToPointerDecay")
      return;
    const [at, of] = [extent(n), n.inner?.[0] && extent(n.inner[0])];
    if (at && of) text.replace(at.start, of.start, "");
  });
}

/**
 * `__counted_by(n)` goes: clang gives the member a type of its own that c2rust's exporter does not know, and it lays nothing out.
 */
export function dropCounts(tokens: readonly Token[], text: Rewriter): void {
  for (const [i, t] of tokens.entries()) {
    if (
      t.text !== "__attribute__" ||
      !/^(?:__)?(?:counted_by|sized_by)(?:_or_null)?(?:__)?$/.test(tokens[i + 3]?.text ?? "")
    )
      continue;
    const last = tokens[matching(tokens, i + 1)];
    if (last) text.replace(t.start, last.end, "");
  }
}

/** `register` goes: what is moved to a helper may need the variable's address, which C does not give of such a one. */
export function dropRegisterClass(fn: AstNode, source: string, text: Rewriter): void {
  const dropped = new Set<number>();
  walk(fn, (n) => {
    const [at, name] = [extent(n), n.loc?.offset];
    if (
      (n.kind !== "VarDecl" && n.kind !== "ParmVarDecl") ||
      n.storageClass !== "register" ||
      at === undefined ||
      name === undefined
    )
      return;
    const word = lex(source.slice(at.start, name)).find((t) => t.text === "register");
    if (word === undefined || dropped.has(at.start + word.start)) return;
    dropped.add(at.start + word.start);
    text.replace(at.start + word.start, at.start + word.end, "");
  });
}

/**
 * `case A ... B:` becomes `case A:`, and the switch is over a value that is A for all of A to B. c2rust forgets the end of the range
 * without a word. Both ends are of the switch's type, as C converts them: of a u64 `-1 ... 1` is empty, and a label of an empty range goes.
 */
export function lowerCaseRanges(fn: AstNode, source: string, text: Rewriter): void {
  const ranges = new Map<AstNode, { low: string; high: string }[]>();
  walk(fn, (n) => {
    if (n.kind !== "CaseStmt" || n.isGNURange !== true) return;
    const [low, high, labelled] = n.inner ?? [];
    const [from, to] = [low && extent(low), high && extent(high)];
    let of = n.parent;
    while (of && of.kind !== "SwitchStmt") of = of.parent;
    if (from === undefined || to === undefined || of === undefined) return;
    if (isEmptyRange(low, high)) {
      const [label, statement] = [extent(n), labelled && extent(labelled)];
      if (label && statement) text.replace(label.start, statement.start, "");
      return;
    }
    const known = ranges.get(of) ?? [];
    ranges.set(of, known);
    known.push({ low: source.slice(from.start, from.end), high: source.slice(to.start, to.end) });
    text.replace(from.end, to.end, "");
  });
  for (const [of, list] of ranges) {
    const value = of.inner?.find((c) => c.valueCategory !== undefined);
    const at = value && extent(value);
    const type = value?.type && spelling(value.type);
    if (at === undefined || type === undefined) continue;
    const choice = list.map(({ low, high }) => {
      const [a, b] = [low, high].map((end) => `(${type})(${end})`);
      return `kport$value >= ${a} && kport$value <= ${b} ? ${a} : `;
    });
    text.replace(at.start, at.end, `({ ${type} kport$value = (`, at, `); ${choice.join("")}kport$value; })`);
  }
}

/** By the values of both ends in the switch's type. */
function isEmptyRange(low: AstNode | undefined, high: AstNode | undefined): boolean {
  const [a, b] = [constantValue(low), constantValue(high)];
  return a !== undefined && b !== undefined && a > b;
}

/**
 * `(void *)(uintptr_t)&x` in a static initialiser loses the integer in between (___ADDRESSABLE writes it so from 6.10 on, and
 * static_call() in a function): Rust's constant evaluation cannot make an integer of an address.
 * @param declaration of the file scope
 */
export function lowerAddressesThroughIntegers(declaration: AstNode, text: Rewriter): void {
  walk(declaration, (variable) => {
    if (variable.kind !== "VarDecl" || (variable !== declaration && variable.storageClass !== "static")) return;
    walk(variable, (n) => {
      if (n.kind !== "CStyleCastExpr" || n.castKind !== "IntegralToPointer") return;
      let inner = n.inner?.[0];
      while (inner && (inner.kind === "ParenExpr" || inner.kind === "ImplicitCastExpr")) inner = inner.inner?.[0];
      if (inner?.kind !== "CStyleCastExpr" || inner.castKind !== "PointerToIntegral") return;
      const [at, operand] = [extent(inner), inner.inner?.[0] && extent(inner.inner[0])];
      if (at && operand) text.replace(at.start, at.end, "(", operand, ")");
    });
    return false;
  });
}
