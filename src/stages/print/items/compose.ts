/** Puts Rust in the order of the C it was made of, with the comments and the blank lines that stand between. */
import type { Facts } from "../../../facts/schema.ts";
import { lexRust } from "../../../rust/lexer.ts";
import { rustComment } from "../comments.ts";

export type Comment = Facts["comments"][number];

/** Rust, and the range of the C file that it stands for. */
export interface Piece {
  b: number;
  e: number;
  text: string;
}

export interface CFile {
  /** Of this file only, in any order. */
  comments: readonly Comment[];
  source: Buffer | undefined;
}

/**
 * @param pieces in the order that those of one place are to have
 * @param head what the file begins with: comments that it has are not written again
 */
export function composed(pieces: readonly Piece[], file: CFile, head: string): string {
  const sorted = pieces.map((p, at) => ({ ...p, at })).sort((a, b) => a.b - b.b || a.at - b.at);
  const comments = [...file.comments]
    .sort((a, b) => a.place.b - b.place.b)
    .filter((c) => !sorted.some((p) => p.b <= c.place.b && c.place.e <= p.e));
  const lines: string[] = [];
  const said = wordsOf(head);
  let [at, next] = [0, 0];
  const between = (to: number): void => {
    if (lines.length > 0 && isBlank(file, at, to)) lines.push("");
  };
  const write = (until: number, text: string): void => {
    const leading = wordsOf(leadingComments(text));
    for (let c = comments[next]; c && c.place.b < until; c = comments[++next]) {
      const words = wordsOf(c.text);
      if (words === "" || said.includes(words) || leading.includes(words)) continue;
      const own = lines.at(-1);
      const behind = rustComment(c.text, false);
      if (
        c.trailing &&
        own !== undefined &&
        !/^\s*(?:\/\/|\/\*|$)/.test(own) &&
        !file.source?.subarray(at, c.place.b).includes(0x0a) &&
        behind.length === 1
      )
        lines[lines.length - 1] = `${own} ${behind[0]}`;
      else {
        between(c.place.b);
        lines.push(...rustComment(c.text, documents(file, c, until)));
      }
      at = c.place.e;
    }
  };
  for (const [nth, p] of sorted.entries()) {
    write(p.b, p.text);
    between(lineAbove(file, comments, next, p));
    const above = leadingComments(p.text);
    const own = above === "" ? [] : above.replace(/\n$/, "").split("\n");
    const below = p.text.slice(above.length).replace(above === "" || above.endsWith("\n") ? "" : /^\n/, "");
    // One invocation of a macro may make several: what stands above it is said once.
    const before = sorted[nth - 1];
    const isSaid = before?.b === p.b && wordsOf(leadingComments(before.text)) === wordsOf(above);
    lines.push(...(isSaid ? [] : own), ...unsaid(p, file.comments), ...below.split("\n"));
    at = Math.max(at, p.e);
  }
  write(Number.POSITIVE_INFINITY, "");
  return lines.join("\n");
}

/** Comments of the C within a piece that its text has not, as c2rust's has none: they stand above it. */
function unsaid(p: Piece, comments: readonly Comment[]): string[] {
  const inside = comments.filter((c) => p.b <= c.place.b && c.place.e <= p.e);
  if (inside.length === 0) return [];
  const said = wordsOf(
    lexRust(p.text)
      .filter((t) => t.kind === "comment")
      .map((t) => t.text)
      .join(" "),
  );
  return inside
    .sort((a, b) => a.place.b - b.place.b)
    .map((c) => rustComment(c.text, false))
    .filter((text) => {
      const words = wordsOf(text.join(" "));
      return words !== "" && !` ${said} `.includes(` ${words} `);
    })
    .flat();
}

/** Where what stands above a piece ends: its own comments are a part of it. */
function lineAbove(file: CFile, comments: readonly Comment[], next: number, p: Piece): number {
  const words = wordsOf(leadingComments(p.text));
  let from = p.b;
  for (let k = next - 1; k >= 0; k--) {
    const c = comments[k] as Comment;
    if (!words.includes(wordsOf(c.text)) || !/^\s*$/.test(file.source?.toString("latin1", c.place.e, from) ?? "x"))
      break;
    from = c.place.b;
  }
  return from;
}

/** A kernel-doc comment right above a definition documents it. */
function documents(file: CFile, c: Comment, until: number): boolean {
  return (
    Number.isFinite(until) && /^[ \t\r]*\n?[ \t\r]*$/.test(file.source?.toString("latin1", c.place.e, until) ?? "x")
  );
}

function isBlank(file: CFile, from: number, to: number): boolean {
  return to > from && /\n[ \t\r]*\n/.test(file.source?.toString("latin1", from, to) ?? "");
}

/** The comments that a text begins with. */
export function leadingComments(text: string): string {
  return /^(?:\s*(?:\/\/[^\n]*\n|\/\*[^]*?\*\/))*/.exec(text)?.[0] ?? "";
}

/** Words only: marks, stars and line ends are another language's. */
export function wordsOf(comment: string): string {
  return comment.replace(/[^\p{L}\p{N}_]+/gu, " ").trim();
}
