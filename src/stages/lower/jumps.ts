/**
 * Jumps out of what moves into a helper. `asm goto` makes them, and macros that are given a label (`unsafe_get_user`). The helper says
 * by its result which label it was, and the function jumps there itself.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { matching, type Token } from "../../c/lexer.ts";
import type { Part } from "../../c/rewriter.ts";

/**
 * The labels outside of `carrier` that it jumps to, in order.
 * @param tokens the significant tokens of its text: clang prints no labels of an `asm goto`
 */
export function labelsOutside(carrier: AstNode, source: string, tokens: readonly Token[]): string[] {
  const inside = new Set<string>();
  const found = new Set<string>();
  walk(carrier, (n) => void (n.kind === "LabelStmt" && n.name !== undefined && inside.add(n.name)));
  walk(carrier, (n) => {
    const at = n.kind === "GotoStmt" ? extent(n) : undefined;
    const name = at && /\w+$/.exec(source.slice(at.start, at.end))?.[0];
    if (name !== undefined && !inside.has(name)) found.add(name);
  });
  for (const name of asmLabels(tokens)) if (!inside.has(name)) found.add(name);
  return [...found];
}

/** The labels that `asm goto (code : outputs : inputs : clobbers : labels)` names. */
function asmLabels(tokens: readonly Token[]): string[] {
  const names: string[] = [];
  for (const [i, t] of tokens.entries()) {
    if (!/^(?:__)?asm(?:__)?$/.test(t.text)) continue;
    let open = i + 1;
    let jumps = false;
    for (; tokens[open]?.kind === "identifier"; open++) jumps ||= tokens[open]?.text === "goto";
    if (!jumps || tokens[open]?.text !== "(") continue;
    const close = matching(tokens, open);
    let section = 0;
    for (let at = open + 1; at < close; at++) {
      const x = tokens[at] as Token;
      if (x.text === "(" || x.text === "[") at = matching(tokens, at);
      else if (x.text === ":") section++;
      else if (section === 4 && x.kind === "identifier") names.push(x.text);
    }
  }
  return names;
}

/** The end of a helper's body that tells the labels apart. */
export function jumpReturns(labels: readonly string[]): string {
  return `\treturn 0;\n${labels.map((l, i) => `${l}:\n\treturn ${i + 1};`).join("\n")}`;
}

/**
 * What stands in the function for the helper's `call`.
 * @param before what is to be done before a jump is taken
 */
export function jumpingCall(
  call: readonly Part[],
  labels: readonly string[],
  before: (label: string) => string,
): Part[] {
  return [
    "do { switch (",
    ...call,
    `) { ${labels.map((l, i) => `case ${i + 1}: ${before(l)}goto ${l};`).join(" ")} } } while (0)`,
  ];
}
