/** Where preprocessed text comes from. */
import path from "node:path";
import type { Token } from "../../c/lexer.ts";

const BUILT_IN = "<built-in>";
const LINE_MARKER = /^#\s*(?:line\s+)?(\d+)\s+"((?:[^"\\]|\\.)*)"([ \d]*)/;

/** Which file and line an offset of a preprocessed text comes from, by its line markers. */
export class Origins {
  private readonly marks: { at: number; file: string; line: number }[] = [];
  private readonly starts: number[] = [];
  /** The last answer: a header without directives is long, and is asked about from its top to its end. */
  private last = { at: 0, file: "", line: 0 };
  private readonly text: string;
  private readonly directory: string;
  constructor(text: string, directory: string) {
    this.text = text;
    this.directory = directory;
  }

  /** Take a directive in; false when it is no line marker. Directives must come in order. */
  add(t: Token): boolean {
    const m = LINE_MARKER.exec(t.text);
    if (m === null) return false;
    const name = unescape(m[2] as string);
    this.marks.push({
      at: t.end + 1,
      file: name.startsWith("<") ? name : path.resolve(this.directory, name),
      line: Number(m[1]),
    });
    this.starts.push(t.end + 1);
    return true;
  }

  /** The file of what stands behind the last directive that was taken in. */
  get file(): string {
    return this.marks.at(-1)?.file ?? BUILT_IN;
  }

  at(offset: number): { file: string; line: number } {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((this.starts[mid] as number) <= offset) low = mid + 1;
      else high = mid;
    }
    const m = this.marks[low - 1];
    if (m === undefined) return { file: BUILT_IN, line: 0 };
    const from = m.at <= this.last.at && this.last.at <= offset ? this.last : m;
    this.last = { at: offset, file: m.file, line: from.line + newlines(this.text, from.at, offset) };
    return { file: m.file, line: this.last.line };
  }
}

/** How many there are from one offset up to another. */
export function newlines(text: string, from: number, to: number): number {
  let n = 0;
  for (let i = text.indexOf("\n", from); i >= 0 && i < to; i = text.indexOf("\n", i + 1)) n++;
  return n;
}

/** A name as a line marker has it, without its backslashes. */
export function unescape(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}
