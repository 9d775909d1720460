/** An arm of a `macro_rules!` as Rust writes it. */
import { closing, codeOf, isClosing, isOpening } from "../../rust/lexer.ts";
import type { Rule } from "./macro-rule.ts";
import type { Parameter } from "./template.ts";

/** An arm as Rust has it. */
export function armText({ parameters, body, isStatement, declares, result }: Rule): string {
  const inner = isStatement && declares !== true && !isOne(body) ? `{\n${body}\n}` : `\n${body}\n`;
  const said = [pattern(parameters), result === undefined ? "" : `as ${result}`].filter((t) => t !== "");
  return `(${said.join(", ")}) => {${inner}};`;
}

/** Whether statements are one block or expression already: they need no braces around them to stand where a value may. */
function isOne(body: string): boolean {
  const tokens = codeOf(body);
  if (tokens[0]?.text === "{") return closing(tokens, 0) === tokens.length - 1;
  let depth = 0;
  return !tokens.some((t) => {
    if (isOpening(t)) depth++;
    else if (isClosing(t)) depth--;
    return depth === 0 && (t.text === ";" || t.text === "}" || (t.kind === "identifier" && t.text === "let"));
  });
}

const FRAGMENTS = {
  expr: "$NAME:expr",
  type: "$NAME:ty",
  literal: "$NAME:literal",
  ident: "$NAME:ident",
  path: "$($NAME:ident).+",
  block: "$NAME:block",
} as const;

/** What a macro is given, as an arm asks for it. */
export function pattern(parameters: readonly Parameter[]): string {
  return parameters
    .map((q, at) =>
      q.kind === "rest"
        ? `$(${at > 0 ? ", " : ""}$${q.name}:expr),* $(,)?`
        : q.word !== undefined
          ? `${at > 0 ? ", " : ""}${q.word}`
          : `${at > 0 ? ", " : ""}${FRAGMENTS[q.kind].replace("NAME", q.name)}`,
    )
    .join("")
    .replace(/\$\(, \$(\w+):expr\),\*/, "$(, $$$1:expr)*");
}
