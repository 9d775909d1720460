/** A sentence for people before it is known where it will be shown: prose, and names that are set as code. */
import { cellCode, clip, inlineCode, inlineText, oneLine } from "./escape.ts";

export type Phrase = readonly (string | { readonly code: string })[];

/** A message's first line, which says what is wrong, and what a tool said about it on the lines below. */
export function messageParts(message: string): { readonly lead: string; readonly rest: string } {
  const [lead = "", ...rest] = message.trim().replaceAll("\r\n", "\n").split("\n");
  // The bar sets a tool's words apart from ours where there is nothing but text; a block of its own does that already.
  const barred = rest.every((line) => /^\s*\| ?/.test(line));
  return {
    lead,
    rest: (barred ? rest.map((line) => line.replace(/^\s*\| ?/, "")) : rest).join("\n").replace(/^\n+/, "").trimEnd(),
  };
}

/** A message as the stages write it, names between backticks, read as a phrase. An odd backtick stays a backtick. */
export function phraseOf(message: string, limit = 2000): Phrase {
  const parts: (string | { code: string })[] = [];
  let at = 0;
  // Cleaned where it is shown: cleaning twice would write out what the first put in.
  const text = clip(message, limit);
  for (const match of text.matchAll(/`([^`]+)`/g)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push({ code: match[1]! });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/**
 * A phrase as Markdown on one line. `cell`: inside a table. White space at the ends of the prose, which the escaping
 * trims, is what keeps words apart, so it is put back.
 */
export function markdownOf(phrase: Phrase, place: "text" | "cell" = "text"): string {
  const code = place === "cell" ? cellCode : inlineCode;
  return phrase
    .map((part) => {
      if (typeof part !== "string") return code(part.code);
      const inner = part.trim();
      if (inner === "") return part === "" ? "" : " ";
      return (part.startsWith(inner) ? "" : " ") + inlineText(inner) + (part.endsWith(inner) ? "" : " ");
    })
    .join("");
}

/** A phrase as plain text on one line. */
export function textOf(phrase: Phrase): string {
  return oneLine(phrase.map((part) => (typeof part === "string" ? part : part.code)).join(""));
}
