/** The kernel's macros by their names: what they are once a port, and how each use is written. */
import type { Node } from "../../facts/schema.ts";
import { fits } from "./convert.ts";
import { CannotPrint } from "./crate-types.ts";
import type { Printer } from "./printer.ts";
import { escaped } from "./rules/literals.ts";
import { atom, type Rust } from "./rust-text.ts";
import { type RustType, same } from "./rust-type.ts";
import { type Mark, pieces } from "./mark.ts";
import { type MacroUse, type Parameter, headTemplate, templateOf } from "./template.ts";

interface Constant {
  value: bigint;
  /** As the macro spells it. */
  spelling?: string;
  type: RustType;
  /** What the places ask for that it stands in. */
  wanted: RustType[];
  /** It has several values. */
  unclear?: true;
}

/** A macro as the port has it. */
interface Rule {
  skeleton: string;
  parameters: Parameter[];
  body: string;
  isStatement: boolean;
  /** How each marked place of a body came out: a use that would need it otherwise is written out. */
  fits: (use: MacroUse) => Map<string, string> | undefined;
}

export class MacroBook {
  private readonly constants = new Map<string, Constant>();
  private readonly uses = new Map<string, MacroUse[]>();
  private readonly rules = new Map<string, Rule>();
  /** Names of macros, by how often a use is written by its name or out. */
  readonly kept = new Map<string, number>();
  readonly expanded = new Map<string, number>();
  /** Whether the types of constants are known, without which no body is what it will be, and whether all bodies are. */
  private settled: "nothing" | "constants" | "all" = "nothing";

  invocation(p: Printer, i: number, want: RustType | undefined): Rust | undefined {
    const n = p.unit.node(i);
    for (const x of p.invocations.at(i)) {
      if (p.template && p.template.argumentOf(p.unit, n.p) === undefined && p.unit.steps(n.p).some((s) => s.invocation === p.template?.invocation) && x === p.template.invocation) continue;
      const macro = p.unit.facts.macros[p.unit.facts.expansions[x]?.macro ?? -1];
      if (!macro) continue;
      if (macro.parameters === undefined && "t" in n && n.v !== undefined) {
        const type = p.types.of(n.t);
        if (type.k === "int" && !/^(?:true|false)$/.test(macro.name)) {
          const made = this.constant(p, macro.name, BigInt(n.v), type, want, macro.body);
          if (made) return made;
        }
      }
      if (p.template || macro.parameters === undefined || !isWorthIt(p, n, x)) continue;
      const named = this.named(p, i, x);
      if (named) return named;
    }
    return undefined;
  }

  statement(p: Printer, i: number): string[] | undefined {
    const head = p.template ? undefined : p.invocations.headOf(i);
    if (head !== undefined) {
      const named = this.named(p, i, head, headTemplate);
      if (named) return [`${named.text};`];
    }
    for (const x of p.invocations.at(i)) {
      if (p.template || p.unit.facts.macros[p.unit.facts.expansions[x]?.macro ?? -1]?.parameters === undefined) continue;
      const named = this.named(p, i, x);
      if (named) return [`${named.text};`];
    }
    return undefined;
  }

  /** An invocation by the macro's name, where all that is said of it goes together. */
  private named(p: Printer, i: number, x: number, template = templateOf): Rust | undefined {
    let use: MacroUse;
    try {
      use = template(p, i, x);
    } catch (error) {
      if (error instanceof CannotPrint) return undefined;
      throw error;
    }
    if (this.settled === "nothing") return undefined;
    if (this.settled === "constants") {
      this.uses.set(use.macro, [...(this.uses.get(use.macro) ?? []), use]);
      return undefined;
    }
    const rule = this.rules.get(use.macro);
    const given = rule?.skeleton === skeletonOf(use) ? rule.fits(use) : undefined;
    const tally = given ? this.kept : this.expanded;
    tally.set(use.macro, (tally.get(use.macro) ?? 0) + 1);
    if (!rule || !given) return undefined;
    const texts = rule.parameters.flatMap((q) => (q.kind === "rest" ? (use.given.get(q.name) ?? []) : [given.get(q.name) ?? use.given.get(q.name)?.[0] ?? ""]));
    return atom(`${use.macro}!(${texts.join(", ")})`, use.type);
  }

  /** A constant by its name. */
  constant(p: Printer, name: string, value: bigint, type: RustType, want: RustType | undefined, body = ""): Rust | undefined {
    const known = p.env.constant(name);
    if (known) return { ...atom(name, p.types.resolve(known)), known: value };
    if (p.env.function(name) || p.env.static(name) || p.env.hasType(name)) return undefined;
    const c = this.constants.get(name) ?? { value, type, wanted: [], ...spelledIn(body, value) };
    this.constants.set(name, c);
    if (c.value !== value) c.unclear = true;
    const here = want?.k === "int" && fits(value, want) ? want : type;
    if (this.settled === "nothing") {
      c.wanted.push(here);
      return { ...atom(name, here), known: value };
    }
    return c.unclear ? undefined : { ...atom(name, c.type), known: value };
  }

  /** All functions were printed once: each constant has a type now. */
  settleConstants(): void {
    for (const c of this.constants.values()) {
      const [first] = c.wanted;
      if (first && c.wanted.every((w) => same(w, first))) c.type = first;
    }
    this.settled = "constants";
  }

  /** And a second time: of each macro all uses are known. */
  settle(): void {
    for (const [name, uses] of this.uses) {
      const groups = [...Map.groupBy(uses, skeletonOf).values()].sort((a, b) => b.length - a.length);
      for (const group of groups) {
        const rule = unify(group);
        if (!rule) continue;
        this.rules.set(name, rule);
        break;
      }
    }
    this.settled = "all";
  }

  /** The names of macros and constants that a text may use. */
  macroText(name: string): string | undefined {
    const rule = this.rules.get(name);
    return rule?.body;
  }

  /** `src/macros.rs`, without what no text names. */
  text(used: ReadonlySet<string>): string {
    const macros = [...this.rules].filter(([name]) => used.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    const named = new Set([...used, ...macros.flatMap(([, r]) => r.body.match(/[A-Za-z_]\w*/g) ?? [])]);
    const constants = [...this.constants].filter(([name, c]) => !c.unclear && named.has(name)).map(([name, c]) => `pub const ${name}: ${c.type.k === "int" ? c.type.name : ""} = ${c.spelling ?? c.value};`);
    const rules = macros.map(([name, r]) => `macro_rules! ${name} {\n(${pattern(r.parameters)}) => {${r.isStatement ? `{\n${r.body}\n}` : `\n${r.body}\n`}};\n}`);
    // A macro's body may name one as well.
    const bodies = macros.map(([, r]) => r.body).join("\n");
    const own = Object.entries(OWN_MACROS).filter(([name]) => used.has(name) || bodies.includes(`${name}!`));
    const names = [...macros.map(([name]) => name), ...own.map(([name]) => name)];
    const exported = names.length === 0 ? [] : [`pub(crate) use {${names.join(", ")}};`];
    return [constants.sort().join("\n"), ...own.map(([, text]) => text), ...rules, ...exported].join("\n\n");
  }
}

function pattern(parameters: readonly Parameter[]): string {
  return parameters.map((q, at) => (q.kind === "rest" ? `$(${at > 0 ? ", " : ""}$${q.name}:expr),* $(,)?` : `${at > 0 ? ", " : ""}$${q.name}:${{ expr: "expr", type: "ty", literal: "literal", ident: "ident", block: "block" }[q.kind]}`)).join("").replace(/\$\(, \$(\w+):expr\),\*/, "$(, $$$1:expr)*");
}

/** What all uses of one rule have in common: the text between what is marked. */
function skeletonOf(use: MacroUse): string {
  return `${use.isStatement} ${use.parameters.map((q) => q.name).join()} ${pieces(use.body).map((m) => (typeof m === "string" ? m : m.k === "as" ? `\u0001${m.parameter}` : `\u0001${m.k}`)).join("")}`;
}

/** One rule for uses of one skeleton. */
function unify(uses: readonly MacroUse[]): Rule | undefined {
  const [first] = uses;
  if (!first) return undefined;
  const marks = uses.map((u) => pieces(u.body));
  const parameters: Parameter[] = first.parameters.map((q) => ({ ...q }));
  const usedParameters = new Set<string>();
  const checks: ((use: MacroUse, own: readonly (string | Mark)[], given: Map<string, string>) => boolean)[] = [];
  let extra = 0;
  const body = (marks[0] as (string | Mark)[]).map((m, at) => {
    if (typeof m === "string") {
      for (const q of parameters) if (m.includes(`$${q.name}`)) usedParameters.add(q.name);
      return m;
    }
    const all = marks.map((x) => x[at] as Mark);
    if (m.k === "as") {
      usedParameters.add(m.parameter);
      const types = new Set(all.map((x) => (x.k === "as" ? x.type : "")));
      const typed = parameters.find((q) => q.kind === "type" && uses.every((u, k) => u.types.get(q.name) === (all[k] as { type: string }).type));
      if (typed) usedParameters.add(typed.name);
      else checks.push((_u, own) => (own[at] as { type?: string }).type === m.type);
      if (types.size > 1 && !typed) return undefined;
      const needed = typed !== undefined || all.some((x) => x.k === "as" && x.needed);
      if (!needed) return `$${m.parameter}`;
      const [before, behind] = [(marks[0] as unknown[])[at - 1], (marks[0] as unknown[])[at + 1]];
      const alone = typeof before === "string" && typeof behind === "string" && /(?:^|[=(,{]|\breturn)\s*$/.test(before) && /^\s*(?:[;),}]|$)/.test(behind);
      const cast = `$${m.parameter} as ${typed ? `$${typed.name}` : m.type}`;
      return alone ? cast : `(${cast})`;
    }
    if (m.k === "type") {
      const typed = parameters.find((q) => q.kind === "type" && uses.every((u, k) => u.types.get(q.name) === (all[k] as { text: string }).text));
      if (typed) {
        usedParameters.add(typed.name);
        return `$${typed.name}`;
      }
      checks.push((_u, own) => (own[at] as { text?: string }).text === m.text);
      return all.every((x) => x.k === "type" && x.text === m.text) ? m.text : undefined;
    }
    if (m.k === "field") {
      const named = parameters.find((q) => q.kind === "ident" && uses.every((u, k) => u.given.get(q.name)?.[0] === (all[k] as { name: string }).name && /^\w+$/.test((all[k] as { path: string }).path)));
      if (named) {
        usedParameters.add(named.name);
        // By its name in the crate.
        checks.push((u, own, given) => {
          const { name, path } = own[at] as { name: string; path: string };
          given.set(named.name, path);
          return u.given.get(named.name)?.[0] === name && /^\w+$/.test(path);
        });
        return `$${named.name}`;
      }
      checks.push((_u, own) => (own[at] as { path?: string }).path === m.path);
      return all.every((x) => x.k === "field" && x.path === m.path) ? m.path : undefined;
    }
    const cast = m.signed ? "" : ".cast()";
    const around = parameters.flatMap((q) => {
      if (q.kind !== "literal") return [];
      const found = uses.map((u, k) => surroundings((all[k] as { hex: string }).hex, u.literals.get(q.name) ?? ""));
      const [one] = found;
      return one && found.every((x) => x && x[0] === one[0] && x[1] === one[1]) ? [{ q, before: one[0], behind: one[1] }] : [];
    })[0];
    if (around) {
      const { q, before, behind } = around;
      usedParameters.add(q.name);
      checks.push((u, own, given) => {
        const literal = u.literals.get(q.name) ?? "";
        const s = surroundings((own[at] as { hex: string }).hex, literal);
        given.set(q.name, `"${escaped(Buffer.from(literal, "hex"))}"`);
        return s !== undefined && s[0] === before && s[1] === behind && ascii(literal);
      });
      if (!uses.every((u) => ascii(u.literals.get(q.name) ?? ""))) return undefined;
      const quoted = (hex: string): string => (hex === "" ? "" : `"${escaped(Buffer.from(hex, "hex"))}", `);
      return `concat!(${quoted(before)}$${q.name}, ${quoted(`${behind}00`).slice(0, -2)}).as_ptr().cast()`;
    }
    if (all.every((x) => x.k === "string" && x.hex === m.hex)) {
      checks.push((_u, own) => (own[at] as { hex?: string }).hex === m.hex);
      return `c"${escaped(Buffer.from(m.hex, "hex"))}".as_ptr()${cast}`;
    }
    // A string that each use has of its own, such as an argument's text.
    const name = `text${++extra === 1 ? "" : extra}`;
    parameters.unshift({ name, kind: "literal" });
    usedParameters.add(name);
    checks.push((_u, own, given) => {
      given.set(name, `c"${escaped(Buffer.from((own[at] as { hex: string }).hex, "hex"))}"`);
      return true;
    });
    return `$${name}.as_ptr()${cast}`;
  });
  if (body.some((b) => b === undefined)) return undefined;
  // What is a plain name in C is given as in C, even where the body has no use for it.
  const left = parameters.filter((q) => q.kind === "rest" || q.kind === "ident" || q.kind === "block" || usedParameters.has(q.name));
  if (left.some((q) => q.kind === "rest") && !body.join("").includes("$(")) left.splice(left.findIndex((q) => q.kind === "rest"), 1);
  if (body.join("").trim() === "") return undefined;
  return {
    skeleton: skeletonOf(first),
    isStatement: first.isStatement,
    parameters: left,
    body: body.join(""),
    fits: (use) => {
      const own = pieces(use.body);
      const given = new Map<string, string>(use.types);
      return checks.every((c) => c(use, own, given)) ? given : undefined;
    },
  };
}

function ascii(hex: string): boolean {
  return Buffer.from(hex, "hex").every((b) => b < 0x80);
}

/** What stands before and behind a piece of a string. */
function surroundings(whole: string, part: string): [string, string] | undefined {
  if (part === "") return undefined;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) if (at % 2 === 0) return [whole.slice(0, at), whole.slice(at + part.length)];
  return undefined;
}

const OWN_MACROS: Readonly<Record<string, string>> = {
  post_inc: `/// C's \`place++\` as a value.
macro_rules! post_inc {
    ($place:expr) => {{
        let before = $place;
        $place = before.wrapping_add(1);
        before
    }};
}`,
  post_dec: `/// C's \`place--\` as a value.
macro_rules! post_dec {
    ($place:expr) => {{
        let before = $place;
        $place = before.wrapping_sub(1);
        before
    }};
}`,
  case_ranges: `/// A value, or the first of the range of \`case low ... high:\` that it lies in.
macro_rules! case_ranges {
    ($value:expr; $($low:literal..=$high:literal),*) => {{
        let value = $value;
        $(if value >= $low && value <= $high { $low } else)* { value }
    }};
}`,
};

/** Within another macro's text, what is a name or a number reads better as that. */
function isWorthIt(p: Printer, n: Node, x: number): boolean {
  if (p.unit.facts.expansions[x]?.arguments !== undefined) return true;
  return n.k !== "reference" && !("t" in n && n.v !== undefined);
}

/** A number in the base that a macro's body has it in, where that is all it is. */
function spelledIn(body: string, value: bigint): { spelling?: string } {
  const digits = /^(0[xX][0-9a-fA-F]+)[uUlL]*$/.exec(body.replaceAll(/[()\s]|\b__poll_t\b|\b__force\b/g, ""))?.[1]?.toLowerCase();
  return digits !== undefined && BigInt(digits) === value ? { spelling: digits } : {};
}
