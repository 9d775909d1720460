/**
 * Which inline functions choose by what the compiler knows of their arguments, themselves or in what they call: `kmalloc()` its cache,
 * `copy_from_user()` whether the size has to be checked while it runs, `strlen()` where the array ends. Behind a wrapper every argument is
 * a variable.
 */
import type { PlacedDeclaration } from "./preprocess.ts";

/** What asks how large an object is. */
export const SIZE_BUILTINS: readonly string[] = ["__builtin_object_size", "__builtin_dynamic_object_size"];

export class Choosers {
  private readonly inlines: ReadonlyMap<string, PlacedDeclaration>;
  private readonly constants = new Map<PlacedDeclaration, boolean>();
  private readonly sizes = new Map<PlacedDeclaration, boolean>();
  constructor(declarations: readonly PlacedDeclaration[]) {
    this.inlines = new Map(
      declarations.flatMap((d) => (d.kind === "function" && !d.own ? [[d.names[0] as string, d]] : [])),
    );
  }

  /** Whether a function chooses by constants. */
  byConstants(d: PlacedDeclaration): boolean {
    return this.asks(d, ["__builtin_constant_p"], this.constants);
  }

  /** Whether it chooses by how large the objects are that its arguments point to. */
  bySizes(d: PlacedDeclaration): boolean {
    return this.asks(d, SIZE_BUILTINS, this.sizes);
  }

  private asks(d: PlacedDeclaration, builtins: readonly string[], known: Map<PlacedDeclaration, boolean>): boolean {
    const before = known.get(d);
    if (before !== undefined) return before;
    known.set(d, false);
    const asks =
      builtins.some((b) => d.mentions.has(b)) ||
      [...d.mentions].some((m) => {
        const called = this.inlines.get(m);
        return called !== undefined && this.asks(called, builtins, known);
      });
    known.set(d, asks);
    return asks;
  }
}
