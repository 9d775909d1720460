/** What a macro is in Rust, of all its uses. */
import { armsOf, type Rule, skeletonOf, unify } from "./macro-rule.ts";
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
    if (rule) return [rule];
  }
  return [];
}
