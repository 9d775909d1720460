/**
 * Functions of the module's own headers: in C each unit that includes them has its own, and the crate has them once. What calls one of them is
 * given it under the name by which that unit's is compared, as far as it is.
 */
import { nameInHeaders, type Part, type Side, unitOf } from "./sides.ts";

export class HeaderFunctions {
  /** Keys of functions that are a unit's own, by their names there. */
  private readonly byName: ReadonlyMap<string, readonly string[]>;
  /** @param own keys of the functions that are compared */
  constructor(own: ReadonlySet<string>) {
    this.byName = Map.groupBy(
      [...own].filter((k) => unitOf(k) !== undefined),
      (k) => k.slice(k.indexOf("::") + 2),
    );
  }

  /**
   * The key of a function that a part names.
   * @param unit whose function names it; undefined where that is not known, and then only one unit may have it
   */
  keyOf(side: Side, part: Part, symbol: string, unit: string | undefined): string {
    const key = side.functionKey(part, symbol);
    const name = nameInHeaders(key);
    if (name === undefined) return key;
    const all = this.byName.get(name) ?? [];
    const as = unit === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((k) => unitOf(k) === unit);
    // The crate may have one in the unit as well.
    return as !== undefined && side.isFound(as, part, symbol) ? as : key;
  }
}
