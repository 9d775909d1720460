/** Names of core's that Rust people write without their path: the path goes where the crate has nothing of that name, and is imported. */
import { codeOf } from "../../rust/lexer.ts";

const PATHS: readonly string[] = [
  "core::mem::zeroed",
  "core::mem::offset_of",
  "core::ptr::null",
  "core::ptr::null_mut",
  "core::hint::unreachable_unchecked",
];

export interface Shortened {
  text: string;
  /** Paths to import, sorted. */
  imports: string[];
}

/** @param isFree whether a name is nothing else where the text stands */
export function shortenPaths(text: string, isFree: (name: string) => boolean): Shortened {
  const tokens = codeOf(text);
  const words = tokens.map((t) => t.text);
  const imports = new Set<string>();
  let out = "";
  let at = 0;
  for (const [i, t] of tokens.entries()) {
    // `:` and `:` are two tokens; a path that begins elsewhere ends in one.
    if (t.text !== "core" || words[i - 1] === ":") continue;
    const last = tokens[i + 6];
    const path = words.slice(i, i + 7).join("");
    if (last === undefined || !PATHS.includes(path) || !isFree(last.text)) continue;
    imports.add(path);
    out += text.slice(at, t.start);
    at = last.start;
  }
  return { text: out + text.slice(at), imports: [...imports].sort() };
}
