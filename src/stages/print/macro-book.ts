/** The kernel's macros by their names: what they are once a port, and how each use is written. */
import { assertedBy } from "./compile-time-assertions.ts";
import { settleTypes } from "./constant-groups.ts";
import { type Constant, constantItems, entryOf, OwnBodies } from "./constant-items.ts";
import { fits, wrapped } from "./convert.ts";
import { CannotPrint } from "./crate-types.ts";
import { type HelperCall, HelperMacros } from "./helper-macros.ts";
import { indent } from "./indent.ts";
import { KEYWORDS } from "./local-names.ts";
import type { Printer } from "./printer.ts";
import { atom, type Rust, rustName } from "./rust-text.ts";
import { type RustType } from "./rust-type.ts";
import { settledRules } from "./settled-rules.ts";
import { StringConstants } from "./string-constants.ts";
import { StringPieces } from "./string-pieces.ts";
import { isFor, type Rule } from "./macro-rule.ts";
import { macroPath, withCoreByPath } from "./macro-path.ts";
import { OWN_FUNCTIONS, OWN_MACROS } from "./own-macros.ts";
import { declares } from "./pasted.ts";
import { headTemplate } from "./head-template.ts";
import { assertionTemplate, initialiserTemplate, templateOf } from "./template-of.ts";
import type { MacroUse } from "./template.ts";
import { isNameable, isWorthIt } from "./worth-a-name.ts";

export class MacroBook {
  private readonly constants = new Map<string, Constant>();
  private readonly bodies = new OwnBodies();
  private readonly strings = new StringConstants(() => void (this.current = {}));
  private readonly helpers = new HelperMacros();
  private readonly pieces = new StringPieces();
  private readonly uses = new Map<string, MacroUse[]>();
  /** The arms of each. */
  private readonly rules = new Map<string, readonly Rule[]>();
  /** Whether the types of constants are known, without which no body is what it will be, and whether all bodies are. */
  private settled: "nothing" | "constants" | "all" = "nothing";
  /** Another one with each change of what a text can depend on, and in each book. */
  private current: object = {};
  /** Nothing is noted: what the printed function changes is not known yet. */
  private rehearsing = false;

  /** As long as it is the same, the book says the same of the same. */
  get state(): object {
    return this.current;
  }

  /** Print what is printed once more. */
  rehearse(print: () => void): void {
    this.rehearsing = true;
    try {
      print();
    } finally {
      this.rehearsing = false;
    }
  }

  invocation(p: Printer, i: number, want: RustType | undefined): Rust | undefined {
    const n = p.unit.node(i);
    for (const x of p.invocations.at(i)) {
      if (!p.isWritten(x, i)) continue;
      if (
        p.template &&
        p.template.argumentOf(p.unit, n.p) === undefined &&
        p.unit.steps(n.p).some((s) => s.invocation === p.template?.invocation) &&
        x === p.template.invocation
      )
        continue;
      const macro = p.unit.facts.macros[p.unit.facts.expansions[x]?.macro ?? -1];
      if (!macro) continue;
      if (macro.parameters === undefined && "t" in n && n.v !== undefined && !p.unit.isAlias(macro)) {
        const type = p.types.of(n.t);
        if (type.k === "int" && !/^(?:true|false)$/.test(macro.name)) {
          const made = this.constant(p, macro.name, BigInt(n.v), type, want, macro.body);
          if (made) return made;
        }
      }
      if (
        macro.parameters === undefined &&
        n.k === "string" &&
        want?.k !== "array" &&
        macro.body !== "" &&
        !p.template
      ) {
        const made = this.strings.named(p, macro.name, n);
        if (made) return made;
      }
      if (p.template || !isNameable(p, macro, i) || !isWorthIt(p, n, x) || !p.form.macros) continue;
      const named = this.named(p, i, x);
      if (named) return named;
    }
    return undefined;
  }

  statement(p: Printer, i: number): string[] | undefined {
    if (p.template) return undefined;
    const head = p.invocations.headOf(i);
    if (head !== undefined && p.form.macros) {
      const named = this.named(p, i, head.invocation, () => headTemplate(p, i, head));
      if (named) return [`${named.text};`];
    }
    for (const x of p.invocations.at(i)) {
      const macro = p.unit.facts.macros[p.unit.facts.expansions[x]?.macro ?? -1];
      if (!macro || p.unit.isAlias(macro) || !p.form.macros) continue;
      const asserted = assertedBy(p.unit, i);
      const named = this.named(
        p,
        i,
        x,
        asserted === undefined ? templateOf : () => assertionTemplate(p, i, x, asserted),
      );
      if (named) return [`${named.text};`];
    }
    return undefined;
  }

  /**
   * The initialiser of a variable that a macro writes (`LIST_HEAD_INIT`).
   * @param layers the initialiser, and what C has around it
   */
  initialiser(p: Printer, layers: readonly number[], type: RustType, print: () => string): string | undefined {
    if (p.template) return undefined;
    for (const i of layers)
      for (const x of p.invocations.at(i)) {
        const macro = p.unit.facts.macros[p.unit.facts.expansions[x]?.macro ?? -1];
        if (!macro || !isNameable(p, macro, i) || declares(macro.body) || !p.form.macros) continue;
        const named = this.named(p, i, x, () => initialiserTemplate(p, i, x, type, print));
        if (named) return named.text;
      }
    return undefined;
  }

  /**
   * A literal of what one macro gives members of.
   * @param print those members, and zero for the rest
   */
  byMembers(p: Printer, i: number, x: number, type: RustType, print: () => string): string | undefined {
    if (!p.form.macros) return undefined;
    return this.named(p, i, x, () => initialiserTemplate(p, i, x, type, print))?.text;
  }

  /** An invocation by the macro's name, where all that is said of it goes together. */
  named(p: Printer, i: number, x: number, template: typeof templateOf = templateOf): Rust | undefined {
    let use: MacroUse;
    try {
      use = template(p, i, x);
    } catch (error) {
      if (error instanceof CannotPrint) return undefined;
      throw error;
    }
    if (this.settled === "nothing") return undefined;
    if (this.settled === "constants") {
      if (!this.rehearsing) {
        this.uses.set(use.macro, [...(this.uses.get(use.macro) ?? []), use]);
        this.current = {};
      }
      return undefined;
    }
    const type = rustName(use.type);
    const rule = this.rules.get(use.macro)?.find((r) => isFor(r, use) && r.fits(use) && (r.result ?? type) === type);
    const given = rule?.fits(use);
    if (!rule || !given) return undefined;
    const texts = rule.parameters.flatMap((q) =>
      q.kind === "rest"
        ? (use.given.get(q.name) ?? [])
        : [q.word ?? this.pieces.given(rule, q.name, use) ?? given.get(q.name) ?? use.given.get(q.name)?.[0] ?? ""],
    );
    if (rule.result !== undefined) texts.push(`as ${rule.result}`);
    if (!this.helpers.passes(use.macro, texts.join(", "))) return undefined;
    const made = atom(`${macroPath(use.macro)}!(${texts.join(", ")})`, use.type);
    const n = p.unit.node(i);
    return "t" in n && n.v !== undefined && use.type.k === "int" ? { ...made, known: BigInt(n.v) } : made;
  }

  /** A constant by its name. */
  constant(
    p: Printer,
    name: string,
    value: bigint,
    type: RustType,
    want: RustType | undefined,
    body = "",
  ): Rust | undefined {
    const known = p.env.constant(name);
    if (known) return { ...atom(name, p.types.resolve(known)), known: value };
    if (p.env.function(name) || p.env.static(name) || p.env.hasType(name)) return undefined;
    const c = this.constantFor(p, name, { value, type, wanted: [], isOwn: p.isOwn, body });
    if (c.isOwn && !p.isOwn && c.value !== value) return undefined;
    if (c.value !== value && !c.unclear) {
      c.unclear = true;
      this.current = {};
    }
    // Of the same bits, `~0` is as good an unsigned number.
    const isSameBits = want?.k === "int" && type.k === "int" && want.bits === type.bits;
    const here = want?.k === "int" && (isSameBits || fits(value, want)) ? want : type;
    if (this.settled === "nothing") {
      if (c.isOwn === p.isOwn && !this.rehearsing) {
        c.wanted.push(here);
        this.current = {};
      }
      return { ...atom(name, here), known: wrapped(value, here) };
    }
    return c.unclear ? undefined : { ...atom(name, c.type), known: wrapped(value, c.type) };
  }

  /** The entry of a constant. What the module itself says of one counts, and nothing that a header of the kernel's does. */
  private constantFor(p: Printer, name: string, first: Constant): Constant {
    const { isOwn } = p;
    const known = this.constants.get(name);
    if (known && (known.isOwn || !isOwn || this.settled !== "nothing")) return known;
    this.constants.set(name, entryOf(p, name, first));
    if (isOwn) this.bodies.follow(p, first.body);
    this.current = {};
    return this.constants.get(name) ?? first;
  }

  /** What moved to a helper by the name that it has in C, once it is known which macros are Rust. */
  helper(p: Printer, call: () => HelperCall | undefined): string | undefined {
    // What is only said asks for no type of a constant.
    if (p.template || !p.form.tells || this.settled === "nothing") return undefined;
    const mutated = new Set(p.names.mutated);
    try {
      const made = call();
      return made && this.settled === "all"
        ? this.helpers.call(made, (name) => p.env.static(name) === undefined)
        : undefined;
    } catch (error) {
      if (error instanceof CannotPrint) return undefined;
      throw error;
    } finally {
      // It is said, and not done.
      for (const d of p.names.mutated) if (!mutated.has(d)) p.names.mutated.delete(d);
    }
  }

  /** All functions were printed once: each constant has a type now. */
  settleConstants(): void {
    settleTypes(this.constants.values());
    this.settled = "constants";
    this.current = {};
  }

  /** And a second time: of each macro all uses are known. */
  settle(): void {
    for (const [name, all] of this.uses) {
      // No macro of Rust can have such a name, or there is one: what C's makes is written out.
      if (KEYWORDS.has(name) || OWN_MACROS[name] !== undefined) continue;
      // The module's own uses decide; those within the kernel's inline functions are written by its name where they fit.
      const own = all.filter((u) => u.isOwn);
      const uses = own.length > 0 ? own : all;
      const rules = settledRules(uses);
      if (rules.length > 0) this.rules.set(name, rules);
      for (const rule of rules)
        this.pieces.learn(
          rule,
          uses.filter((u) => isFor(rule, u)),
        );
    }
    this.settled = "all";
    this.current = {};
  }

  /** The names of macros and constants that a text may use. */
  macroText(name: string): string | undefined {
    const texts = [this.helpers.macroText(name), ...(this.rules.get(name) ?? []).map((r) => r.body)];
    const known = texts.filter((t) => t !== undefined);
    return known.length === 0 ? undefined : known.join("\n");
  }

  /** `src/macros.rs`, without what no text names. */
  text(used: ReadonlySet<string>): string {
    const macros = [...this.rules].filter(([name]) => used.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    const named = new Set([
      ...used,
      ...[...used].flatMap((name) => this.macroText(name)?.match(/[A-Za-z_]\w*/g) ?? []),
    ]);
    const constants = constantItems(this.constants, named, this.bodies);
    const pieces = [this.pieces.item(used) ?? []].flat();
    // A macro's body may name one as well.
    const bodies = macros.map(([name]) => this.macroText(name)).join("\n");
    const own = Object.entries(OWN_MACROS).filter(([name]) => used.has(name) || new RegExp(`\\b${name}!`).test(bodies));
    const functions = Object.entries(OWN_FUNCTIONS).filter(
      ([name]) => used.has(name) || new RegExp(`\\b${name}\\(`).test(bodies),
    );
    // What a helper stands for is told by the words themselves, which the arms of the macro in Rust would take as well.
    const helpers = this.helpers.items(used, this.constants, this.strings);
    const others = [...helpers.keys()].filter((name) => !this.rules.has(name));
    const rules = [...macros, ...others.map((name) => [name, []] as const)].map(([name, all]) => {
      const arms = [helpers.get(name) ?? [], all.map((a) => this.pieces.arms(name, a))].flat(2);
      return indent(`macro_rules! ${name} {\n${arms.join("\n")}\n}`);
    });
    const names = [...[...macros, ...own].map(([name]) => name), ...pieces.map((h) => h.name), ...others];
    const exported = names.length === 0 ? [] : [`pub(crate) use {${names.join(", ")}};`];
    const parts = [
      [...constants, ...this.strings.items(named)].sort().join("\n"),
      ...[...own, ...functions].map(([, text]) => text),
      ...[...pieces.map((h) => indent(h.text)), ...rules],
      ...exported,
    ];
    return withCoreByPath(parts.join("\n\n"), names);
  }
}
