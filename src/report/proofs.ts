/** What is known of the functions of a module, in words and numbers. */
import type { Proofs } from "./evidence-schema.ts";
import type { Delta } from "./schema.ts";

export interface ProofCounts {
  functions: number;
  sameCode: number;
  proved: number;
  none: number;
  /** Of those with a proof: that it is of the C as it was written, and that it is of the lowered C alone. */
  againstC: number;
  againstLowered: number;
}

export function countProofs({ functions }: Proofs): ProofCounts {
  const of = (tier: string): number => functions.filter((f) => f.tier === tier).length;
  return {
    functions: functions.length,
    sameCode: of("same-code"),
    proved: of("proved"),
    none: of("none"),
    againstC: functions.filter((f) => f.against === "C").length,
    againstLowered: functions.filter((f) => f.against === "lowered C").length,
  };
}

/** Names shown of the functions that nothing is known of. */
const SHOWN = 6;

/** A few names, each once. */
export function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  return `${all.slice(0, SHOWN).join(", ")}${all.length > SHOWN ? ", …" : ""}`;
}

/** `52 functions: 50 same code, 1 proved, 1 not looked at: ring_wait`. */
export function proofWords(proofs: Proofs): string {
  if (proofs.leftOut !== undefined) return `nothing is proved: ${proofs.leftOut}`;
  const { functions, none } = countProofs(proofs);
  const names = proofs.functions.filter((f) => f.tier === "none").map((f) => f.name);
  const parts = [provenWords(proofs), ...(none > 0 ? [`${none} not proved: ${listed(names)}`] : [])];
  return `${functions} ${functions === 1 ? "function" : "functions"}: ${parts.join(", ")}`;
}

/** `49 same code, 3 proved (50 of them against the C, 2 against the lowered C)`. */
export function provenWords(proofs: Proofs): string {
  const { sameCode, proved, againstC, againstLowered } = countProofs(proofs);
  const against =
    againstC + againstLowered === 0
      ? ""
      : againstLowered === 0
        ? " (against the C)"
        : againstC === 0
          ? " (against the lowered C)"
          : ` (${againstC} against the C, ${againstLowered} against the lowered C)`;
  return `${[`${sameCode} same code`, ...(proved > 0 ? [`${proved} proved`] : [])].join(", ")}${against}`;
}

/** `since main: ring_wait no longer proved, ring_read proved by now`; empty where nothing changed. */
export function proofChangeWords({ base, proofs }: Pick<Delta, "base" | "proofs">): string {
  const parts = [
    ...(proofs === undefined || proofs.lost.length === 0 ? [] : [`${listed(proofs.lost)} no longer proved`]),
    ...(proofs === undefined || proofs.gained.length === 0 ? [] : [`${listed(proofs.gained)} proved by now`]),
  ];
  return parts.length === 0 ? "" : `since ${base}: ${parts.join(", ")}`;
}

/** The share of a module's functions that is the same code or proved, in percent; of a module without functions all are. */
export function provedPercent(proofs: Proofs): number {
  const { functions, none } = countProofs(proofs);
  return functions === 0 ? (proofs.leftOut === undefined ? 100 : 0) : (100 * (functions - none)) / functions;
}

/** Whether a text is a share that can be asked for. */
export function isPercent(text: string): boolean {
  return /^\d{1,3}(?:\.\d+)?$/.test(text) && Number(text) <= 100;
}
