/** Expressions that move from one of the module's functions into a helper, because no Rust can say what they say. */
import { type AstNode, calleeName, extent, isExpression, spelling } from "../../c/ast.ts";
import { lex, significant, type Token } from "../../c/lexer.ts";
import { type Part, Rewriter } from "../../c/rewriter.ts";
import { isDeadEnd } from "./dead-ends.ts";
import {
  globalsOf,
  isMember,
  type LocalUse,
  parameterType,
  tiedBy,
  usesOf,
  withoutQualifiers,
} from "./function-scope.ts";
import { labelsOutside } from "./jumps.ts";
import { moveCall } from "./moved-call.ts";
import type { MovedNames } from "./moved-names.ts";

/** A macro invocation of the module's own source, in offsets of the reduced unit. */
export interface Region {
  name: string;
  source: string;
  file: string;
  line: number;
  /** Offset of its name in the file. */
  at: number;
  start: number;
  end: number;
}

/** What a helper is given: a local or its address, an argument of the call that it stands for, a constant in C's words. */
export type Passed = { local: string; address: boolean } | { argument: number } | { constant: string };

/** One helper that stands for one expression. */
export interface MovedExpression {
  /** The helper's symbol. */
  name: string;
  /** What it is called in Rust, where nothing else in the port is. */
  plain: string;
  params: { name: string; type: string }[];
  /** `void`, or the result's type. */
  returns: string;
  /** The expression is assigned to or has its address taken: the helper returns its address. */
  lvalue: boolean;
  /** Nothing follows it: the helper has to say so. */
  deadEnd?: boolean;
  /** Nothing follows it: its call says so. */
  ends?: true;
  /** Labels of the function that it jumps to: the helper returns which one, counted from 1, or 0. */
  jumps?: string[];
  /** As written in the module's source; absent where names clash, and for what is no macro invocation. */
  source?: string;
  /** The invocation as a person knows it, whichever form the helper takes. */
  label?: string;
  /** As the preprocessor left it. */
  expanded: string;
  /** The function it came from, which `__func__` must still name. */
  func: string;
  /** Where all functions lie that it serves, unless that is `.text`: what only `__init` functions call may name `__initdata`, to modpost too. */
  section?: string;
  /** Nothing that can run calls it. */
  unreached?: true;
  /** The compiler has to know how large its locals are. */
  sized?: true;
  file: string;
  line: number;
  reason: string;
  /** See `Obstacle`. */
  optional?: true;
  /** The module's own file-scope names it uses. */
  globals: Set<string>;
  /** The macro whose whole invocation it is. */
  macro?: { name: string; at: number };
  /** The function whose call it is; of no macro's invocation as a whole. */
  callee?: string;
  /** In the order of `params`. */
  passed: Passed[];
  /** What takes its place in the function; the arguments it keeps are rewritten like the rest. */
  call: Part[];
  start: number;
  end: number;
}

/** Why a node cannot be translated, and how much of its surroundings goes along. */
export interface Obstacle {
  node: AstNode;
  reason: string;
  /** `invocation`: the whole macro invocation, so that its name survives. `call`: this call alone, with its constants and `along`. `itself`: nothing else. */
  scope: "invocation" | "call" | "itself";
  /** Arguments of the call of whose objects the compiler knows the size. */
  along?: readonly AstNode[];
  /** A wrapper would do as well, though not as C does: where it cannot move, it is none. */
  optional?: true;
}

export interface FunctionContext {
  fn: AstNode;
  locals: ReadonlyMap<string, AstNode>;
  text: string;
  regions: readonly Region[];
  names: MovedNames;
  /** Names declared at file scope by the module itself. */
  ownGlobals: ReadonlySet<string>;
  place: (offset: number) => { file: string; line: number };
}

/** Move what an obstacle sits in; a string says why that is impossible. */
export function moveOut(o: Obstacle, cx: FunctionContext): MovedExpression | string {
  if (o.scope === "call") return moveCall(o, cx);
  if (o.scope === "itself") return moveWhole(o.node, undefined, o.reason, cx);
  let why = "it has no extent in the source";
  for (const { carrier, region } of carriers(o.node, cx)) {
    const moved = moveWhole(carrier, region, o.reason, cx);
    if (typeof moved !== "string") return moved;
    why = moved;
  }
  return why;
}

/** What could move, best first: the whole macro invocation, the statement expression around, the thing itself. */
function* carriers(node: AstNode, cx: FunctionContext): Generator<{ carrier: AstNode; region?: Region }> {
  const at = extent(node);
  if (at === undefined) return;
  const region = cx.regions.find((r) => r.start <= at.start && at.end <= r.end);
  const chain: AstNode[] = [];
  for (let n: AstNode | undefined = node; n && n !== cx.fn; n = n.parent) chain.push(n);
  if (region) {
    const whole = chain.filter((n) => {
      const e = extent(n);
      return e !== undefined && e.start === region.start && e.end === region.end;
    });
    const carrier = whole.findLast(isExpression) ?? whole.at(-1);
    if (carrier) yield { carrier, region };
  }
  const statement = chain.find((n) => n.kind === "StmtExpr");
  if (statement) yield { carrier: statement };
  const self = chain.find(
    (n) => n.kind === "GCCAsmStmt" || n.kind === "CallExpr" || n.kind === "DeclRefExpr" || n.kind === "AddrLabelExpr",
  );
  if (self) yield { carrier: self };
}

function moveWhole(
  carrier: AstNode,
  region: Region | undefined,
  reason: string,
  cx: FunctionContext,
): MovedExpression | string {
  const at = extent(carrier);
  if (at === undefined) return "it has no extent in the source";
  const tie = tiedBy(carrier);
  if (tie !== undefined) return tie;
  const tokens = significant(lex(cx.text.slice(at.start, at.end)));
  const uses = usesOf(carrier, cx.locals, tokens);
  if (uses === undefined) return "a local's type cannot be written outside of the function";
  const jumps = labelsOutside(carrier, cx.text, tokens);
  if (
    jumps.length > 0 &&
    ((carrier.valueCategory !== undefined && carrier.type?.qualType !== "void") ||
      carrier.parent?.valueCategory !== undefined)
  )
    return "its value is needed, and it jumps to a label outside of it";
  const expression = isExpression(carrier) && jumps.length === 0;
  const lvalue = expression && carrier.valueCategory === "lvalue";
  const returns = expression ? spelling(carrier.type ?? { qualType: "" }) : jumps.length > 0 ? "int" : "void";
  if (returns === undefined) return "its type cannot be written outside of the function";
  const text = new Rewriter(cx.text);
  for (const u of uses) if (!u.byValue) for (const p of u.at) text.replace(p, p + u.name.length, `(*${u.name})`);
  const expanded = text.render(at.start, at.end);
  const params = uses.map((u) => ({ name: u.name, type: parameterType(u) }));
  const { plain, name } = cx.names.of(cx.fn, region?.name ?? calleeName(carrier) ?? carrier.kind);
  const args = uses.map((u) => (u.byValue ? u.name : `&${u.name}`)).join(", ");
  const source = region ? atSource(region.source, uses, tokens, at.start) : undefined;
  return {
    name,
    plain,
    params,
    returns: expression && !lvalue ? withoutQualifiers(returns) : returns,
    lvalue,
    ...(source === undefined ? {} : { source }),
    ...(region ? { label: region.source } : {}),
    expanded,
    func: cx.fn.name ?? "",
    ...(region ? { file: region.file, line: region.line } : cx.place(at.start)),
    reason,
    globals: globalsOf(carrier, cx.locals, cx.ownGlobals),
    ...(region
      ? { macro: { name: region.name, at: region.at } }
      : carrier.kind === "CallExpr" && calleeName(carrier) !== undefined
        ? { callee: calleeName(carrier) as string }
        : {}),
    passed: uses.map((u) => ({ local: u.name, address: !u.byValue })),
    ...(jumps.length > 0 ? { jumps } : {}),
    ...(carrier.kind === "GCCAsmStmt" && isDeadEnd(carrier) ? { deadEnd: true } : {}),
    call: [lvalue ? `(*${name}(${args}))` : `${name}(${args})`],
    ...at,
  };
}

/**
 * The invocation as written, with a dereference wherever it names a local that is passed by address. Undefined when a token of that
 * name also means something else in the expansion (a member, a type): then only the expansion tells them apart.
 */
function atSource(
  source: string,
  uses: readonly LocalUse[],
  expansion: readonly Token[],
  offset: number,
): string | undefined {
  const byAddress = new Map(uses.filter((u) => !u.byValue).map((u) => [u.name, u]));
  for (const [i, t] of expansion.entries()) {
    const u = t.kind === "identifier" ? byAddress.get(t.text) : undefined;
    if (u && !isMember(expansion, i) && u.at.length > 0 && !u.at.includes(offset + t.start)) return undefined;
  }
  const tokens = lex(source);
  let out = "";
  let at = 0;
  for (const [i, t] of tokens.entries()) {
    if (t.kind !== "identifier" || !byAddress.has(t.text) || isMember(tokens, i)) continue;
    out += `${source.slice(at, t.start)}(*${t.text})`;
    at = t.end;
  }
  return out + source.slice(at);
}
