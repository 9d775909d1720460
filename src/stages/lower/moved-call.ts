/** Calls that move with some of their arguments: those that the compiler has to see as they stand, for what it knows of them. */
import { type AstNode, calleeName, extent, spelling } from "../../c/ast.ts";
import { lex, significant } from "../../c/lexer.ts";
import { type Part, Rewriter } from "../../c/rewriter.ts";
import { constantText, isConstant } from "./constant-expressions.ts";
import { globalsOf, type LocalUse, parameterType, usesOf, withoutQualifiers } from "./function-scope.ts";
import type { FunctionContext, MovedExpression, Obstacle, Passed } from "./moved.ts";

/** Move one call with its constants and with what has to go along; the other arguments are computed where they were. */
export function moveCall(o: Obstacle, cx: FunctionContext): MovedExpression | string {
  const at = extent(o.node);
  const returns = spelling(o.node.type ?? { qualType: "" });
  const [callee, ...args] = o.node.inner ?? [];
  const name = calleeName(o.node);
  if (at === undefined || returns === undefined || callee === undefined || name === undefined)
    return "it is no plain call";
  const along = args.filter((a) => o.along?.includes(a));
  const locals = localsIn(along, cx);
  if (locals === undefined) return "a local's type cannot be written outside of the function";
  const params: MovedExpression["params"] = [];
  const inside: string[] = [];
  const parts: Part[] = [];
  const passed: Passed[] = [];
  const pass = (param: MovedExpression["params"][number], part: Part, what: Passed): void => {
    params.push(param);
    parts.push(parts.length > 0 ? ", " : "", part);
    passed.push(what);
  };
  for (const [name, u] of locals)
    pass({ name, type: parameterType(u) }, u.byValue ? u.name : `&${u.name}`, {
      local: u.name,
      address: !u.byValue,
    });
  for (const [i, a] of args.entries()) {
    const e = extent(a);
    const type = spelling(a.type ?? { qualType: "" });
    if (e === undefined || type === undefined) return "an argument's type cannot be written outside of the function";
    if (along.includes(a)) inside.push(withLocals(e, locals, cx.text));
    else if (isConstant(a)) inside.push(constantText(a, e, cx.text));
    else {
      const own = `a${i}`;
      pass({ name: own, type: withoutQualifiers(type) }, e, { argument: i });
      inside.push(own);
    }
  }
  const { plain, name: symbol } = cx.names.of(cx.fn, name);
  return {
    name: symbol,
    plain,
    params,
    returns: withoutQualifiers(returns),
    lvalue: false,
    expanded: `${name}(${inside.join(", ")})`,
    func: cx.fn.name ?? "",
    ...cx.place(at.start),
    reason: o.reason,
    ...(o.optional ? { optional: true } : {}),
    globals: new Set(along.flatMap((a) => [...globalsOf(a, cx.locals, cx.ownGlobals)])),
    callee: name,
    passed,
    call: [`${symbol}(`, ...parts, ")"],
    ...at,
  };
}

/**
 * The locals that some arguments use together, by the names of their parameters, which are the same in each function: calls that say the same
 * can do with one helper.
 * @returns undefined where they cannot all be parameters
 */
function localsIn(along: readonly AstNode[], cx: FunctionContext): Map<string, LocalUse> | undefined {
  const found = new Map<string, LocalUse>();
  for (const a of along) {
    const e = extent(a);
    const uses = e && usesOf(a, cx.locals, significant(lex(cx.text.slice(e.start, e.end))));
    if (uses === undefined) return undefined;
    for (const u of uses) {
      const before = found.get(u.name);
      found.set(u.name, {
        ...u,
        byValue: u.byValue && before?.byValue !== false,
        at: [...(before?.at ?? []), ...u.at],
      });
    }
  }
  return new Map([...found.values()].map((u, i) => [`p${i}`, u]));
}

/** An argument's text with the parameters in it. */
function withLocals(at: { start: number; end: number }, locals: ReadonlyMap<string, LocalUse>, source: string): string {
  const text = new Rewriter(source);
  for (const [name, u] of locals)
    for (const p of u.at.filter((x) => at.start <= x && x < at.end))
      text.replace(p, p + u.name.length, u.byValue ? name : `(*${name})`);
  return text.render(at.start, at.end);
}
