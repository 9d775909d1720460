/** What reports say of the functions of a module, as numbers: of one module, and of many together. */
import { knownFunctions } from "../../src/report/known.ts";
import { countProofs } from "../../src/report/proofs.ts";
import type { Report } from "../../src/report/schema.ts";

export interface ProofFigures {
  functions: number;
  /** Against the lowered C; and of these, against the C as it was written. */
  proved: number;
  againstC: number;
  /** Neither proved nor seen to run in both boots; absent where nothing was booted. */
  unseen?: number;
  /** Of the proofs, and of the module's own build as C; absent where either was kept from an earlier run. */
  seconds?: { proofs: number; c: number };
}

/** @returns undefined where no proof was looked for */
export function proofFigures(report: Report): ProofFigures | undefined {
  const { proofs, observed } = report;
  if (proofs === undefined || proofs.leftOut !== undefined) return undefined;
  const { functions, none, againstC } = countProofs(proofs);
  const stage = (name: string) => report.stages.find((s) => s.name === name && s.cached !== true);
  const [proving, capture] = [stage("prove"), stage("capture")];
  const isBooted = observed !== undefined && observed.leftOut === undefined;
  return {
    functions,
    proved: functions - none,
    againstC,
    ...(isBooted ? { unseen: knownFunctions(report).filter((f) => f.known === "none").length } : {}),
    ...(proving && capture ? { seconds: { proofs: proving.seconds, c: capture.seconds } } : {}),
  };
}

/** `43 of 45, 39 against the C`. */
export function figuresOf(f: ProofFigures | undefined): string {
  return f === undefined ? "" : `${f.proved} of ${f.functions}, ${f.againstC} against the C`;
}

/** All together: `842 of 878 functions are proved (95.9 %), 678 of them against the C as it was written (77.2 %)`. */
export function sumOfFigures(all: readonly (ProofFigures | undefined)[]): string {
  const known = all.filter((f) => f !== undefined);
  const sum = (of: (f: ProofFigures) => number): number => known.reduce((n, f) => n + of(f), 0);
  const [functions, booted] = [sum((f) => f.functions), known.filter((f) => f.unseen !== undefined)];
  const percent = (n: number, whole: number): string => `${((100 * n) / Math.max(1, whole)).toFixed(1)} %`;
  const parts = [
    `${sum((f) => f.proved)} of ${functions} functions of ${known.length} modules are proved (${percent(
      sum((f) => f.proved),
      functions,
    )}), ${sum((f) => f.againstC)} against the C as it was written (${percent(
      sum((f) => f.againstC),
      functions,
    )})`,
  ];
  if (booted.length > 0) {
    const [unseen, whole] = [
      booted.reduce((n, f) => n + (f.unseen ?? 0), 0),
      booted.reduce((n, f) => n + f.functions, 0),
    ];
    parts.push(
      `${unseen} of the ${whole} functions of those that were booted are neither proved nor observed (${percent(unseen, whole)})`,
    );
  }
  const timed = known.filter((f) => f.seconds !== undefined);
  const ratios = timed
    .map((f) => (f.seconds?.proofs ?? 0) / Math.max(0.1, f.seconds?.c ?? 0))
    .toSorted((a, b) => a - b);
  if (ratios.length > 0)
    parts.push(
      `proving took a median of ${(ratios[ratios.length >> 1] as number).toFixed(1)} times what the module's C build took`,
    );
  return parts.join("; ");
}
