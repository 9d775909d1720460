/**
 * Variables whose definitions stay C, because Rust's constant evaluation cannot make their values: an address has no integer value there
 * and compares with nothing, a temporary has no address, an array of no length holds no elements, and nothing is volatile. C's own
 * compiler defines them among the helpers, and Rust refers to them.
 */
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import type { Token } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { canStandBefore, isAddressed } from "./file-literals.ts";
import { depthsOf } from "./helper-declarations.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";
import { lengthOf, Records } from "./records.ts";
import { macrosIn, shielded } from "./shield.ts";
import type { ReducedUnit } from "./reduced-unit.ts";
import { volatileRecords } from "./volatile-bitfields.ts";
import { UPDATE } from "./zero-padding.ts";

export interface ObjectInC {
  name: string;
  /** Its symbol: another than its name where C gives it none, being static. */
  symbol: string;
  reason: string;
  line: number;
  /** Everything its declarations name. */
  mentions: ReadonlySet<string>;
}

/** Says why an initialiser is no constant to Rust; undefined for one that is. */
export type WhyNoConstant = (value: AstNode) => string | undefined;

export function constantsOf(reduced: ReducedUnit, tree: readonly AstNode[]): WhyNoConstant {
  const records = new Records(tree, reduced.text);
  const volatile = volatileRecords(tree);
  return (value) => whyNoConstant(value, records, volatile);
}

/** The unit's own variables outside of functions that stay C, by name. */
export function objectsInC(
  reduced: ReducedUnit,
  tree: readonly AstNode[],
  stem: string,
  why: WhyNoConstant,
): Map<string, ObjectInC> {
  const found = new Map<string, ObjectInC>();
  for (const n of tree) {
    const value = n.kind === "VarDecl" ? n.inner?.find((c) => c.valueCategory !== undefined) : undefined;
    const at = extent(n);
    const reason = value && at && why(value);
    if (reason === undefined) continue;
    const home = reduced.kept.find((k) => k.start <= (at?.start ?? -1) && (at?.end ?? 0) <= k.end)?.declaration;
    if (home === undefined || !home.own) continue;
    for (const name of home.names) {
      const declarations = reduced.kept
        .filter((k) => k.declaration.own && k.declaration.names.includes(name))
        .map((k) => k.declaration);
      found.set(name, {
        name,
        symbol: declarations.some((d) => d.storage.has("static")) ? `kport_${stem}_${name}` : name,
        reason,
        line: home.line,
        mentions: new Set(declarations.flatMap((d) => [...d.mentions])),
      });
    }
  }
  return found;
}

function whyNoConstant(
  value: AstNode,
  records: Records,
  volatile: ReadonlySet<AstNode | undefined>,
): string | undefined {
  let why: string | undefined;
  walk(value, (n) => {
    // An operand of sizeof is not evaluated.
    if (why !== undefined || n.kind === "UnaryExprOrTypeTraitExpr" || n.kind === "OffsetOfExpr") return false;
    why = unfit(n, records, volatile);
    return true;
  });
  return why;
}

function unfit(n: AstNode, records: Records, volatile: ReadonlySet<AstNode | undefined>): string | undefined {
  if (n.castKind === "PointerToIntegral" && !isUndone(n)) return "an address as an integer";
  if (isFunctionPointer(n) && isNumber(n)) return "a number as a function's address";
  if (n.castKind === "PointerToBoolean" || (isOperator(n) && (n.inner ?? []).some(isPointer)))
    return "an address as a condition";
  if (n.kind === "CompoundLiteralExpr" && isAddressed(n) && !canStandBefore(n, records.source))
    return "the address of a compound literal";
  if (
    n.kind === "StringLiteral" &&
    isAddressed(n) &&
    !/^(?:(?:const|unsigned|signed) )*char\[/.test(n.type?.qualType ?? "")
  )
    return "the address of a wide string";
  if (
    n.kind === "InitListExpr" &&
    records.isFlexible(desugared(n)) &&
    Number(lengthOf(n.inner?.at(-1)?.type?.qualType ?? "") ?? 0) > 0
  )
    return "the elements of a flexible array";
  if (n.kind === UPDATE) return "a value with other members put into it";
  if (n.kind === "InitListExpr" && volatile.has(records.find(desugared(n)))) return "volatile bit-fields";
  return undefined;
}

function isFunctionPointer(n: AstNode): boolean {
  return /\(\*(?:const|volatile|\s)*\)\(/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "");
}

/** Whether a cast makes a pointer of a number that is not 0, as `((void *)1)` does: to Rust no function can be there. */
function isNumber(n: AstNode): boolean {
  if (n.castKind === "IntegralToPointer") return true;
  return (
    (n.castKind === "BitCast" || n.castKind === "NoOp" || n.kind === "ParenExpr") &&
    n.inner?.[0] !== undefined &&
    isNumber(n.inner[0])
  );
}

/** An operator that asks what an address is. */
function isOperator(n: AstNode): boolean {
  if (n.kind === "BinaryOperator") return /^(?:[<>=!]=|[<>]|&&|\|\|)$/.test(n.opcode ?? "");
  return n.kind === "UnaryOperator" && n.opcode === "!";
}

function isPointer(n: AstNode): boolean {
  return /\*(?:const|volatile|restrict|\s)*$|\(\*/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "");
}

/** Made a pointer again at once: lowerAddressesThroughIntegers takes both casts away. */
function isUndone(cast: AstNode): boolean {
  let outer = cast.parent;
  while (outer && (outer.kind === "ParenExpr" || outer.kind === "ImplicitCastExpr")) outer = outer.parent;
  return outer?.castKind === "IntegralToPointer";
}

/** In the lowered text their declarations say where to find them, and no more. */
export function declareObjects(
  objects: ReadonlyMap<string, ObjectInC>,
  reduced: ReducedUnit,
  tree: readonly AstNode[],
  text: Rewriter,
): void {
  for (const { declaration: d, start } of reduced.kept) {
    if (!d.own || !d.names.some((n) => objects.has(n))) continue;
    const shift = start - d.start;
    const remove = (from: Token | undefined, to: Token | undefined): void => {
      if (from && to) text.replace(from.start + shift, to.end + shift, "");
    };
    for (const a of d.attributes) text.replace(a.start + shift, a.end + shift, "");
    text.replace(start, start, "extern ");
    let depth = 0;
    let value: number | undefined;
    for (const [i, t] of d.tokens.entries()) {
      if (depth === 0 && (t.text === "," || t.text === ";") && value !== undefined) {
        remove(d.tokens[value], d.tokens[i - 1]);
        value = undefined;
      }
      if (depth === 0 && t.text === "=") value ??= i;
      if (value === undefined && depth === 0 && (t.text === "static" || t.text === "extern")) remove(t, t);
      if (value === undefined && t.text === "[" && d.tokens[i + 1]?.text === "]") {
        const name = d.names.findLast((x) => d.tokens.slice(0, i).some((y) => y.text === x));
        const length = tree.flatMap((n) =>
          n.kind === "VarDecl" && n.name === name ? (/\[(\d+)\]/.exec(n.type?.qualType ?? "")?.[1] ?? []) : [],
        )[0];
        if (length !== undefined) text.replace(t.end + shift, t.end + shift, length);
      }
      if (t.kind !== "punctuator") continue;
      if ("([{".includes(t.text)) depth++;
      else if (")]}".includes(t.text)) depth--;
    }
  }
}

/** What the helpers say of a declaration of such a variable, or of an alias of one: what the module's source says. */
export function objectText(
  d: PlacedDeclaration,
  unit: PreprocessedUnit,
  objects: ReadonlyMap<string, ObjectInC>,
): string | undefined {
  const own = d.names.filter((n) => objects.has(n));
  if (own.length === 0 && !isAliasOfObject(d, objects)) return undefined;
  let text = "";
  let rest = "";
  let at = d.start;
  for (const v of unit.invocations) {
    if (v.start < at || v.end > d.end) continue;
    rest += `${unit.text.slice(at, v.start)} `;
    text += unit.text.slice(at, v.start) + v.source;
    at = v.end;
  }
  rest += unit.text.slice(at, d.end);
  text += unit.text.slice(at, d.end);
  // Macros that are to expand in a part of the text, and not in another; or that are made within the definition, behind which they come here.
  if (macrosIn(rest, unit.macros).length > 0 || unit.directives.some((x) => d.start < x.at && x.at < d.end)) {
    const expanded = unit.text.slice(d.start, d.end);
    text = shielded(expanded, expanded, unit.macros);
  }
  const depths = depthsOf(d.tokens);
  const defines = d.tokens.some((t, i) => t.text === "=" && depths[i] === 0);
  const aliases = defines
    ? own.flatMap((n) =>
        (objects.get(n) as ObjectInC).symbol === n
          ? []
          : [`extern __typeof__(${n}) ${(objects.get(n) as ObjectInC).symbol} __attribute__((alias("${n}")));`],
      )
    : [];
  return [text, ...aliases].join("\n");
}

/** An alias of a variable that stays C stays with it: the two must be of one object file. */
export function isAliasOfObject(d: PlacedDeclaration, objects: ReadonlyMap<string, ObjectInC>): boolean {
  return d.attributes.some(
    (a) => a.name === "alias" && objects.has([...a.args.matchAll(/"([^"]*)"/g)].map((m) => m[1]).join("")),
  );
}
