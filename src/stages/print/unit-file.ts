/** Which of the files that facts speak of a unit is. */
import path from "node:path";
import type { Facts } from "../../facts/schema.ts";

/** Which of the facts' files is the unit's own: the compiler may have read another one before it. */
export function mainFile(facts: Facts, file: string): number {
  const is = (same: (name: string) => boolean): number => facts.files.findIndex((f) => f.own && same(f.path));
  const exact = is((name) => path.resolve(name) === path.resolve(file));
  return exact >= 0
    ? exact
    : Math.max(
        0,
        is((name) => path.basename(name) === path.basename(file)),
      );
}
