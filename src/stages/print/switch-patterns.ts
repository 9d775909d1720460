/** What a `match` is of, and its patterns. */
import { fits } from "./convert.ts";
import type { Printer } from "./printer.ts";
import { unpromoted } from "./rules/operators.ts";
import { BINDS, operand, type Rust } from "./rust-text.ts";
import type { RustType } from "./rust-type.ts";

export interface Label {
  low?: number;
  high?: number;
}

/** What a pattern of Rust's may be: a path, a number or a character. */
const PATTERN = /^(?:[A-Za-z_]\w*|-?\d\w*|b'.+')$/;

export class Patterns {
  /** What is matched. */
  readonly subject: string;
  private readonly p: Printer;
  private readonly type: RustType;
  /** Whether ranges are compared one after the other. */
  private readonly apart: boolean;
  /** Whether it is the negative of what C switches over. */
  private readonly negative: boolean;
  constructor(p: Printer, of: number, labels: readonly Label[]) {
    this.p = p;
    const values = labels.flatMap((l) => ends(l).map((x) => BigInt(p.unit.expression(x).v ?? "0")));
    const natural = p.expression(unpromoted(p, of));
    this.type = values.every((v) => fits(v, natural.type)) ? natural.type : p.typeOf(of);
    const ranges = labels.filter((l) => l.high !== undefined);
    this.apart = ranges.length > 0 && !p.form.ranges;
    this.negative = p.form.negates && this.areErrors(labels);
    const value = p.convert.to(natural, this.type);
    this.subject = this.apart
      ? `case_ranges!(${value.text}; ${ranges.map((l) => this.pattern(l)).join(", ")})`
      : this.negative
        ? `-${operand(value, BINDS.unary)}`
        : value.text;
  }

  /** Of labels that go together. */
  patterns(labels: readonly Label[]): string {
    return labels.map((l) => this.pattern(this.apart && l.low !== undefined ? { low: l.low } : l)).join(" | ");
  }

  /** C's words for a case that is a number in Rust, as a line above it: rustfmt leaves a `match` alone that has comments in its patterns. */
  saidAbove(labels: readonly Label[]): string[] {
    const said = labels.map((l) => ends(l).map((i) => this.end(i)));
    if (said.flat().every((e) => (e.said ?? "") === "")) return [];
    return [`// ${said.map((of) => of.map((e) => e.said || e.text).join(" ... ")).join(", ")}`];
  }

  /** Whether all are `-ENAME`, or zero: a pattern has no sign before a name, and so what is matched has it. */
  private areErrors(labels: readonly Label[]): boolean {
    const { type } = this;
    if (type.k !== "int" || !type.signed || type.bits < 32 || labels.length === 0) return false;
    const all = labels.map((l) => (l.high === undefined && l.low !== undefined ? l.low : undefined));
    const isZero = (i: number): boolean => this.p.unit.expression(i).v === "0";
    return (
      all.every((i) => i !== undefined && (isZero(i) || this.negated(i) !== undefined)) &&
      all.some((i) => i !== undefined && !isZero(i))
    );
  }

  /** The name that a label is the negative of. */
  private negated(i: number): string | undefined {
    const { p } = this;
    const n = p.unit.node(p.withoutImplicit(i, /./));
    if (n.k !== "unary" || n.op !== "-" || p.invocations.at(p.withoutImplicit(i, /./)).length > 0) return undefined;
    const r: Rust = p.value(n.of, this.type);
    return r.literal === undefined && /^[A-Za-z_]\w*$/.test(r.text) ? r.text : undefined;
  }

  private pattern(l: Label): string {
    if (l.low === undefined) return "_";
    const low = this.end(l.low).text;
    return l.high === undefined ? low : `${low}..=${this.end(l.high).text}`;
  }

  /** One end of a case: a path or a literal; what is computed is written as the number it is, and `said` as C says it. */
  private end(i: number): { text: string; said?: string } {
    const name = this.negative ? this.negated(i) : undefined;
    if (name !== undefined) return { text: name };
    const v = this.p.unit.expression(i).v;
    const r = this.p.value(i, this.type);
    if (PATTERN.test(r.text) && r.text !== "true" && r.text !== "false") return { text: r.text };
    return v === undefined ? { text: r.text } : { text: v, said: saidInC(this.p, i) };
  }
}

function ends(l: Label): number[] {
  return [l.low, l.high].flatMap((x) => (x === undefined ? [] : [x]));
}

/** The words of C for a number; nothing for what stands in a macro's text, or would be more than a comment's line. */
function saidInC(p: Printer, i: number): string {
  if (p.template) return "";
  const n = p.unit.node(p.withoutImplicit(i, /./));
  // Another name of a macro (`cpu_to_be16`) is invoked without the arguments that stand behind it.
  const places = p.unit.steps(n.p).flatMap((s) => p.unit.facts.expansions[s.invocation]?.place ?? []);
  const place = places.length === 0 ? n.place : places.reduce((a, b) => (b.b === places[0]?.b && b.e > a.e ? b : a));
  const words = place && p.sourceText(place);
  const said = words?.replace(/\s+/g, " ").trim() ?? "";
  return /[*/\\{}]/.test(said) ? "" : said;
}
