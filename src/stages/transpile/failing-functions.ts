/**
 * Finds the functions of a unit that c2rust fails on, or does not end on, by halving: parts of the unit are tried in which all functions are
 * there and only some have bodies. They stay C, by name, and the others become Rust.
 */
import { splitDeclarations } from "../../c/declarations.ts";
import { lex, significant } from "../../c/lexer.ts";
import type { Attempt } from "./index.ts";

interface Definition {
  name: string;
  /** The body's offsets. */
  start: number;
  end: number;
}

/**
 * @param text of the whole unit, on which c2rust failed
 * @returns the reason of each, by the name in the text; none where the unit fails without any body, or only as a whole
 */
export async function failingFunctions(
  text: string,
  attempt: (text: string) => Promise<Attempt>,
): Promise<Map<string, string>> {
  const all = splitDeclarations(significant(lex(text))).flatMap((d): Definition[] => {
    const [open, close] = d.body ? [d.tokens[d.body.open], d.tokens[d.body.close]] : [];
    return d.kind === "function" && open && close && d.names[0] !== undefined
      ? [{ name: d.names[0], start: open.start, end: close.end }]
      : [];
  });
  const found = new Map<string, string>();
  const tried = async (some: readonly Definition[]): Promise<Attempt> => attempt(withBodies(text, all, new Set(some)));
  if (!("rust" in (await tried([])))) return found;
  const halve = async (some: readonly Definition[]): Promise<void> => {
    for (const half of [some.slice(0, some.length >> 1), some.slice(some.length >> 1)]) {
      if (half.length === 0) continue;
      const made = await tried(half);
      if ("rust" in made) continue;
      if (half.length === 1) found.set((half[0] as Definition).name, inOneLine(made.why));
      else await halve(half);
    }
  };
  await halve(all);
  return found;
}

/** The text in which only some functions are more than prototypes. */
function withBodies(text: string, all: readonly Definition[], some: ReadonlySet<Definition>): string {
  let out = "";
  let at = 0;
  for (const d of all) {
    if (some.has(d)) continue;
    out += `${text.slice(at, d.start)};`;
    at = d.end;
  }
  // c2rust leaves out what nothing names.
  const named = [...some].map((d) => `(void *)${d.name}, `).join("");
  return `${out}${text.slice(at)}\nvoid *kport_tried_functions[] = { ${named}(void *)0 };\n`;
}

function inOneLine(why: string): string {
  return why.replace(/\s+/g, " ").slice(0, 200);
}
