/** Which stage made a difference, in words: what the three-way comparison with the lowered C has shown of a finding. */
import type { Finding } from "./schema.ts";

const WORDS: Record<NonNullable<Finding["stage"]>, string> = {
  lower: "the lowered C does it too: lower made it",
  transpile: "the lowered C is like the C here: transpile made it",
  both: "the lowered C differs here too, but otherwise: lower and transpile both made it",
};

/** Undefined where no stage is known. */
export function stageWords(finding: Finding): string | undefined {
  return finding.stage === undefined ? undefined : WORDS[finding.stage];
}
