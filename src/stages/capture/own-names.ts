/** What a module's sources define for themselves, told without preprocessing: a source that does not compile has no syntax tree. */
import { lex, matching, significant, type Token } from "../../c/lexer.ts";
import { filesOfUntrusted, readUntrusted } from "../../machine/untrusted-folder.ts";

/** Structures, unions, enumerations, macros and functions that are defined in the C files and headers of a folder, or what else `namesIn` finds. */
export async function ownNames(folder: string, namesIn = definedIn): Promise<Set<string>> {
  const names = new Set<string>();
  for (const file of await filesOfUntrusted(folder)) {
    if (/\.[ch]$/.test(file))
      for (const name of namesIn((await readUntrusted(folder, file)).toString("latin1"))) names.add(name);
  }
  return names;
}

export function definedIn(source: string): string[] {
  const all = lex(source);
  const macros = all.flatMap((t) => (t.kind === "directive" ? (/^#\s*define\s+(\w+)/.exec(t.text)?.[1] ?? []) : []));
  const tokens = significant(all);
  const names: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const [t, next, third] = [tokens[i] as Token, tokens[i + 1], tokens[i + 2]];
    if (/^(?:struct|union|enum)$/.test(t.text) && next?.kind === "identifier" && third?.text === "{")
      names.push(next.text);
    if (t.kind !== "identifier" || next?.text !== "(") continue;
    const close = matching(tokens, i + 1);
    if (close > 0 && tokens[close + 1]?.text === "{" && !/^(?:if|while|for|switch)$/.test(t.text)) names.push(t.text);
  }
  return [...macros, ...names];
}

/** All words within the bodies of structures and unions: the members are among them. */
export function membersIn(source: string): string[] {
  const tokens = significant(lex(source));
  return tokens.flatMap((t, i) => {
    if (!/^(?:struct|union)$/.test(t.text)) return [];
    const open = tokens[i + 1]?.text === "{" ? i + 1 : i + 2;
    const close = tokens[open]?.text === "{" ? matching(tokens, open) : -1;
    return tokens.slice(open, Math.max(close, open)).flatMap((n) => (n.kind === "identifier" ? [n.text] : []));
  });
}
