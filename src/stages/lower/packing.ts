/** Follows `#pragma pack`, which goes with the other directives: ACPICA's headers put it around whole files of tables. */
import type { Token } from "../../c/lexer.ts";

export class Packing {
  private readonly marks: { at: number; bytes: number }[] = [];
  private readonly pushed: number[] = [];

  /** Take a directive in. Directives must come in order. */
  add(directive: Token): void {
    const args = /^#\s*pragma\s+pack\s*\(([^)]*)\)/
      .exec(directive.text)?.[1]
      ?.split(",")
      .map((a) => a.trim());
    if (args === undefined) return;
    let bytes = this.marks.at(-1)?.bytes ?? 0;
    if (args[0] === "push") this.pushed.push(bytes);
    if (args[0] === "pop") bytes = this.pushed.pop() ?? 0;
    const given = args.find((a) => /^\d+$/.test(a));
    if (given !== undefined) bytes = Number(given);
    else if (args[0] === "") bytes = 0;
    this.marks.push({ at: directive.end, bytes });
  }

  /** The packing of a declaration that begins at `offset`. */
  at(offset: number): number {
    return this.marks.findLast((m) => m.at <= offset)?.bytes ?? 0;
  }
}
