/**
 * Which inline functions choose by what the compiler knows of their arguments, themselves or in what they call: `kmalloc()` its cache,
 * `copy_from_user()` whether the size has to be checked while it runs. Behind a wrapper every argument is a variable.
 */
import type { PlacedDeclaration } from "./preprocess.ts";

export class Choosers {
  private readonly inlines: ReadonlyMap<string, PlacedDeclaration>;
  private readonly known = new Map<PlacedDeclaration, boolean>();
  constructor(declarations: readonly PlacedDeclaration[]) {
    this.inlines = new Map(
      declarations.flatMap((d) => (d.kind === "function" && !d.own ? [[d.names[0] as string, d]] : [])),
    );
  }

  has(d: PlacedDeclaration): boolean {
    const known = this.known.get(d);
    if (known !== undefined) return known;
    this.known.set(d, false);
    const chooses =
      d.mentions.has("__builtin_constant_p") ||
      [...d.mentions].some((m) => {
        const called = this.inlines.get(m);
        return called !== undefined && this.has(called);
      });
    this.known.set(d, chooses);
    return chooses;
  }
}
