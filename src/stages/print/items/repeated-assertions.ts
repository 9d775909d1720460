/**
 * Assertions of a function that the function says itself. Each stands before its function as long as nobody knows whether the function will be
 * c2rust's text, in which there is nothing of them (src/stages/lower/static-assertions.ts).
 */
import { codeOf } from "../../../rust/lexer.ts";
import { type CrateFiles, type CrateItem, itemsOf, without } from "./crate.ts";

export function withoutRepeatedAssertions(files: CrateFiles): Map<string, string> {
  return new Map([...files].map(([file, text]) => [file, without(text, repeatedIn(itemsOf(file, text)))]));
}

function repeatedIn(items: readonly CrateItem[]): CrateItem[] {
  const gone: CrateItem[] = [];
  let before: CrateItem[] = [];
  for (const item of items) {
    if (item.kind === "const" && item.name === "_" && macroOf(item) !== undefined) before.push(item);
    else {
      if (item.kind === "fn")
        for (const [macro, all] of Map.groupBy(before, macroOf))
          if (macro !== undefined && invocationsIn(item.text, macro) >= all.length) gone.push(...all);
      before = [];
    }
  }
  return gone;
}

/** The macro that an assertion's message is an invocation of. */
function macroOf(item: CrateItem): string | undefined {
  const tokens = codeOf(item.text);
  const message = tokens.findLast((t) => t.kind === "string")?.text;
  return tokens.some((t) => t.text === "assert") ? /^"(\w+)\(/.exec(message ?? "")?.[1] : undefined;
}

function invocationsIn(text: string, macro: string): number {
  const tokens = codeOf(text);
  return tokens.filter((t, i) => t.text === macro && tokens[i + 1]?.text === "!").length;
}
