/** What a macro is in Rust, of all its uses. */
import { armsOf, isFor, type Rule, skeletonOf, unify } from "./macro-rule.ts";
import { rustName } from "./rust-text.ts";
import type { MacroUse } from "./template.ts";

/** Its arms; none where no two uses go together. */
export function settledRules(uses: readonly MacroUse[]): Rule[] {
  const direct = (group: readonly MacroUse[]): number => group.filter((u) => u.isDirect).length;
  const groups = [...Map.groupBy(uses, skeletonOf).values()].sort(
    (a, b) => direct(b) - direct(a) || b.length - a.length,
  );
  const arms = groups.length > 1 ? armsOf(groups) : undefined;
  if (arms) return arms;
  for (const group of groups) {
    // Where they do not go together, those that read the same do.
    const [alike = []] = [...Map.groupBy(group, (u) => u.body).values()].sort((a, b) => b.length - a.length);
    const rule = unify(group) ?? unify(alike);
    if (rule) return [rule, ...ofOtherTypes(rule, uses)];
  }
  return [];
}

/** Arms of a macro whose body is another one where its value is of another integer: `ALIGN!(n, 8)`, and `ALIGN!(size, align, as u32)`. */
function ofOtherTypes(rule: Rule, uses: readonly MacroUse[]): Rule[] {
  const isSaid = (u: MacroUse): boolean => isFor(rule, u) && rule.fits(u) !== undefined;
  const typeOf = (u: MacroUse): string => (u.isStatement || u.type.k !== "int" ? "" : rustName(u.type));
  const said = new Set(uses.filter(isSaid).map(typeOf));
  const others = Map.groupBy(
    uses.filter((u) => !isSaid(u)),
    typeOf,
  );
  return [...others].flatMap(([type, all]) => {
    // The word says nothing where the first arm has that type as well.
    if (type === "" || said.has(type)) return [];
    const [group = []] = [...Map.groupBy(all, skeletonOf).values()].sort((a, b) => b.length - a.length);
    const made = unify(group);
    if (made === undefined || made.parameters.some((q) => q.kind === "rest" || q.kind === "block")) return [];
    return [{ ...made, result: type }];
  });
}
