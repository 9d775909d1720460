/** All rules for expressions, by the kind of node that they print. */
import type { ExpressionRule } from "./expression-rule.ts";
import { callRules } from "./calls.ts";
import { conversions } from "./casts.ts";
import { compounds } from "./compounds.ts";
import { literals } from "./literals.ts";
import { operators } from "./operators.ts";
import { places } from "./places.ts";
import { sizeRules } from "./sizes.ts";

export const allExpressionRules: readonly ExpressionRule[] = [
  ...literals,
  ...places,
  ...operators,
  ...conversions,
  ...callRules,
  ...compounds,
  ...sizeRules,
];

export const expressionRules: ReadonlyMap<string, ExpressionRule> = new Map(
  allExpressionRules.flatMap((r) => r.kinds.map((k) => [k, r] as const)),
);
