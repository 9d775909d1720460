/** C's comments and blank lines, in their places among the Rust. */
import type { Facts, Node, Place } from "../../facts/schema.ts";
import { writtenOut } from "../../machine/unseen.ts";

type Comment = Facts["comments"][number];

/**
 * Text that stays a comment in Rust, where comments nest and some document. Each line is one by itself: a backslash at the end of C's `//`
 * goes on with it, and what a stranger's build wrote down may be no comment at all.
 */
export function rustComment(text: string, documents: boolean): string[] {
  const inner = shown(text);
  if (inner.startsWith("//")) {
    const [first = "", ...more] = inner.split("\n");
    const own = first.startsWith("//!") || (!documents && first.startsWith("///")) ? `// ${first.slice(2)}` : first;
    return [own, ...more.map(asLine)];
  }
  const body = isBlock(inner)
    ? inner.slice(2, -2)
    : inner
        .replace(/^\/\\\n/, "/")
        .replace(/^\/[*/]/, "")
        .replace(/\*(?:\\\n)?\/$/, "");
  const kernelDoc = body.startsWith("*") && !body.startsWith("**");
  if (documents && kernelDoc) {
    const lines = body
      .slice(1)
      .split("\n")
      .map((l) => l.replace(/^\s*\* ?/, "").trimEnd());
    while (lines[0] === "") lines.shift();
    while (lines.at(-1) === "") lines.pop();
    return lines.map((l) => (l === "" ? "///" : `/// ${l.trimStart()}`));
  }
  // `/**` or `/*!` would document what follows.
  if (!isBlock(inner) || !isOneInRust(inner) || (/^[*!]/.test(body) && body.trim() !== ""))
    return body
      .replace(/^[*!]/, "")
      .split("\n")
      .map(asLine)
      .filter((l, at, all) => l !== "//" || (at > 0 && at < all.length - 1));
  return inner.split("\n").map((l, at) => (at === 0 ? l : ` ${l.trim()}`));
}

function asLine(text: string): string {
  return `// ${text.replace(/^\s*\* ?/, "").trim()}`.trimEnd();
}

/** rustc refuses some of what nobody sees in comments, and people read none of it. */
function shown(text: string): string {
  return writtenOut(text.replace(/\r\n?/g, "\n"));
}

function isBlock(text: string): boolean {
  return text.length >= 4 && text.startsWith("/*") && text.endsWith("*/");
}

/** Whether a block comment ends for Rust where it ends for C: within it, `/*` opens another there, that of `//*\/` too. */
function isOneInRust(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length - 1; at++) {
    const two = text.slice(at, at + 2);
    if (two !== "/*" && two !== "*/") continue;
    depth += two === "/*" ? 1 : -1;
    at++;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}

/** A file's comments in their order; each function of a unit asks for its own. */
function ofFile(comments: readonly Comment[], file: number): readonly Comment[] {
  let files = sorted.get(comments);
  if (files === undefined) {
    files = Map.groupBy(comments, (c) => c.place.f);
    for (const all of files.values()) all.sort((a, b) => a.place.b - b.place.b);
    sorted.set(comments, files);
  }
  return files.get(file) ?? [];
}
const sorted = new WeakMap<readonly Comment[], Map<number, Comment[]>>();

/** The first of a file's comments that begins at a place or behind it. */
function firstFrom(comments: readonly Comment[], at: number): number {
  let [low, high] = [0, comments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle] as Comment).place.b < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The comments right above a definition: nothing but space stands between. */
export function commentsAbove(
  comments: readonly Comment[],
  at: Place,
  source: Buffer | undefined,
): { lines: string[]; all: number } {
  if (!source) return { lines: [], all: 0 };
  const all = ofFile(comments, at.f);
  const found: Comment[] = [];
  let from = at.b;
  for (let k = firstFrom(all, at.b) - 1; k >= 0; k--) {
    const c = all[k] as Comment;
    if (c.place.e > at.b || c.trailing === true) continue;
    const between = source.toString("latin1", c.place.e, from);
    // The notice at the head of a file is the file's.
    if (!/^[ \t\r]*\n?[ \t\r]*$/.test(between) || c.place.b === 0) break;
    found.push(c);
    from = c.place.b;
  }
  return { lines: found.toReversed().flatMap((c) => rustComment(c.text, true)), all: found.length };
}

/** The comments of one function's body. */
export class Comments {
  /** In their order. */
  private readonly all: { c: Comment; used: boolean }[];
  /** Those before it are used. */
  private next = 0;
  private readonly source: Buffer | undefined;
  private readonly file: number;
  /** Where the last statement ended that was printed. */
  private last = -1;
  readonly total: number;
  /**
   * @param source the text of the file that the function stands in
   */
  constructor(comments: readonly Comment[], body: Place | undefined, source: Buffer | undefined) {
    this.file = body?.f ?? -1;
    const inFile = body === undefined ? [] : ofFile(comments, body.f);
    this.all =
      body === undefined
        ? []
        : inFile
            .slice(firstFrom(inFile, body.b), firstFrom(inFile, body.e))
            .filter((c) => c.place.e <= body.e)
            .map((c) => ({ c, used: false }));
    this.source = source;
    this.total = this.all.length;
  }

  get kept(): number {
    return this.all.filter((x) => x.used).length;
  }

  /** Begin anew: the function is printed a second time. */
  reset(from: number): void {
    for (const x of this.all) x.used = false;
    this.next = 0;
    this.last = from;
  }

  /** A statement's lines with the comments above it, in it and behind it, and the blank line before it. */
  around(n: Node, print: () => readonly string[]): string[] {
    if (n.place.f !== this.file) return [...print()];
    const { b } = n.place;
    const out: string[] = [];
    const last = this.last;
    let at = last;
    const above = this.take((c) => c.place.b < b);
    for (const c of above) {
      if (this.isBlankBetween(at, c.place.b)) out.push("");
      out.push(...rustComment(c.text, false));
      at = c.place.e;
    }
    const blank = this.isBlankBetween(at, b);
    this.last = b;
    const lines = print();
    if (lines.length === 0 && above.length === 0) {
      // As if it were not there: a blank line behind it is one behind what was before.
      this.last = last;
      return [];
    }
    if (blank) out.push("");
    // What stands in the middle of an expression has no place of its own: above it.
    for (const c of this.take((x) => x.place.b < n.place.e)) out.push(...rustComment(c.text, false));
    out.push(...lines);
    this.last = Math.max(this.last, n.place.e);
    const behind = this.trailing(n.place.e);
    if (behind) {
      const text = rustComment(behind.text, false);
      if (text.length === 1 && lines.length > 0 && !(out.at(-1) ?? "").includes("//"))
        out[out.length - 1] = `${out.at(-1)} ${text[0]}`;
      else out.push(...text);
    }
    return out;
  }

  /** What stands above a place that is no statement's: a case of a `switch`. */
  above(place: Place): string[] {
    return place.f === this.file
      ? this.take((c) => c.place.b < place.b).flatMap((c) => rustComment(c.text, false))
      : [];
  }

  /** What stands before a statement that Rust does without, and behind it in its line. */
  beside(n: Pick<Node, "place">): string[] {
    if (n.place.f !== this.file) return [];
    const before = this.above(n.place);
    const behind = this.trailing(n.place.e);
    return behind ? [...before, ...rustComment(behind.text, false)] : before;
  }

  /** What is left before the end of a block. */
  atEnd(block: Pick<Node, "place">): string[] {
    if (block.place.f !== this.file) return [];
    const out: string[] = [];
    for (const c of this.take((x) => x.place.e <= block.place.e)) {
      if (this.isBlankBetween(this.last, c.place.b)) out.push("");
      out.push(...rustComment(c.text, false));
      this.last = c.place.e;
    }
    return out;
  }

  /** Whether a comment that was not written yet stands in a node. */
  isWithin(n: Node): boolean {
    if (n.place.f !== this.file) return false;
    for (let k = this.next; (this.all[k]?.c.place.b ?? Infinity) < n.place.e; k++) {
      const x = this.all[k] as (typeof this.all)[number];
      if (!x.used && x.c.place.b >= n.place.b && x.c.place.e <= n.place.e) return true;
    }
    return false;
  }

  /** Enter a block: nothing stands between its brace and its first statement. */
  begin(at: number): void {
    this.last = Math.max(this.last, at);
  }

  /** @param which holds for no comment behind one that it does not hold for */
  private take(which: (c: Comment) => boolean): Comment[] {
    const found: Comment[] = [];
    for (let k = this.next; k < this.all.length; k++) {
      const x = this.all[k] as (typeof this.all)[number];
      if (x.used) continue;
      if (!which(x.c)) break;
      x.used = true;
      found.push(x.c);
    }
    this.skipUsed();
    return found;
  }

  private skipUsed(): void {
    while (this.all[this.next]?.used === true) this.next++;
  }

  /** The comment on the rest of the line that a statement ends on. */
  private trailing(end: number): Comment | undefined {
    let k = this.next;
    while (k < this.all.length && (this.all[k]?.used === true || (this.all[k]?.c.place.b ?? 0) < end)) k++;
    const next = this.all[k];
    if (!next || !this.source) return undefined;
    if (
      !/^[;,){}\s]*$/.test(this.source.toString("latin1", end, next.c.place.b)) ||
      this.source.subarray(end, next.c.place.b).includes(0x0a)
    )
      return undefined;
    next.used = true;
    this.skipUsed();
    this.last = next.c.place.e;
    return next.c;
  }

  private isBlankBetween(from: number, to: number): boolean {
    if (!this.source || from < 0 || to <= from) return false;
    return /\n[ \t\r]*\n/.test(this.source.toString("latin1", from, to));
  }
}
