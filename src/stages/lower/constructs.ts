/** What c2rust 0.22.1's exporter cannot read ("no entry found for key"), said in C that it can. By offsets of the reduced unit. */
import { type AstNode, calleeName, extent, spelling, walk } from "../../c/ast.ts";
import type { UnitCompiler } from "../../c/compile-command.ts";
import { lex, matching, type Token } from "../../c/lexer.ts";
import { askClang, type Question } from "../../c/oracle.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";
import { type InitialisedMember, nameInitialised } from "./aligned-members.ts";
import { colonOf, widthOf } from "./bitfields.ts";
import { isUnassignable } from "./definitions.ts";
import { isConstant } from "./moved.ts";

const TYPEOF = /^(?:__)?typeof(_unqual)?(?:__)?$/;
/** What makes the operand of a `typeof` unreadable. */
const UNREADABLE = new Set(["_Generic", "__builtin_types_compatible_p", "__auto_type", "__builtin_choose_expr", "__builtin_has_attribute"]);

/** c2rust has the first only as "unknown", the second not at all. */
const OBJECT_SIZE = new Set(["__builtin_object_size", "__builtin_dynamic_object_size"]);

/**
 * `typeof` of something unreadable becomes the type it stands for; `__builtin_types_compatible_p` and the object sizes that
 * fortified string functions ask for become their values.
 * @param functions the extents of the unit's functions
 * @throws StageError("lower") where clang has no answer
 */
export async function lowerTypeQueries(compiler: UnitCompiler, source: string, tokens: readonly Token[], functions: readonly { start: number; end: number }[], text: Rewriter): Promise<void> {
  const found: { question: Question; start: number; end: number; unknown?: string }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier" || tokens[i + 1]?.text !== "(") continue;
    const close = matching(tokens, i + 1);
    const last = tokens[close];
    if (last === undefined) continue;
    const atFileScope = !functions.some((f) => f.start <= t.start && t.end <= f.end);
    const typeOf = TYPEOF.exec(t.text);
    if (typeOf && tokens.slice(i + 2, close).some((x) => x.kind === "identifier" && UNREADABLE.has(x.text))) {
      found.push({ question: { start: (tokens[i + 1] as Token).end, end: last.start, ask: typeOf[1] === undefined ? "type" : "unqualified", atFileScope }, start: t.start, end: last.end });
      i = close;
    } else if (t.text === "__builtin_types_compatible_p") {
      found.push({ question: { start: t.start, end: last.end, ask: "value", atFileScope }, start: t.start, end: last.end });
      i = close;
    } else if (OBJECT_SIZE.has(t.text)) {
      // Bit 1 of the type asks for the least size, of which 0 is known of any object; the most is (size_t)-1.
      const unknown = /[23]/.test(tokens[close - 1]?.text ?? "") ? "0" : "-1";
      found.push({ question: { start: t.start, end: last.end, ask: "value", atFileScope }, start: t.start, end: last.end, unknown });
      i = close;
    }
  }
  const answers = await askClang(compiler, source, found.map((f) => f.question));
  for (const [i, f] of found.entries()) {
    if (f.unknown !== undefined) {
      text.replace(f.start, f.end, `((unsigned long)${answers[i] ?? f.unknown})`);
      continue;
    }
    const answer = answers[i];
    if (answer === undefined) throw new StageError("lower", `clang does not tell the ${f.question.ask === "value" ? "value" : "type"} of ${source.slice(f.start, f.end).replace(/\s+/g, " ").slice(0, 200)}`, { file: compiler.command.file });
    text.replace(f.start, f.end, f.question.ask === "value" ? answer : `__typeof__(${answer})`);
  }
}

/** `_Generic` and `__builtin_choose_expr` become the expression clang chose; `__auto_type` the type it deduced; `__builtin_constant_p` of a constant is 1, which c2rust takes for 0. */
export function lowerChoices(node: AstNode, source: string, text: Rewriter): void {
  walk(node, (n) => {
    const at = extent(n);
    if (at === undefined) return;
    if (n.kind === "GenericSelectionExpr") {
      const chosen = n.inner?.find((c) => c.selected === true);
      const value = chosen?.inner?.findLast((c) => c.valueCategory !== undefined) ?? chosen;
      const range = value && extent(value);
      if (range) text.replace(at.start, at.end, "(", range, ")");
    } else if (n.kind === "CallExpr" && calleeName(n) === "__builtin_constant_p" && n.inner?.[1] && isConstant(n.inner[1])) {
      text.replace(at.start, at.end, "1");
    } else if (n.kind === "VarDecl" && n.type !== undefined) lowerAutoType(n, at, source, text);
  });
}

function lowerAutoType(n: AstNode, at: { start: number; end: number }, source: string, text: Rewriter): void {
  const keyword = source.slice(at.start, at.end).search(/\b__auto_type\b/);
  const name = n.loc?.offset;
  const start = at.start + keyword;
  if (keyword < 0 || name === undefined || start > name || n.type === undefined) return;
  const type = spelling({ qualType: n.type.desugaredQualType ?? n.type.qualType });
  const value = n.inner?.at(-1) && extent(n.inner.at(-1) as AstNode);
  if (type !== undefined) text.replace(start, start + "__auto_type".length, `__typeof__(${type})`);
  // The comma operator gives the value the conversions of an initialiser.
  else if (value) text.replace(start, start + "__auto_type".length, "__typeof__((void)0, (", value, "))");
}

/**
 * `a ?: b` whose arms have different types becomes `({ T common = a; common ? common : b; })`: where clang casts the common value,
 * c2rust's exporter loses it. c2rust takes string literals for const, and so sees a cast that clang does not show here. It makes a `ref mut`
 * of a place that is constant, which Rust refuses.
 */
export function lowerCommonValues(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    if (n.kind !== "BinaryConditionalOperator") return;
    const [common, condition, value, other] = n.inner ?? [];
    if (condition?.kind === "OpaqueValueExpr" && value?.kind === "OpaqueValueExpr" && !isString(other) && !isConstantPlace(common)) return;
    const [at, from, otherwise] = [extent(n), common && extent(common), other && extent(other)];
    const type = common?.type && spelling(common.type);
    if (at === undefined || from === undefined || otherwise === undefined || type === undefined) return;
    text.replace(at.start, at.end, `({ __typeof__(${type}) kport$common = (`, from, "); kport$common ? kport$common : (", otherwise, "); })");
  });
}

function isConstantPlace(value: AstNode | undefined): boolean {
  if (value?.kind === "ParenExpr") return isConstantPlace(value.inner?.[0]);
  return value?.castKind === "LValueToRValue" && isUnassignable(value.inner?.[0]?.type?.qualType ?? "");
}

function isString(node: AstNode | undefined): boolean {
  return node !== undefined && (node.kind === "StringLiteral" || ((node.kind === "ImplicitCastExpr" || node.kind === "ParenExpr") && isString(node.inner?.[0])));
}

/** A wide string in an expression gets a variable to lie in: c2rust takes the address of a temporary, which Rust refuses. */
export function lowerWideStrings(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    const element = n.kind === "StringLiteral" && n.parent?.castKind === "ArrayToPointerDecay" ? /^(?!(?:const )?(?:(?:un)?signed )?char\b)(.*)\[\d+\]$/.exec(n.type?.qualType ?? "")?.[1] : undefined;
    const at = extent(n);
    if (element !== undefined && at) text.replace(at.start, at.end, `({ static ${element} kport$wide[] = `, at, "; kport$wide; })");
  });
}

/**
 * `__counted_by(n)` goes: clang gives the member a type of its own that c2rust's exporter does not know, and it lays nothing out.
 */
export function dropCounts(tokens: readonly Token[], text: Rewriter): void {
  for (const [i, t] of tokens.entries()) {
    if (t.text !== "__attribute__" || !/^(?:__)?(?:counted_by|sized_by)(?:_or_null)?(?:__)?$/.test(tokens[i + 3]?.text ?? "")) continue;
    const last = tokens[matching(tokens, i + 1)];
    if (last) text.replace(t.start, last.end, "");
  }
}

/** `register` goes: what is moved to a helper may need the variable's address, which C does not give of such a one. */
export function dropRegisterClass(fn: AstNode, source: string, text: Rewriter): void {
  const dropped = new Set<number>();
  walk(fn, (n) => {
    const [at, name] = [extent(n), n.loc?.offset];
    if ((n.kind !== "VarDecl" && n.kind !== "ParmVarDecl") || n.storageClass !== "register" || at === undefined || name === undefined) return;
    const word = lex(source.slice(at.start, name)).find((t) => t.text === "register");
    if (word === undefined || dropped.has(at.start + word.start)) return;
    dropped.add(at.start + word.start);
    text.replace(at.start + word.start, at.start + word.end, "");
  });
}

/**
 * `__label__ out;` (wait_event has one) makes a label local to its block. The exporter knows no label declarations, and a function may
 * hold several blocks with the same label: each gets a name of its own.
 */
export function lowerLocalLabels(fn: AstNode, text: Rewriter): void {
  const renamed = new Map<string, string>();
  walk(fn, (n) => {
    const at = extent(n);
    const labels = n.kind === "DeclStmt" ? (n.inner ?? []).filter((c) => c.kind === "LabelDecl") : [];
    if (labels.length === 0 || at === undefined) return;
    for (const l of labels) renamed.set(l.id, `${l.name}_${renamed.size + 1}`);
    text.replace(at.start, at.end, ";");
  });
  if (renamed.size === 0) return;
  walk(fn, (n) => {
    const at = extent(n);
    const name = renamed.get((n.kind === "LabelStmt" ? n.declId : n.targetLabelDeclId) ?? "");
    if (at === undefined || name === undefined) return;
    const old = name.replace(/_\d+$/, "");
    if (n.kind === "LabelStmt") text.replace(at.start, at.start + old.length, name);
    else text.replace(at.end - old.length, at.end, name);
  });
}

/**
 * A call of a function with the error attribute (BUILD_BUG_ON, compiletime_assert) is gone by the time a C compiler is done, or the
 * module would not have built: it becomes nothing here. Their block-scope declarations go too: c2rust loses those.
 */
export function dropCompileTimeErrors(tree: readonly AstNode[], text: Rewriter): void {
  const erring = new Set<string>();
  for (const n of tree) {
    walk(n, (x) => {
      if (x.kind === "FunctionDecl" && x.inner?.some((a) => a.kind === "ErrorAttr")) erring.add(x.id);
      const at = extent(x);
      if (x.kind === "DeclStmt" && at && x.inner?.every((d) => erring.has(d.id) || (d.kind === "FunctionDecl" && d.inner?.some((a) => a.kind === "ErrorAttr")))) {
        for (const d of x.inner) erring.add(d.id);
        text.replace(at.start, at.end, ";");
      }
      if (at === undefined) return;
      if (callsOneOf(x, erring)) text.replace(at.start, at.end, "((void)0)");
      // With the test for it: nothing but noise is left of that.
      const [, then, otherwise] = x.kind === "IfStmt" ? (x.inner ?? []) : [];
      if (then === undefined || otherwise !== undefined || !callsOneOf(then, erring)) return;
      text.replace(at.start, at.end, "((void)0)");
      return false;
    });
  }
}

function callsOneOf(node: AstNode, functions: ReadonlySet<string>): boolean {
  let callee = node.kind === "CallExpr" ? node.inner?.[0] : undefined;
  while (callee && (callee.kind === "ImplicitCastExpr" || callee.kind === "ParenExpr")) callee = callee.inner?.[0];
  return callee?.kind === "DeclRefExpr" && functions.has(callee.referencedDecl?.id ?? "");
}

/** `({ …; out: value; })`: c2rust takes the labelled statement for one without a value. The label gets an empty statement of its own. */
export function lowerLabelledValues(fn: AstNode, source: string, text: Rewriter): void {
  walk(fn, (n) => {
    const last = n.kind === "StmtExpr" ? n.inner?.[0]?.inner?.at(-1) : undefined;
    const at = last?.kind === "LabelStmt" && last.inner?.[0]?.valueCategory !== undefined ? extent(last) : undefined;
    if (at === undefined) return;
    const colon = source.indexOf(":", at.start);
    text.replace(colon + 1, colon + 1, ";");
  });
}

/**
 * `array[i]` with an index that is no constant becomes `*(array + i)`, which is what it means in C. c2rust would index a Rust array,
 * and each index would check its bounds: a panic C does not have, with core's formatting code behind it.
 */
export function lowerArrayIndexing(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    if (n.kind !== "ArraySubscriptExpr") return;
    const [base, index] = n.inner ?? [];
    const [at, array, subscript] = [extent(n), base && extent(base), index && extent(index)];
    if (at === undefined || array === undefined || subscript === undefined || array.start !== at.start) return;
    if (base?.kind !== "ImplicitCastExpr" || base.castKind !== "ArrayToPointerDecay" || (index !== undefined && isLiteral(index))) return;
    // A flexible array has no bounds to check, and without its index c2rust's exporter forgets its type.
    if (/\[\]$/.test(base.inner?.[0]?.type?.qualType ?? "")) return;
    const value = valueBehind(base.inner?.[0]);
    const [of, type] = [value && extent(value), value?.type && spelling(value.type)];
    // The array of a value that lies nowhere (`f().list[i]`): the value gets a place.
    if (of !== undefined && type !== undefined) return text.replace(at.start, at.end, `({ __typeof__(${type}) kport$value = `, of, "; *(kport$value", { start: of.end, end: array.end }, " + (", subscript, ")); })");
    text.replace(at.start, at.end, "(*(", array, " + (", subscript, ")))");
  });
}

/** The value that a member is one of, where that is no object. */
function valueBehind(member: AstNode | undefined): AstNode | undefined {
  const [of] = member?.inner ?? [];
  if (member?.kind !== "MemberExpr" || member.isArrow === true || of === undefined) return undefined;
  return of.kind === "MemberExpr" ? valueBehind(of) : of.valueCategory === "prvalue" ? of : undefined;
}

function isLiteral(node: AstNode): boolean {
  return node.kind === "IntegerLiteral" || ((node.kind === "ImplicitCastExpr" || node.kind === "ParenExpr") && node.inner?.[0] !== undefined && isLiteral(node.inner[0]));
}

/**
 * Unnamed bit-fields get names, and initialisers of their structures say which member each value is for. c2rust counts an unnamed
 * bit-field as a member to initialise, so that every value behind one goes to the member before its own.
 * @param apart initialiser lists whose values other rules have taken out of them
 */
export function nameUnnamedBitfields(tree: readonly AstNode[], source: string, apart: ReadonlySet<AstNode>, fills: ReadonlyMap<AstNode, number>, text: Rewriter): void {
  const members = new Map<string, InitialisedMember[]>();
  let serial = 0;
  for (const n of tree) {
    walk(n, (record) => {
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || record.name === undefined) return;
      const unnamed = fields.filter((f) => f.isBitfield === true && f.name === undefined && (widthOf(f) !== 0 || fills.has(f)));
      if (unnamed.length === 0) return;
      const added = new Map<AstNode, string>();
      for (const f of unnamed) {
        const [colon, at, bytes] = [colonOf(f, source), extent(f), fills.get(f)];
        const name = `kport$unnamed_${serial++}`;
        if (bytes !== undefined && at) text.replace(at.start, at.end, `unsigned char ${name}[${bytes}]`);
        else if (colon !== undefined) text.replace(colon, colon, ` ${name} `);
        added.set(f, `.${name} = ${bytes === undefined ? "0" : "{}"}, `);
      }
      // An unnamed bit-field has no value in clang's list, an unnamed structure or union has.
      const valued = fields.flatMap((f, i) => (f.isBitfield === true && f.name === undefined ? [] : [{ name: f.name ?? "", behind: addedBefore(fields, i, added) }]));
      members.set(`${record.tagUsed} ${record.name}`, valued);
    });
  }
  if (members.size === 0) return;
  nameInitialised(tree, source, members, apart, text);
}

/** What initialises the unnamed bit-fields right before a member: the last of them is enough. */
function addedBefore(fields: readonly AstNode[], at: number, added: ReadonlyMap<AstNode, string>): string {
  for (let i = at - 1; i >= 0; i--) {
    const f = fields[i] as AstNode;
    if (f.name !== undefined || f.isBitfield !== true) return "";
    const text = added.get(f);
    if (text !== undefined) return text;
  }
  return "";
}

/**
 * `case A ... B:` becomes `case A:`, and the switch is over a value that is A for all of A to B. c2rust forgets the end of the range
 * without a word.
 */
export function lowerCaseRanges(fn: AstNode, source: string, text: Rewriter): void {
  const ranges = new Map<AstNode, string>();
  walk(fn, (n) => {
    if (n.kind !== "CaseStmt" || n.isGNURange !== true) return;
    const [low, high] = [n.inner?.[0] && extent(n.inner[0]), n.inner?.[1] && extent(n.inner[1])];
    let of = n.parent;
    while (of && of.kind !== "SwitchStmt") of = of.parent;
    if (low === undefined || high === undefined || of === undefined) return;
    const [a, b] = [source.slice(low.start, low.end), source.slice(high.start, high.end)];
    ranges.set(of, `${ranges.get(of) ?? ""}kport$value >= (${a}) && kport$value <= (${b}) ? (${a}) : `);
    text.replace(low.end, high.end, "");
  });
  for (const [of, choice] of ranges) {
    const value = of.inner?.find((c) => c.valueCategory !== undefined);
    const at = value && extent(value);
    const type = value?.type && spelling(value.type);
    if (at && type !== undefined) text.replace(at.start, at.end, `({ ${type} kport$value = (`, at, `); ${choice}kport$value; })`);
  }
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
