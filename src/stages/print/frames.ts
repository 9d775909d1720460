/** Where `break`, `continue` and `goto` lead at the place that is printed. */
import { CannotPrint } from "./crate-types.ts";
import type { Jumps } from "./flow.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** Something that a `break` or `continue` leaves. */
export interface Frame {
  kind: "loop" | "next" | "switch" | "once" | "block";
  label: string;
  used: boolean;
}

export class Frames {
  readonly jumps: Jumps = { forward: new Map(), back: new Map(), tails: new Map() };
  /** Labels that nothing leads to in Rust. */
  readonly skipped = new Set<number>();
  private frames: Frame[] = [];
  private readonly unit: UnitFacts;
  constructor(unit: UnitFacts) {
    this.unit = unit;
  }

  /** Print what no outer loop or label can be left from: a macro's body. */
  apart<T>(print: () => T): T {
    const outer = this.frames;
    this.frames = [];
    try {
      return print();
    } finally {
      this.frames = outer;
    }
  }

  enter(kind: Frame["kind"], label: string | undefined): Frame {
    const base = label ?? { loop: "each", next: "next", switch: "cases", once: "once", block: "block" }[kind];
    let name = base;
    for (let k = 2; this.frames.some((f) => f.label === name); k++) name = `${base}_${k}`;
    const frame: Frame = { kind, label: name, used: label !== undefined };
    this.frames.push(frame);
    return frame;
  }

  leave(frame: Frame): void {
    this.frames.splice(this.frames.indexOf(frame), 1);
  }

  /** `break`, with a label where what it leaves is not the innermost loop, or stands around a labelled block. */
  breaks(): string {
    const at = this.frames.findLastIndex((f) => f.kind !== "block" && f.kind !== "next");
    const frame = this.frames[at];
    if (!frame) throw new CannotPrint("a break out of a macro");
    if (frame.kind === "loop" && at === this.frames.length - 1) return "break";
    frame.used = true;
    return `break '${frame.label}`;
  }

  continues(): string {
    const at = this.frames.findLastIndex((f) => f.kind === "loop" || f.kind === "next" || f.kind === "once");
    const frame = this.frames[at];
    if (!frame) throw new CannotPrint("a continue out of a macro");
    if (frame.kind === "next") return `break '${frame.label}`;
    // There is no next round.
    if (frame.kind === "once") return this.breaks();
    // A match is no target; a labelled block in between asks for a label.
    if (this.frames.slice(at + 1).every((f) => f.kind === "switch" && !f.used)) return "continue";
    frame.used = true;
    return `continue '${frame.label}`;
  }

  /** What a jump back to a label does until the function ends, where that is said again instead. */
  tailOf(label: number): readonly number[] | undefined {
    return this.wayTo(label) === undefined ? this.jumps.tails.get(label) : undefined;
  }

  jump(label: number): string {
    const d = this.unit.declaration(label);
    if (d.k !== "label") throw new CannotPrint("a jump to what is no label");
    const way = this.wayTo(label);
    if (way === undefined) throw new CannotPrint("a jump into a block");
    return way;
  }

  private wayTo(label: number): string | undefined {
    for (const [labels, word] of [
      [this.jumps.forward, "break"],
      [this.jumps.back, "continue"],
    ] as const) {
      const name = labels.get(label);
      if (name !== undefined && this.frames.some((f) => f.label === name && f.kind !== "switch"))
        return `${word} '${name}`;
    }
    return undefined;
  }

  jumpTo(name: string): string {
    const at = this.unit.facts.declarations.findIndex(
      (d, i) => d.k === "label" && d.name === name && (this.jumps.forward.has(i) || this.jumps.back.has(i)),
    );
    if (at < 0) throw new CannotPrint("a jump into a block");
    return this.jump(at);
  }
}
