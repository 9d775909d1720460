/** What c2rust 0.22.1 cannot read, said in C that it can. Works on the reduced unit, by offsets. */
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import { matching, type Token } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/** `_Generic` and `__builtin_types_compatible_p`, wherever they stand: inside `typeof` no syntax tree shows them. */
export function lowerTokens(tokens: readonly Token[], text: Rewriter): void {
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier" || tokens[i + 1]?.text !== "(") continue;
    const close = matching(tokens, i + 1);
    if (close < 0) continue;
    if (t.text === "_Generic") lowerGeneric(tokens, i, close, text);
    else if (t.text === "__builtin_types_compatible_p") lowerTypesCompatible(t, tokens[close] as Token, text);
  }
}

/** Split the arguments between two brackets at their top-level commas; each as indices [from, to). */
function argumentsOf(tokens: readonly Token[], open: number, close: number): [number, number][] {
  const out: [number, number][] = [];
  let from = open + 1;
  for (let i = open + 1; i < close; i++) {
    const x = tokens[i] as Token;
    if (x.text === "," && x.kind === "punctuator") {
      out.push([from, i]);
      from = i + 1;
    } else if (x.kind === "punctuator" && "([{".includes(x.text)) i = matching(tokens, i);
  }
  out.push([from, close]);
  return out;
}

/**
 * `_Generic(x, A: a, B: b, default: d)` becomes a chain of `__builtin_choose_expr`. Its exporter does not know `_Generic`
 * ("no entry found for key"). The comma operator gives the controlling expression the conversions C11 6.5.1.1 asks for.
 */
function lowerGeneric(tokens: readonly Token[], at: number, close: number, text: Rewriter): void {
  const [control, ...associations] = argumentsOf(tokens, at + 1, close);
  if (control === undefined) return;
  const range = ([from, to]: [number, number]): { start: number; end: number } => ({ start: (tokens[from] as Token).start, end: (tokens[to - 1] as Token).end });
  const parts: (string | { start: number; end: number })[] = [];
  let fallback: { start: number; end: number } | undefined;
  let depth = 0;
  for (const [from, to] of associations) {
    let colon = from;
    let ternary = 0;
    for (let i = from; i < to; i++) {
      const x = (tokens[i] as Token).text;
      if ("([{".includes(x)) i = matching(tokens, i);
      else if (x === "?") ternary++;
      else if (x === ":" && ternary-- === 0) {
        colon = i;
        break;
      }
    }
    const value = range([colon + 1, to]);
    if (tokens[from]?.text === "default") fallback = value;
    else {
      parts.push("__builtin_choose_expr((int)(sizeof(char[1 + __builtin_types_compatible_p(__typeof__((void)0, (", range(control), ")), ", range([from, colon]), ")]) - 1), (", value, "), ");
      depth++;
    }
  }
  parts.push(...(fallback ? ["(", fallback, ")"] : ["(void)0"]), ")".repeat(depth));
  text.replace((tokens[at] as Token).start, (tokens[close] as Token).end, ...parts);
}

/** The exporter does not know the builtin, but it takes an array's size as clang computed it. */
function lowerTypesCompatible(first: Token, last: Token, text: Rewriter): void {
  text.replace(first.start, last.end, "(int)(sizeof(char[1 + ", { start: first.start, end: last.end }, "]) - 1)");
}

/** `__auto_type x = e` gets the type clang deduced. The exporter does not know deduced types. */
export function lowerAutoType(fn: AstNode, source: string, text: Rewriter): void {
  walk(fn, (n) => {
    if (n.kind !== "VarDecl" || n.type === undefined) return;
    const at = extent(n);
    if (at === undefined) return;
    const keyword = source.slice(at.start, at.end).search(/\b__auto_type\b/);
    const name = n.loc?.offset;
    if (keyword < 0 || name === undefined || at.start + keyword > name) return;
    const type = spelling({ qualType: n.type.desugaredQualType ?? n.type.qualType });
    const initial = n.inner?.at(-1);
    const value = initial && extent(initial);
    const start = at.start + keyword;
    if (type !== undefined) text.replace(start, start + "__auto_type".length, `__typeof__(${type})`);
    else if (value) text.replace(start, start + "__auto_type".length, "__typeof__((void)0, (", value, "))");
  });
}
