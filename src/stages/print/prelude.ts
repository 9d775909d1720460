/** What a statement needs before it: C's objects without a name are variables of Rust. */
import { CannotPrint } from "./crate-types.ts";

export class Prelude {
  private lines: string[] | undefined;

  /** Declares something before the statement that is printed. @returns its name */
  declare(text: string, name: string): string {
    if (this.lines === undefined) throw new CannotPrint("an object without a name where none can be declared");
    this.lines.push(...text.split("\n").filter((l) => l !== ""));
    return name;
  }

  /** A statement's lines behind those that it needs before it. */
  around(print: () => readonly string[]): string[] {
    return this.within([], () => {
      const lines = print();
      return [...(this.lines ?? []), ...lines];
    });
  }

  /** What is computed again and again has no statement of its own before it. */
  without<T>(print: () => T): T {
    return this.within(undefined, print);
  }

  private within<T>(lines: string[] | undefined, print: () => T): T {
    const outer = this.lines;
    this.lines = lines;
    try {
      return print();
    } finally {
      this.lines = outer;
    }
  }
}
