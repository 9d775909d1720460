/** Names that a macro makes of its arguments (`name##_show`): what each invocation gets of it is another name. */
import { lex } from "../../c/lexer.ts";
import type { Printer } from "./printer.ts";

/** The names that one invocation pastes together, each with what it is called as a parameter: the word that the macro has for it. */
export function pastedNames(p: Printer, x: number): Map<string, string> {
  const expansion = p.unit.facts.expansions[x];
  const macro = expansion && p.unit.facts.macros[expansion.macro];
  const out = new Map<string, string>();
  const tokens = lex(macro?.body ?? "").filter((t) => t.kind !== "comment");
  for (let at = 0; at < tokens.length; at++) {
    const words = [tokens[at]?.text ?? ""];
    while (tokens[at + 1]?.text === "#" && tokens[at + 2]?.text === "#") words.push(tokens[(at += 3)]?.text ?? "");
    if (words.length === 1) continue;
    const given = words.map((w) => argumentWords(p, x, macro?.parameters?.indexOf(w) ?? -1) ?? w);
    const own = words
      .filter((w) => !macro?.parameters?.includes(w))
      .join("")
      .replace(/^_+|_+$/g, "");
    if (/^[A-Za-z_]\w*$/.test(given.join("")) && own !== "")
      out.set(p.unit.renamed.get(given.join("")) ?? given.join(""), own);
  }
  return out;
}

/** An argument's words as the module has them: those of an invocation in a macro's own text stand in that text. */
export function argumentWords(p: Printer, x: number, k: number): string | undefined {
  const expansion = p.unit.facts.expansions[x];
  const place = expansion?.arguments?.[k];
  if (place) return p.sourceText(place)?.trim();
  const around = p.unit.steps(expansion?.path).at(-1)?.invocation;
  const [macro, outer] = [
    expansion?.macro,
    around === undefined ? undefined : p.unit.facts.expansions[around]?.macro,
  ].map((m) => p.unit.facts.macros[m ?? -1]);
  if (!macro || !outer || around === undefined) return undefined;
  const words = invoked(outer.body, macro.name)?.[k];
  const at = words === undefined ? -1 : (outer.parameters?.indexOf(words) ?? -1);
  return at < 0 ? words : argumentWords(p, around, at);
}

/** The arguments of the only invocation that a macro's text has of another. */
function invoked(body: string, macro: string): string[] | undefined {
  const tokens = lex(body).filter((t) => t.kind !== "comment");
  const at = tokens.flatMap((t, i) => (t.text === macro && tokens[i + 1]?.text === "(" ? [i + 2] : []));
  if (at.length !== 1) return undefined;
  const out = [""];
  let depth = 0;
  for (const { text } of tokens.slice(at[0])) {
    if (text === ")" && depth === 0) return out;
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text)) depth--;
    if (text === "," && depth === 0) out.push("");
    else out[out.length - 1] += text;
  }
  return undefined;
}

/** Whether a macro declares something, and is no initialiser alone. */
export function declares(body: string): boolean {
  let depth = 0;
  return lex(body).some(({ text }) => {
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text)) depth--;
    return text === "=" && depth === 0;
  });
}
