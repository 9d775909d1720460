/** Says of a stage that its result is an earlier run's, and from when: one word or a few, or none. */
import type { StageResult } from "./schema.ts";

export function fromBefore(stage: Pick<StageResult, "cached" | "reused">): string[] {
  if (stage.reused !== undefined) return [`reused, of ${stage.reused.slice(0, 16).replace("T", " ")} UTC`];
  return stage.cached ? ["cached"] : [];
}
