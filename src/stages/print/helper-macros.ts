/**
 * Helpers by the invocations that they stand for: `test_bit!(RX_HALTED, &raw mut (*dev).flags)` reads as C does, where the helper, which is
 * compiled with the constants in it, is told `dev` alone. An arm takes these words and no others; of what it says, it passes the locals. What
 * it says of constants it asserts: the helper knows no other value.
 */
import { codeOf, type Edit, edited, isClosing, isOpening, type RustToken } from "../../rust/lexer.ts";
import { KEYWORDS } from "./local-names.ts";
import { macroPath } from "./macro-path.ts";
import { OWN_MACROS } from "./own-macros.ts";
import type { GivenInC } from "./arguments-in-c.ts";

export interface HelperCall {
  /** The macro or the function of C. */
  name: string;
  symbol: string;
  /** What the helper is called where nothing else is. */
  plain: string;
  /** The function that it stands in. */
  within: string;
  /** The invocation's arguments as C has them. */
  said: readonly (GivenInC | { passed: number })[];
  /** The helper's arguments. */
  passed: readonly string[];
  /** The locals that those name. */
  locals: readonly string[];
}

interface Arm {
  pattern: string;
  /** What it is given. */
  givens: Set<string>;
  symbol: string;
  body: string;
  /** Other words of what is said that may be constants: rustc is shown that something uses them. */
  names: readonly string[];
  /** It says its function, since the words are another's as well. */
  isSecond?: true;
}

/** What is given, the pattern that it fits, and what that calls. */
type MadeArm = { given: string } & Omit<Arm, "symbol" | "givens">;

/** One function says the same words several times. */
const ALIKE: readonly string[] = ["", ...Array.from({ length: 30 }, (_, k) => ` ${k + 2}`)];

export class HelperMacros {
  /** By macro, in rustc's order. */
  private readonly arms = new Map<string, Arm[]>();
  /** What is given to macros of these names that are Rust as a whole, whose arms stand behind. */
  private readonly others = new Map<string, Set<string>>();

  /**
   * Note what a macro of Rust's own is given.
   * @returns whether it gets it: an arm of a helper's would take what fits it
   */
  passes(name: string, given: string): boolean {
    if (this.arms.get(name)?.some((arm) => fits(arm.pattern, given))) return false;
    this.others.set(name, (this.others.get(name) ?? new Set()).add(given));
    return true;
  }

  /**
   * The invocation in Rust.
   * @param isFree whether nothing else of the port has a name
   * @returns nothing where it cannot be told from another one
   */
  call(call: HelperCall, isFree: (name: string) => boolean): string | undefined {
    const made = armOf(call);
    if (made === undefined) return undefined;
    const isNameable = (name: string): boolean => isFree(name) && !KEYWORDS.has(name) && OWN_MACROS[name] === undefined;
    // Two helpers may stand for the same words, of which each knows its line: the second says its function as well.
    const byName = isNameable(call.name)
      ? [made, ...ALIKE.map((nth) => saying(made, `in ${call.within}${nth}`))].find((m) =>
          this.enter(call.name, call.symbol, m),
        )
      : undefined;
    if (byName !== undefined) return `${macroPath(call.name)}!(${byName.given})`;
    if (!isNameable(call.plain) || !this.enter(call.plain, call.symbol, made)) return undefined;
    return `${macroPath(call.plain)}!(${made.given})`;
  }

  /** @returns whether a macro's arms tell what is said from all else that it is given, now or already */
  private enter(name: string, symbol: string, made: MadeArm): boolean {
    const arms = this.arms.get(name) ?? [];
    // rustc takes the first arm that fits: `($a:ident)` takes what is meant for `($b:ident)`.
    const first = arms.findIndex((arm) => fits(arm.pattern, made.given));
    const taken = arms[first];
    if (taken !== undefined && taken.symbol === symbol && says(taken, made)) {
      taken.givens.add(made.given);
      return true;
    }
    // `(($c:ident).name, 16)` before `($a:expr, $b:expr)`, if nothing that was given to that is meant for it as well.
    const later = taken === undefined ? [] : arms.slice(first);
    const meant = [...later.flatMap((arm) => [...arm.givens]), ...(this.others.get(name) ?? [])];
    if (meant.some((given) => fits(made.pattern, given))) return false;
    const { given, ...arm } = made;
    arms.splice(arms.length - later.length, 0, { ...arm, symbol, givens: new Set([given]) });
    this.arms.set(name, arms);
    return true;
  }

  /** The names that a text may use, with their bodies. */
  macroText(name: string): string | undefined {
    const arms = this.arms.get(name);
    return arms?.map((a) => a.body).join("\n");
  }

  /**
   * The arms of those that some text names.
   * @param constants the port's numbers
   * @param strings and its strings
   */
  items(
    used: ReadonlySet<string>,
    constants: ReadonlyMap<string, { unclear?: true }>,
    strings: { has: (name: string) => boolean },
  ): Map<string, string> {
    const isConstant = (n: string): boolean =>
      strings.has(n) || (constants.has(n) && constants.get(n)?.unclear === undefined);
    const bodyOf = ({ body, names }: Arm): string => {
      const named = names.filter(isConstant);
      return named.length === 0 ? body : `{\n${named.map((n) => `let _ = ${n};`).join("\n")}\n${body}\n}`;
    };
    const all = [...this.arms].filter(([name]) => used.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(
      all.map(([name, arms]) => {
        const texts = arms.map((arm) => `(${arm.pattern}) => {\n${bodyOf(arm)}\n};`);
        const second = arms.findIndex((arm) => arm.isSecond);
        if (second >= 0) texts.splice(second, 0, "// The same words in other places: each helper knows its line.");
        return [name, texts.join("\n")];
      }),
    );
  }
}

/** Whether two arms say the same, whatever the locals are called. */
function says(a: Pick<Arm, "pattern" | "body">, b: Pick<Arm, "pattern" | "body">): boolean {
  return a.body === b.body || withNumbers(a) === withNumbers(b);
}

/** An arm's words, what they bind in the order of its pattern. */
function withNumbers({ pattern, body }: Pick<Arm, "pattern" | "body">): string {
  const bound: string[] = [];
  const words = (text: string): string =>
    codeOf(text)
      .map((t, i, all) => {
        if (all[i - 1]?.text !== "$") return t.text;
        if (!bound.includes(t.text)) bound.push(t.text);
        return String(bound.indexOf(t.text));
      })
      .join(" ");
  return `${words(pattern)} => ${words(body)}`;
}

/** What is said with more words behind it, which no argument of C's begins with. */
function saying(made: MadeArm, words: string): MadeArm {
  const [given, pattern] = [made.given, made.pattern].map((text) => (text === "" ? words : `${text}, ${words}`)) as [
    string,
    string,
  ];
  return { ...made, given, pattern, isSecond: true };
}

function armOf(call: HelperCall): MadeArm | undefined {
  const met = new Map<string, number>();
  const given: string[] = [];
  const patterns: string[] = [];
  const checks: string[] = [];
  const names = new Set<string>();
  for (const s of call.said) {
    if ("passed" in s) {
      given.push(call.passed[s.passed] as string);
      patterns.push(`$a${s.passed}:expr`);
      continue;
    }
    given.push(s.text);
    patterns.push(withLocals(s.text, call.locals, (name) => `$${numbered(name, met)}:ident`));
    if (s.known !== undefined && codeOf(s.text).some((t) => t.kind === "identifier"))
      checks.push(`const { assert!(${s.text} == ${s.known}) };`);
    else
      for (const [i, t, all] of codeOf(s.text).map((t, i, all) => [i, t, all] as const))
        if (t.kind === "identifier" && all[i - 1]?.text !== "." && !call.locals.includes(t.text)) names.add(t.text);
  }
  // A `$` of its own would be no word of the pattern.
  if (given.some((g) => codeOf(g).some((t) => t.text === "$"))) return undefined;
  if (call.locals.some((name) => !met.has(name))) return undefined;
  const kept = new Set(call.said.flatMap((s) => ("passed" in s ? [s.passed] : [])));
  const passed = call.passed.map((text, k) =>
    kept.has(k) ? `$a${k}` : withLocals(text, call.locals, (name) => `$${name}`),
  );
  const helper = `${call.symbol}(${passed.join(", ")})`;
  return {
    given: given.join(", "),
    pattern: patterns.join(", "),
    names: [...names],
    body: checks.length === 0 ? helper : `{\n${checks.join("\n")}\n${helper}\n}`,
  };
}

/** Whether rustc takes an arm of this pattern for what is given. */
function fits(pattern: string, given: string): boolean {
  const [p, g] = [codeOf(pattern), codeOf(given)];
  let at = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i]?.text !== "$") {
      if (p[i]?.text !== g[at++]?.text) return false;
      continue;
    }
    const isIdentifier = p[i + 3]?.text === "ident";
    i += 3;
    if (isIdentifier) {
      if (g[at++]?.kind !== "identifier") return false;
      continue;
    }
    const from = at;
    // No expression begins with these.
    if (g[at]?.text === "in" || g[at]?.text === "as") return false;
    for (let depth = 0; at < g.length; at++) {
      const t = g[at] as RustToken;
      if (depth === 0 && t.text === ",") break;
      if (isOpening(t)) depth++;
      else if (isClosing(t)) depth--;
    }
    if (at === from) return false;
  }
  return at === g.length;
}

/** A name may be met several times, and is bound once each. */
function numbered(name: string, met: Map<string, number>): string {
  const nth = (met.get(name) ?? 0) + 1;
  met.set(name, nth);
  return nth === 1 ? name : `${name}__${nth}`;
}

/** A text with something else in the place of locals: no members, and no macros or paths of these names. */
function withLocals(text: string, locals: readonly string[], as: (name: string) => string): string {
  const tokens = codeOf(text);
  return edited(
    text,
    tokens.flatMap((t, i): Edit[] => {
      const behind = `${tokens[i + 1]?.text}${tokens[i + 2]?.text}`;
      const isOther = tokens[i - 1]?.text === "." || behind === "::" || /^![([{]$/.test(behind);
      return t.kind === "identifier" && !isOther && locals.includes(t.text)
        ? [{ start: t.start, end: t.end, text: as(t.text) }]
        : [];
    }),
  );
}
