/** A reduced unit: its text, and which stretch of the preprocessed one each of it is. */
import type { PlacedDeclaration } from "./preprocess.ts";

/** A stretch of the reduced text that was copied from the preprocessed one. */
export interface Piece {
  out: number;
  from: number;
  length: number;
}

export interface ReducedUnit {
  text: string;
  pieces: Piece[];
  /** The kept declarations, with where each stands in `text`. */
  kept: { declaration: PlacedDeclaration; start: number; end: number }[];
  /** Inline functions of headers that came out as prototypes, by name. */
  inlines: Map<string, PlacedDeclaration>;
  /** Names of own functions and variables that are only declared here, and defined in C. */
  declaredOnly: Set<string>;
}

/** Writes a reduced text, and keeps where each stretch of it was copied from. */
export class Emitter {
  readonly pieces: Piece[] = [];
  length = 0;
  private readonly chunks: string[] = [];
  private readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  add(text: string): void {
    this.chunks.push(text);
    this.length += text.length;
  }
  copy(from: number, to: number): void {
    if (to <= from) return;
    this.pieces.push({ out: this.length, from, length: to - from });
    this.add(this.source.slice(from, to));
  }
  text(): string {
    return this.chunks.join("");
  }
}

/** Maps offsets of the preprocessed text to the reduced one. */
export class OffsetMap {
  private readonly pieces: readonly Piece[];
  constructor(unit: ReducedUnit) {
    this.pieces = [...unit.pieces].sort((a, b) => a.from - b.from);
  }

  /** Undefined where the character was not kept. */
  toReduced(offset: number): number | undefined {
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((this.pieces[mid] as Piece).from <= offset) low = mid + 1;
      else high = mid;
    }
    const p = this.pieces[low - 1];
    return p !== undefined && offset < p.from + p.length ? p.out + offset - p.from : undefined;
  }
}

/**
 * The module's own file and line of an offset in the reduced unit; the unit's first line for what was added. What it keeps of the unit
 * is its text: the function outlives the declarations.
 */
export function placesOf({ kept, text }: ReducedUnit, unit: string): (offset: number) => Place {
  const places = kept.map(({ start, end, declaration: { file, line } }) => ({ start, end, file, line }));
  return (offset) => {
    const k = places.find((x) => x.start <= offset && offset < x.end);
    if (k === undefined) return { file: unit, line: 1 };
    return { file: k.file, line: k.line + (text.slice(k.start, offset).match(/\n/g)?.length ?? 0) };
  };
}

export interface Place {
  file: string;
  line: number;
}
