/** Strings a stranger would choose, and a runner and a Markdown parser to judge what became of them. */
import fc from "fast-check";
import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";

export const HOSTILE_STRINGS: readonly string[] = [
  "@octocat",
  "x @org/team y",
  "(@octocat)",
  "a@b.example",
  "#12",
  "o/r#12",
  "GH-12",
  "fixes #1",
  "GHSA-abcd-1234-efgh",
  "4f0c2d1a9be14f0c2d1a9be14f0c2d1a9be14f0c",
  "4f0c2d1",
  "https://evil.example/x",
  "www.evil.example",
  "ftp://evil.example",
  "mailto:a@b.example",
  "xmpp:a@b.example",
  "<https://evil.example>",
  "[x](https://evil.example)",
  "![x](https://evil.example/i.png)",
  "[x]: https://evil.example",
  "[^1]",
  "`",
  "``",
  "a`b",
  "`a`",
  "```",
  "````\nx\n````",
  "~~~",
  "|",
  "a|b",
  "a\\|b",
  "\\",
  "a\\",
  "\\`",
  "|-|-|",
  "\n|a|b|\n|-|-|\n|c|d|\n",
  "-->",
  "<!-- kport -->",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "</details>",
  "</summary>",
  "</code>",
  "</script><script>alert(1)</script>",
  "&lt;b&gt;",
  "&#64;octocat",
  "&amp;",
  "\n\n# heading",
  "- item",
  "+ item",
  "1. one",
  "1) one",
  "> quote",
  "===",
  "---",
  "***bold***",
  "__b__",
  "~~s~~",
  "$x$",
  "$`x`$",
  ":tada:",
  "    code",
  "\tcode",
  "::error::x",
  "::error file=a,line=1::x",
  "\n::stop-commands::t",
  "\r::set-output name=x::y",
  "  ::warning::x",
  "##[error]x",
  "a ##[group]x",
  "::add-mask::x",
  "\u001b[31mred\u001b[0m",
  "\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007",
  "\u202eevil\u202c",
  "\u2066x\u2069",
  "\u200b",
  "\u0000",
  "\u0007",
  "\ud800",
  "\u2028",
  "\u{e0041}",
  "\ufeff",
  "",
  " ",
  "\n",
  "\u200b@octocat",
  "@\u200boctocat",
];

export const hostile: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_STRINGS) },
      fc.constantFrom(..."`|\\<>[]()*_~@#:&!$\n\t\r -+=0aA.".split("")),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

export function parse(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

export function nodesOf<T extends Nodes["type"]>(root: Root, type: T): Extract<Nodes, { type: T }>[] {
  const found: Extract<Nodes, { type: T }>[] = [];
  visit(root, type, (node) => void found.push(node as Extract<Nodes, { type: T }>));
  return found;
}

/** What GitHub makes links or pictures of in decoded text, outside code. */
const LINKED: readonly RegExp[] = [
  /@[a-z\d]/i,
  /#\d/,
  /\bGH-\d/i,
  /\bGHSA-[a-z\d]/i,
  /\b[A-Z]+-\d/,
  /[\da-f]{7}/i,
  /:\/\//,
  /www\./i,
  /:[\w+-]+:/,
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
];

/** Problems in the decoded text of a tree; empty where all is well. */
export function linkedText(root: Root): string[] {
  return nodesOf(root, "text").flatMap((node) =>
    LINKED.filter((pattern) => pattern.test(node.value)).map(
      (pattern) => `${pattern} in ${JSON.stringify(node.value)}`,
    ),
  );
}

/** Lines that GitHub's runner would obey: its two syntaxes (ActionCommand.cs: `::name …::` at a line's start, `##[name …]` anywhere). */
export function workflowCommands(output: string): string[] {
  const known = /^::(?:error|warning|notice|debug|group|endgroup|echo|[a-z]+-[a-z-]+)(?: [^\n]*?)?::/i;
  return output
    .split(/\r\n|\r|\n/)
    .filter((line) => known.test(line.trimStart()) || /##\[[a-z-]+(?: [^\]]*)?\]/i.test(line));
}
