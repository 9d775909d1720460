/** The body of an invocation, as a macro of Rust's would have it. */
import { lex } from "../../c/lexer.ts";
import { codeOf, edited } from "../../rust/lexer.ts";
import { CannotPrint } from "./crate-types.ts";
import { BOLD } from "./form.ts";
import { rustIdentifier } from "./local-names.ts";
import type { Printer } from "./printer.ts";
import { effectOf } from "./effects.ts";
import { prefix, typedOf } from "./rust-text.ts";
import { escaped } from "./rules/literals.ts";
import { I32, type RustType, same, show, UNIT } from "./rust-type.ts";
import { argumentWords, pastedNames } from "./pasted.ts";
import { stringParts } from "./string-parts.ts";
import { stringPieces } from "./string-pieces.ts";
import { bareStatement } from "./statements.ts";
import type { UnitFacts } from "./unit-facts.ts";
import { type MacroUse, type Parameter, Template } from "./template.ts";

/** The body of an invocation that is all of a node. @throws CannotPrint where it has none of its own */
export function templateOf(p: Printer, i: number, x: number): MacroUse {
  const n = p.unit.node(i);
  return describe(p, i, x, () => {
    if (!("t" in n)) return { text: bareStatement(p, i, "nothing").join("\n"), type: UNIT, statement: true };
    if (p.types.of(n.t).k === "void") return { text: effectOf(p, i), type: UNIT, statement: true };
    const r = p.bare(i);
    // The body is the same wherever the macro is named: what is of literals alone says its type there, unless it is the one that rustc takes.
    const text = same(r.type, I32) ? r.text : (typedOf(r) ?? r.text);
    return { text, type: r.type, statement: false };
  });
}

/** The body of one that is an initialiser of a variable: names that it pastes together are parameters as well. */
export function initialiserTemplate(p: Printer, i: number, x: number, type: RustType, print: () => string): MacroUse {
  const use = describe(
    p,
    i,
    x,
    () => ({ text: print(), type, statement: false }),
    (at) => argumentWords(p, x, at),
    { ...BOLD, wrapping: true },
  );
  for (const [name, parameter] of pastedNames(p, x)) {
    const named = codeOf(use.body).filter((t) => t.kind === "identifier" && t.text === name);
    if (named.length === 0) continue;
    use.body = edited(
      use.body,
      named.map((t) => ({ start: t.start, end: t.end, text: `$${parameter}` })),
    );
    use.parameters.push({ name: parameter, kind: "ident" });
    use.given.set(parameter, [name]);
  }
  return use;
}

/** What asserts when it is compiled, as Rust does it. @param condition that must not be met */
export function assertionTemplate(p: Printer, i: number, x: number, condition: number): MacroUse {
  return describe(p, i, x, () => {
    const met = p.condition(condition);
    if (met.text === "true" || met.text === "false") throw new CannotPrint("an assertion of what a name does not say");
    return { text: `const { assert!(${prefix("!", met, met.type).text}) };`, type: UNIT, statement: true };
  });
}

/** What one invocation shows of its macro. @param print the body */
export function describe(
  p: Printer,
  i: number,
  x: number,
  print: () => { text: string; type: RustType; statement: boolean },
  argument = (at: number): string | undefined => sourceOfArgument(p, x, at),
  form = BOLD,
): MacroUse {
  const expansion = p.unit.facts.expansions[x];
  const macro = expansion && p.unit.facts.macros[expansion.macro];
  if (!expansion || !macro) throw new CannotPrint("no macro");
  const inside = new Set<number>();
  p.unit.walk(i, (n) => {
    if (n.k === "declare") for (const d of n.decls) inside.add(d);
  });
  const fresh = (asksTruth: boolean): Template =>
    new Template(x, macro.parameters ?? [], macro.variadic === true, inside, form, asksTruth);
  let template = fresh(true);
  let made = p.within(template, print);
  // What is wanted as it is as well as for its truth is given as it is.
  if (template.truths > 0 && [...template.met.values()].some((texts) => texts.size !== 1)) {
    template = fresh(false);
    made = p.within(template, print);
  }
  const parameters: Parameter[] = [];
  const given: MacroUse["given"] = new Map();
  const literals: MacroUse["literals"] = new Map();
  const types: MacroUse["types"] = new Map();
  const pointed: MacroUse["pointed"] = new Map();
  const pieces: MacroUse["pieces"] = new Map();
  for (const [name, text] of template.extras) {
    parameters.push({ name, kind: "expr" });
    given.set(name, [text]);
  }
  const spelled: MacroUse["spelled"] = new Map();
  for (const at of template.parameters.keys()) {
    const name = template.parameter(at);
    const words = argument(at);
    if (words !== undefined) spelled.set(name, words.trim());
    const parts = words === undefined ? undefined : stringPieces(p.unit, words);
    if (parts !== undefined) pieces.set(name, parts);
    if (template.isRest(at) && template.apart.length > 0) {
      if (template.rest.length > 0) throw new CannotPrint("a macro that takes arguments apart");
      for (const [nth, text] of template.apart.entries()) {
        parameters.push({ name: template.apartName(nth), kind: "expr" });
        given.set(template.apartName(nth), [text]);
      }
      continue;
    }
    if (template.isRest(at)) {
      parameters.push({ name, kind: "rest" });
      given.set(name, template.rest);
      continue;
    }
    const texts = template.met.get(at);
    if (texts) {
      if (texts.size !== 1) throw new CannotPrint("an argument that is not the same everywhere");
      parameters.push({ name, kind: "expr" });
      given.set(name, [...texts]);
      const hex = words === undefined ? undefined : stringLiteral(p.unit, words);
      const said = hex === undefined ? undefined : `c"${escaped(Buffer.from(hex, "hex"))}".as_ptr()`;
      const signed = texts.has(said ?? "");
      if (hex !== undefined && (signed || texts.has(`${said}.cast()`))) pointed.set(name, { hex, signed });
      continue;
    }
    const text = words;
    const literal = text === undefined ? undefined : stringLiteral(p.unit, text);
    if (literal !== undefined) {
      parameters.push({ name, kind: "literal" });
      literals.set(name, literal);
      continue;
    }
    const type = text === undefined ? undefined : typeNamed(p, text);
    if (type) {
      parameters.push({ name, kind: "type" });
      types.set(name, type);
      continue;
    }
    if (text !== undefined && /^\s*[A-Za-z_]\w*\s*$/.test(text)) {
      parameters.push({ name, kind: "ident" });
      given.set(name, [p.unit.renamed.get(text.trim()) ?? rustIdentifier(text.trim())]);
    } else if (text !== undefined && /^\s*[A-Za-z_]\w*(?:\s*\.\s*\w+)+\s*$/.test(text)) {
      parameters.push({ name, kind: "path" });
      given.set(name, [text.replaceAll(/\s/g, "")]);
    }
  }
  const called = p.unit.calledBy(x);
  return {
    macro: p.unit.macroName(called),
    isOwn: p.isOwn,
    isDirect: p.unit.isDirect(p.unit.facts.expansions[called]?.path),
    body: made.text,
    type: made.type,
    isStatement: made.statement,
    parameters,
    given,
    literals,
    pointed,
    pieces,
    spelled,
    types,
  };
}

function sourceOfArgument(p: Printer, x: number, at: number): string | undefined {
  const place = p.unit.facts.expansions[x]?.arguments?.[at];
  return place && p.sourceText(place);
}

/** The bytes of an argument that is a string literal and nothing else, in hex; parts of it may be macros that are one. */
export function stringLiteral(unit: UnitFacts, text: string): string | undefined {
  const parts = stringParts(unit.facts.macros, text);
  if (parts === undefined) return undefined;
  let out = "";
  for (const inner of parts) {
    for (const m of inner.matchAll(/\\(x[0-9a-fA-F]+|[0-7]{1,3}|[^])|[^\\]+/g)) {
      const [whole, escape] = m;
      if (escape === undefined) out += Buffer.from(whole).toString("hex");
      else if (/^x/.test(escape)) out += (Number.parseInt(escape.slice(1), 16) & 255).toString(16).padStart(2, "0");
      else if (/^[0-7]/.test(escape)) out += (Number.parseInt(escape, 8) & 255).toString(16).padStart(2, "0");
      else {
        const c = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27 }[escape] ?? escape.charCodeAt(0);
        out += c.toString(16).padStart(2, "0");
      }
    }
  }
  return out;
}

/** The Rust of a C type that is named by one word, or by `struct` and one. */
export function typeNamed(p: Printer, text: string): string | undefined {
  const words = lex(text)
    .filter((t) => t.kind !== "comment")
    .map((t) => t.text);
  const [a, b] = words;
  const find = (is: (d: ReturnType<UnitFacts["declaration"]>) => boolean): number =>
    p.unit.facts.declarations.findIndex(is);
  const at = (index: number): RustType | undefined => {
    const t = p.unit.facts.types.findIndex((x) => "decl" in x && x.decl === index && !x.const && !x.volatile);
    return t < 0 ? undefined : p.types.of(t);
  };
  let type: RustType | undefined;
  if (words.length === 1) {
    const d = find((x) => x.k === "typedef" && x.name === a);
    if (d >= 0) type = at(d);
  }
  if (words.length === 2 && (a === "struct" || a === "union")) {
    const d = find((x) => x.k === "record" && x.name === b);
    if (d >= 0) type = at(d);
  }
  if (!type) {
    const plain = p.unit.facts.types.findIndex(
      (x) => x.k === "int" && x.name === words.join(" ") && !x.const && !x.volatile,
    );
    if (plain >= 0) type = p.types.of(plain);
  }
  return type && p.types.isNamed(type) ? show(type) : undefined;
}
