/**
 * The arguments of a macro's invocation as C gives them, for what moved to a helper: `netdev_dbg(dev->net, "size %d\n", size)`. The helper is
 * told the locals alone, which says less than a reader wants to know.
 */
import { lex, significant } from "../../c/lexer.ts";
import type { Printer } from "./printer.ts";
import { escaped } from "./rules/literals.ts";
import { stringLiteral, typeNamed } from "./template-of.ts";
import { rustIdentifier } from "./local-names.ts";

export interface GivenInC {
  text: string;
  /** Of a constant: the helper is compiled with it. */
  known?: bigint;
}

/** @returns nothing where some argument cannot be said */
export function argumentsInC(p: Printer, x: number): GivenInC[] | undefined {
  const expansion = p.unit.facts.expansions[x];
  const macro = p.unit.facts.macros[expansion?.macro ?? -1];
  if (expansion?.arguments === undefined || macro?.parameters === undefined) return undefined;
  const out: GivenInC[] = [];
  for (const [at, place] of expansion.arguments.entries()) {
    const source = p.sourceText(place);
    if (source === undefined) return undefined;
    const isRest = macro.variadic === true && at === macro.parameters.length - 1;
    const given = isRest ? restOf(p, x, at, source) : one(p, x, at, source);
    if (given === undefined) return undefined;
    out.push(...given);
  }
  return out;
}

function one(p: Printer, x: number, at: number, source: string): GivenInC[] | undefined {
  const said = bySource(p, source);
  if (said !== undefined) return [said];
  const [first, ...more] = nodesOf(p, x, at).map((i) => givenInC(p, i));
  // What the macro's text makes of parts of it is not the argument.
  if (first !== undefined) return more.every((m) => m.text === first.text) ? [first] : undefined;
  const type = typeNamed(p, source);
  if (type !== undefined) return [{ text: type }];
  const [word, next] = significant(lex(source));
  return word?.kind === "identifier" && next === undefined ? [{ text: rustIdentifier(word.text) }] : undefined;
}

/** What stands behind the last named parameter: the macro's text has them all in one place. */
function restOf(p: Printer, x: number, at: number, source: string): GivenInC[] | undefined {
  const nodes = nodesOf(p, x, at).filter((i) => p.unit.node(i).k !== "string");
  const out: GivenInC[] = [];
  for (const piece of parted(source)) {
    const said = bySource(p, piece);
    const node = said === undefined ? nodes.shift() : undefined;
    if (said === undefined && node === undefined) return undefined;
    out.push(said ?? givenInC(p, node as number));
  }
  return out;
}

/** Strings, and what is the compiler's. */
function bySource(p: Printer, source: string): GivenInC | undefined {
  const [word, next] = significant(lex(source));
  if (word === undefined) return undefined;
  if (next === undefined && /^__(?:func|FUNCTION)__$/.test(word.text)) return { text: word.text };
  const hex = stringLiteral(p.unit, source);
  if (hex === undefined) return undefined;
  if (next === undefined && word.kind === "identifier") return { text: word.text };
  const bytes = Buffer.from(hex, "hex");
  return bytes.every((b) => b < 0x80) ? { text: `"${escaped(bytes)}"` } : undefined;
}

/** One argument of a call. The size of a local is constant, but nothing that rustc can be asked beside the function. */
export function givenInC(p: Printer, i: number): GivenInC {
  const { text, known } = p.expression(i);
  const isOfVariable = (): boolean =>
    p.unit.some(i, (n) => n.k === "reference" && p.unit.declaration(n.decl).k === "variable");
  return known === undefined || isOfVariable() ? { text } : { text, known };
}

/** The topmost expressions that come out of an argument, without what the compiler makes of them. */
function nodesOf(p: Printer, x: number, at: number): number[] {
  const found = new Set<number>();
  for (const top of p.invocations.topsOf(x))
    p.unit.walk(top, (n, i) => {
      if (!p.unit.steps(n.p).some((s) => s.invocation === x && s.argument === at)) return true;
      if (n.k === "cast" && n.explicit !== true) return true;
      if ("t" in n) found.add(i);
      return false;
    });
  return [...found];
}

/** A list of arguments, at its commas. */
function parted(source: string): string[] {
  const out: string[] = [];
  let [from, depth] = [0, 0];
  for (const t of lex(source)) {
    if (/^[([{]$/.test(t.text)) depth++;
    else if (/^[)\]}]$/.test(t.text)) depth--;
    else if (t.text === "," && depth === 0) {
      out.push(source.slice(from, t.start));
      from = t.end;
    }
  }
  const last = source.slice(from);
  return out.length === 0 && last.trim() === "" ? [] : [...out, last];
}
