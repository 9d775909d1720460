/** Which of a module's comments its port still says. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { lex } from "../../src/c/lexer.ts";
import { lexRust } from "../../src/rust/lexer.ts";

export interface CommentCount {
  kept: number;
  all: number;
  /** The first words of those that are not kept. */
  lost: string[];
}

/** The module's own C files: the units, and what they include by `"…"` from where they stand. */
export async function ownFiles(units: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const waiting = [...units]; waiting.length > 0; ) {
    const file = waiting.pop() as string;
    const text = texts.has(file) ? undefined : await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    texts.set(file, text);
    for (const [, name = ""] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]+"([^"]+)"/gm))
      waiting.push(path.resolve(path.dirname(file), name));
  }
  return texts;
}

/** Words only: marks, stars and line ends are another language's. */
function words(comment: string): string {
  return comment.replace(/[^\p{L}\p{N}_]+/gu, " ").trim();
}

export function countComments(c: Iterable<string>, rust: Iterable<string>): CommentCount {
  const said = [...rust]
    .map(
      (text) =>
        ` ${lexRust(text)
          .flatMap((t) => (t.kind === "comment" ? words(t.text) || [] : []))
          .join(" ")} `,
    )
    .join("");
  const count: CommentCount = { kept: 0, all: 0, lost: [] };
  for (const text of c) {
    for (const t of lex(text)) {
      const w = t.kind === "comment" ? words(t.text) : "";
      if (w === "") continue;
      count.all++;
      if (said.includes(` ${w} `)) count.kept++;
      else count.lost.push(w.slice(0, 60));
    }
  }
  return count;
}
