/** Replaces stretches of a text by others that may contain stretches of it, which are rewritten in turn. */
import { StageError } from "../machine/errors.ts";

/** Literal text, or a stretch of the original that keeps its own rewrites. */
export type Part = string | Stretch;

interface Stretch {
  start: number;
  end: number;
}

interface Edit extends Stretch {
  parts: Part[];
}

export class Rewriter {
  private readonly edits: Edit[] = [];
  private readonly text: string;
  private readonly place: (offset: number) => { file?: string; line?: number };
  /** @param place the file and line of an offset, for the error that two edits collide in */
  constructor(text: string, place: (offset: number) => { file?: string; line?: number } = () => ({})) {
    this.text = text;
    this.place = place;
  }

  /** Replace [start, end) by the parts. Edits may nest, not overlap; of two on the same stretch the first one is the outer. What is inserted goes before what starts there. */
  replace(start: number, end: number, ...parts: Part[]): void {
    this.edits.push({ start, end, parts });
  }

  /** The same rewrites and these replacements. */
  with(more: readonly { start: number; end: number; text: string }[]): Rewriter {
    const both = new Rewriter(this.text, this.place);
    for (const m of more) both.replace(m.start, m.end, m.text);
    both.edits.push(...this.edits);
    return both;
  }

  /**
   * The rewritten text of [start, end).
   * @throws StageError("lower") where an edit overlaps another, or what another one keeps: half of it would be lost, and the text would
   * mean something else or nothing
   */
  render(start = 0, end = this.text.length): string {
    const sorted = [...this.edits.entries()]
      .sort(
        ([i, a], [j, b]) =>
          a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start) || b.end - a.end || i - j,
      )
      .map(([, e]) => e);
    return this.within({ start, end }, { start: 0, end: this.text.length }, sorted, 0, true);
  }

  /**
   * @param by the edit that keeps the stretch; what is inserted may be a stretch of somewhere else, and what is around it there is no part of it
   * @param edits in their order; those before `from` are done, or around the stretch
   * @param atEnd whether what is inserted at the stretch's end belongs to it
   */
  private within(stretch: Stretch, by: Stretch, edits: readonly Edit[], from: number, atEnd: boolean): string {
    let out = "";
    let at = stretch.start;
    let last: Stretch = stretch;
    for (let i = from; i < edits.length; i++) {
      const e = edits[i] as Edit;
      if (e.start > stretch.end || (e.start === stretch.end && (e.end > e.start || !atEnd))) break;
      // Left out by the edit around the stretch, or done with the one before.
      if (e.end <= at && e.start < at) continue;
      if (encloses(e, stretch) && !(by.start <= e.start && e.end <= by.end)) continue;
      if (e.start < at || e.end > stretch.end) throw this.collision(e.start < at ? last : stretch, e);
      out += this.text.slice(at, e.start);
      for (const p of e.parts)
        out +=
          typeof p === "string"
            ? p
            : this.within(
                p,
                e,
                edits,
                i + 1,
                p.end !== e.end && !e.parts.some((q) => typeof q !== "string" && q.start === p.end),
              );
      at = e.end;
      if (e.end > e.start) last = e;
    }
    return out + this.text.slice(at, stretch.end);
  }

  private collision(a: Stretch, b: Stretch): StageError {
    const shown = ({ start, end }: Stretch): string =>
      `\`${this.text.slice(start, end).replace(/\s+/g, " ").slice(0, 120)}\``;
    return new StageError(
      "lower",
      `kport rewrites ${shown(a)} and ${shown(b)}, which overlap: a defect of its rules, please report it`,
      this.place(b.start),
    );
  }
}

/** Whether `outer` is around `inner`, and more. */
function encloses(outer: Stretch, inner: Stretch): boolean {
  return outer.start <= inner.start && inner.end <= outer.end && outer.end - outer.start > inner.end - inner.start;
}
