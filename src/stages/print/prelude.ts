/** What a statement needs before it: C's objects without a name are variables of Rust. */
import { CannotPrint } from "./crate-types.ts";

export class Prelude {
  private lines: string[] | undefined;
  /** The names of the objects before the statement, by their expressions in C. */
  private names = new Map<number, string>();
  /** How often the statement asked for one: what did has its text with that statement alone. */
  asked = 0;

  /**
   * Declares an object before the statement that is printed, once however often it is asked for.
   * @param named the name of the `n`th one of a statement: another, or one would hide the other
   * @returns its name
   */
  declare(object: number, named: (n: number) => string, text: (name: string) => readonly string[]): string {
    this.asked++;
    const known = this.names.get(object);
    if (known !== undefined) return known;
    if (this.lines === undefined) throw new CannotPrint("an object without a name where none can be declared");
    const name = named(this.names.size + 1);
    this.names.set(object, name);
    this.lines.push(...text(name));
    return name;
  }

  /** A statement's lines behind those that it needs before it. */
  around(print: () => readonly string[]): string[] {
    const [lines, before] = this.beside(print);
    return [...before, ...lines];
  }

  /** What is printed, and the lines that it needs before it. */
  beside<T>(print: () => T): [T, string[]] {
    const lines: string[] = [];
    return [this.within(lines, print), lines];
  }

  /** What is computed again and again has no statement of its own before it. */
  without<T>(print: () => T): T {
    return this.within(undefined, print);
  }

  /** An assignment that is said before the expression that is printed, and whether that asked for it. */
  private before: { assignment: number; said: boolean } | undefined;

  /** Prints what begins with an assignment that can be said before it. */
  apart<T>(assignment: number, print: () => T): { value: T; said: boolean } {
    const outer = this.before;
    const own = { assignment, said: false };
    this.before = own;
    try {
      return { value: print(), said: own.said };
    } finally {
      this.before = outer;
    }
  }

  /** Whether an assignment is said before the expression that is printed, which has its value alone. */
  isSaidBefore(assignment: number): boolean {
    if (this.before?.assignment !== assignment) return false;
    this.asked++;
    return (this.before.said = true);
  }

  private within<T>(lines: string[] | undefined, print: () => T): T {
    const outer = [this.lines, this.names, this.asked] as const;
    [this.lines, this.names] = [lines, new Map()];
    try {
      return print();
    } finally {
      [this.lines, this.names, this.asked] = outer;
    }
  }
}
