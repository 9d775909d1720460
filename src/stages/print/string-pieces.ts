/**
 * Strings that C puts together of literals and of macros that are literals, said so in Rust: `printk!(KERN_INFO "up\\n")`. Rust joins
 * literals by `concat!` alone, so that a macro which is given such a string has an arm for each way in which it is put together.
 */
import { lex } from "../../c/lexer.ts";
import { KEYWORDS } from "./local-names.ts";
import { armText, pattern } from "./macro-arm.ts";
import type { Rule } from "./macro-rule.ts";
import { escaped } from "./rules/literals.ts";
import type { MacroUse } from "./template.ts";
import { stringLiteral } from "./template-of.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** A literal, or all that a macro is. */
export interface StringPiece {
  macro?: string;
  /** Its bytes. */
  hex: string;
}

/** The macro that has the text of those of C, in an arm each. */
const TEXT = "kport_text";

/** @returns undefined where a text is anything else, one piece, or none that is a macro */
export function stringPieces(unit: UnitFacts, text: string): StringPiece[] | undefined {
  const tokens = lex(text).filter((t) => t.kind !== "comment");
  if (tokens.length < 2 || !tokens.some((t) => t.kind === "identifier")) return undefined;
  const pieces: StringPiece[] = [];
  for (const t of tokens) {
    const hex = stringLiteral(unit, t.text);
    const last = pieces.at(-1);
    if (hex === undefined) return undefined;
    if (t.kind === "identifier") pieces.push({ macro: t.text, hex });
    else if (last !== undefined && last.macro === undefined) last.hex += hex;
    else pieces.push({ hex });
  }
  return pieces.length < 2 ? undefined : pieces;
}

export class StringPieces {
  /** The text of each macro, in hex; undefined for one that is not the same everywhere. */
  private readonly texts = new Map<string, string | undefined>();
  /** The ways in which a parameter's strings are put together. */
  private readonly shapes = new Map<Rule, Map<string, Map<string, readonly StringPiece[]>>>();

  /** Of all uses, before any is written. */
  learn(rule: Rule, uses: readonly MacroUse[]): void {
    for (const use of uses)
      for (const q of rule.parameters) {
        const isString = q.kind === "literal" || (q.kind === "expr" && use.pointed.get(q.name)?.signed === true);
        const pieces = isString ? use.pieces.get(q.name) : undefined;
        if (pieces === undefined || !pieces.every(isWritable)) continue;
        for (const { macro, hex } of pieces)
          if (macro !== undefined)
            this.texts.set(macro, !this.texts.has(macro) || this.texts.get(macro) === hex ? hex : undefined);
        const byParameter = this.shapes.get(rule) ?? new Map<string, Map<string, readonly StringPiece[]>>();
        const ofIt = byParameter.get(q.name) ?? new Map<string, readonly StringPiece[]>();
        this.shapes.set(rule, byParameter.set(q.name, ofIt.set(shapeOf(pieces), pieces)));
      }
  }

  /** What a use gives a parameter, as C says it. */
  given(rule: Rule, name: string, use: MacroUse): string | undefined {
    const pieces = use.pieces.get(name);
    if (pieces === undefined || this.shapes.get(rule)?.get(name)?.has(shapeOf(pieces)) !== true) return undefined;
    if (!pieces.every((x) => x.macro === undefined || this.texts.get(x.macro) === x.hex)) return undefined;
    return pieces.map((x) => x.macro ?? `"${escaped(Buffer.from(x.hex, "hex"))}"`).join(" ");
  }

  /** A macro's arms. */
  arms(name: string, rule: Rule): string[] {
    const shapes = this.shapes.get(rule);
    if (shapes === undefined) return [armText(rule)];
    const parameters = rule.parameters.map((q) => (shapes.has(q.name) ? { ...q, kind: "expr" as const } : q));
    const joined = parameters.flatMap((q, at) =>
      [...(shapes.get(q.name)?.values() ?? [])].map((pieces) => {
        const before = parameters.slice(0, at);
        const said = pieces.map((x, n) => `$part${n}:${x.macro === undefined ? "literal" : "ident"}`).join(" ");
        const parts = pieces.map((x, n) =>
          x.macro === undefined ? `$part${n}` : `$crate::macros::${TEXT}!($part${n})`,
        );
        const passed = before
          .map((b) => `${b.word ?? (b.kind === "path" ? `$($${b.name}).+` : `$${b.name}`)}, `)
          .join("");
        const whole =
          rule.parameters[at]?.kind === "literal"
            ? `concat!(${parts.join(", ")})`
            : `concat!(${parts.join(", ")}, "\\0").as_ptr().cast::<core::ffi::c_char>()`;
        const comma = at > 0 ? ", " : "";
        return `(${pattern(before)}${comma}${said} $($more:tt)*) => {\n$crate::macros::${name}!(${passed}${whole} $($more)*)\n};`;
      }),
    );
    return [armText({ ...rule, parameters }), ...joined];
  }

  /** The macro of those that texts name; undefined where they name none. */
  item(used: ReadonlySet<string>): { name: string; text: string } | undefined {
    const arms = [...this.texts].flatMap(([name, hex]) =>
      hex !== undefined && used.has(name) ? [`(${name}) => {\n"${escaped(Buffer.from(hex, "hex"))}"\n};`] : [],
    );
    if (arms.length === 0) return undefined;
    return {
      name: TEXT,
      text: `/// What C's macros say that are strings.\nmacro_rules! ${TEXT} {\n${arms.sort().join("\n")}\n}`,
    };
  }
}

/** Whether Rust has a string, and a name, for it. */
function isWritable({ macro, hex }: StringPiece): boolean {
  return !KEYWORDS.has(macro ?? "") && Buffer.from(hex, "hex").every((b) => b > 0 && b < 0x80);
}

const shapeOf = (pieces: readonly StringPiece[]): string =>
  pieces.map((x) => (x.macro === undefined ? "literal" : "ident")).join(" ");
