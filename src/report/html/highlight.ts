/** C and Rust coloured when the page is made, so that the page needs no library of its own. */
import hljs from "highlight.js/lib/core";
import c from "highlight.js/lib/languages/c";
import rust from "highlight.js/lib/languages/rust";
import { visible } from "../escape.ts";
import { html, raw } from "./template.ts";
import type { Html } from "./template.ts";

hljs.registerLanguage("c", c);
hljs.registerLanguage("rust", rust);

/** Characters above which colouring costs more than it helps. */
const LIMIT = 10_000;
/** Characters of a line: what is tried on a word is tried again from each of its letters. */
const LINE = 500;

export function highlighted(code: string, language: "c" | "rust"): Html {
  const text = visible(code);
  if (text.length > LIMIT || text.split("\n").some((l) => l.length > LINE)) return html`${text}`;
  return raw(hljs.highlight(text, { language, ignoreIllegals: true }).value);
}
