/** Replaces stretches of a text by others that may contain stretches of it, which are rewritten in turn. */

/** Literal text, or a stretch of the original that keeps its own rewrites. */
export type Part = string | { start: number; end: number };

interface Edit {
  start: number;
  end: number;
  parts: Part[];
}

export class Rewriter {
  private readonly edits: Edit[] = [];
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** Replace [start, end) by the parts. Edits may nest, not overlap; of two on the same stretch the first one is the outer. What is inserted goes before what starts there. */
  replace(start: number, end: number, ...parts: Part[]): void {
    this.edits.push({ start, end, parts });
  }

  /** The same rewrites and these replacements. */
  with(more: readonly { start: number; end: number; text: string }[]): Rewriter {
    const both = new Rewriter(this.text);
    for (const m of more) both.replace(m.start, m.end, m.text);
    both.edits.push(...this.edits);
    return both;
  }

  /** The rewritten text of [start, end). */
  render(start = 0, end = this.text.length): string {
    return this.within(start, end, [...this.edits.entries()].sort(([i, a], [j, b]) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start) || b.end - a.end || i - j).map(([, e]) => e));
  }

  private within(start: number, end: number, edits: readonly Edit[]): string {
    let out = "";
    let at = start;
    for (let i = 0; i < edits.length; i++) {
      const e = edits[i] as Edit;
      if (e.start < at || e.end > end) continue;
      out += this.text.slice(at, e.start);
      const inner = edits.slice(i + 1);
      for (const p of e.parts) out += typeof p === "string" ? p : this.within(p.start, p.end, inner);
      at = e.end;
    }
    return out + this.text.slice(at, end);
  }
}
