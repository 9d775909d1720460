/**
 * The one place that makes a stranger's text harmless for people's eyes: Markdown as GitHub renders it, raw HTML blocks
 * inside it, terminals and the logs of GitHub's runner.
 *
 * Three facts shape it. GitHub looks for mentions, issue numbers and bare addresses in the *decoded* text of everything
 * but code, so a character reference alone does not stop them: a zero-width space must come between. A code span cannot
 * hold a pipe inside a table cell in a way that all GFM parsers agree on (`\\|` splits in some), so such text is written as
 * text. And the runner obeys `::error::…` at the start of any line a process prints, and `##[error]…` anywhere in one.
 */
import { writtenOut } from "../machine/unseen.ts";

/** What keeps an autolinker's pattern from matching; invisible, and not white space to GitHub's runner either. */
const ZERO_WIDTH_SPACE = "\u200b";

/**
 * Terminal sequences (ECMA-48): those that take parameters, those that take a text up to BEL or ST, and the short ones; with an escape or as
 * one character. No part of a pattern can begin where another has ended, so that none is tried from each character again:
 * node:util's stripVTControlCharacters needs minutes for 400,000 characters of `;?`.
 */
const TERMINAL =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009b-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;

/** Terminal sequences removed, and every other character that cannot be seen written out, `\u{202e}` as Rust does. */
export function visible(text: string): string {
  return writtenOut(text.replaceAll("\r\n", "\n").replace(TERMINAL, ""));
}

/** At most `limit` characters of `text`, ending in … where it was cut. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  // Never half of a surrogate pair: that half would be written out as an escape.
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}

/**
 * Workflow commands of GitHub's runner, made mere text. Only names the runner could know are touched, so that a line of
 * Rust that starts with a path (`::core::ptr::read`) can still be copied: commands are one of the known words, or have a
 * hyphen or parameters, which a path has not.
 */
export function withoutWorkflowCommands(text: string): string {
  return text
    .replace(
      /^([^\S\n]*):(?=:(?:error|warning|notice|debug|group|endgroup|echo|[a-z]+-[a-z-]*|[a-z-]+ [^\n]*?)::)/gim,
      `$1:${ZERO_WIDTH_SPACE}`,
    )
    .replace(/##(?=\[)/g, `##${ZERO_WIDTH_SPACE}`);
}

/** Lines of a stranger's text for a terminal or a log. */
export function plainText(text: string): string {
  return withoutWorkflowCommands(visible(text));
}

/** `plainText`, on one line. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, " ").trim();
}

/** Characters that mean something to Markdown or HTML wherever they stand, written as references. */
const ACTIVE = /[\\`*_{}[\]<>|~&"'$!^]/g;

/** A stranger's text as Markdown text on one line: also in a table cell, in a list item, and at the start of a line. */
export function inlineText(text: string, limit = 2000): string {
  const reference = (character: string) => `&#${character.codePointAt(0)!};`;
  return (
    clip(oneLine(text), limit)
      // Mentions, e-mail addresses, issue numbers, headings.
      .replace(/[@#]/g, (sign) => sign + ZERO_WIDTH_SPACE)
      // Addresses, with and without a scheme.
      .replace(/:(?=\/\/)/g, `:${ZERO_WIDTH_SPACE}`)
      .replace(/www(?=\.)/gi, `$&${ZERO_WIDTH_SPACE}`)
      .replace(/\b(?:mailto|xmpp):/gi, `$&${ZERO_WIDTH_SPACE}`)
      // GH-12, GHSA-…, CVE-…, and a repository's own reference prefixes.
      .replace(/\b[A-Z][A-Z0-9]*-(?=[a-z0-9])/g, `$&${ZERO_WIDTH_SPACE}`)
      // Commit hashes, of which GitHub links seven digits and more.
      .replace(/[0-9a-f]{6}(?=[0-9a-f])/gi, `$&${ZERO_WIDTH_SPACE}`)
      // :emoji:
      .replace(/:(?=[\w+-]+:)/g, `:${ZERO_WIDTH_SPACE}`)
      .replace(ACTIVE, reference)
      // List markers, underlines of headings, delimiter rows.
      .replace(/^(?:[-+=]|:(?=-))/, (mark) => reference(mark))
      .replace(/^(\d+)([.)])/, (_, digits: string, mark: string) => digits + reference(mark))
  );
}

function longestRun(text: string, character: "`" | "~"): number {
  let longest = 0;
  for (const [run] of text.matchAll(character === "`" ? /`+/g : /~+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** A stranger's text as a code span on one line; GitHub links nothing inside. Not for table cells: see `cellCode`. */
export function inlineCode(text: string, limit = 200): string {
  const line = clip(oneLine(text), limit);
  if (line === "") return "` `";
  const fence = "`".repeat(longestRun(line, "`") + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return fence + pad + line + pad + fence;
}

/** As `inlineCode`, for a table cell: as text where a pipe is in it. */
export function cellCode(text: string, limit = 200): string {
  return text.includes("|") ? inlineText(text, limit) : inlineCode(text, limit);
}

/** A stranger's text as a fenced block; the fence is longer than any run of backticks inside. */
export function fence(language: "" | "diff" | "c" | "rust" | "text", text: string): string {
  const plain = plainText(text);
  // Not by a pattern, which would be tried at every line end in the text.
  let end = plain.length;
  while (plain[end - 1] === "\n") end--;
  const body = plain.slice(0, end);
  const marks = "`".repeat(Math.max(3, longestRun(body, "`") + 1));
  return `${marks}${language}\n${body}\n${marks}`;
}

/** A stranger's text as `<code>` inside a raw HTML block (a `<summary>`), where Markdown does not apply. */
export function htmlCode(text: string, limit = 200): string {
  const line = clip(oneLine(text), limit);
  return `<code>${line.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)!};`)}</code>`;
}
