/** For each function of a module the strongest reason there is to believe that the Rust does what the C does. */
import { phraseOf } from "./phrase.ts";
import { listed, proofWords, provenWords } from "./proofs.ts";
import type { Observed } from "./evidence-schema.ts";
import type { Report } from "./schema.ts";

export interface KnownFunction {
  name: string;
  file: string;
  /** `observed`: it ran in both boots. `none`: neither proved nor seen to run in both. */
  known: "same-code" | "proved" | "observed" | "none";
  /** Of a function that ran in both boots: the share of its blocks that did, in the module where that is less; 0 to 1. */
  share?: number;
  /** Why it is not more. */
  reason?: string;
}

type Observation = Observed["functions"][number];

/** Of what was looked at; of functions that only a proof was looked for of, where nothing was observed, and the other way round. */
export function knownFunctions({ proofs, observed }: Pick<Report, "proofs" | "observed">): KnownFunction[] {
  const keyOf = (f: { name: string; file: string }): string => JSON.stringify([f.file, f.name]);
  const ran = new Map((observed?.functions ?? []).map((f) => [keyOf(f), f]));
  const tried = proofs?.functions ?? [];
  const proved = new Set(tried.map(keyOf));
  const rest = (observed?.functions ?? []).filter((f) => !proved.has(keyOf(f)));
  return [
    ...tried.map((f): KnownFunction => {
      const { name, file, tier, reason } = f;
      const seen = ran.get(keyOf(f));
      const share = seen && shareOf(seen);
      if (tier !== "none") return { name, file, known: tier, ...(share === undefined ? {} : { share }) };
      if (share !== undefined)
        return { name, file, known: "observed", share, ...(reason === undefined ? {} : { reason }) };
      const unseen = seen && whyUnseen(seen);
      const reasons = [reason, unseen].filter((r) => r !== undefined);
      return { name, file, known: "none", ...(reasons.length === 0 ? {} : { reason: reasons.join("; ") }) };
    }),
    ...rest.map((f): KnownFunction => {
      const share = shareOf(f);
      return share === undefined
        ? { name: f.name, file: f.file, known: "none", reason: whyUnseen(f) ?? "it was not looked at" }
        : { name: f.name, file: f.file, known: "observed", share };
    }),
  ];
}

/** Functions of which nothing is proved: those that no boot has run first. */
export function functionsToReview(report: Pick<Report, "proofs" | "observed">): KnownFunction[] {
  const left = knownFunctions(report).filter((f) => f.known === "none" || f.known === "observed");
  return left.sort((a, b) => Number(b.known === "none") - Number(a.known === "none"));
}

/** @returns undefined for a function that did not run, or was not seen to, in both boots */
function shareOf({ c, rust }: Observation): number | undefined {
  if (c === undefined || rust === undefined || c.ran === 0 || rust.ran === 0) return undefined;
  return Math.min(c.ran / c.blocks, rust.ran / rust.blocks);
}

function whyUnseen({ c, rust }: Observation): string | undefined {
  const without = [...(c === undefined ? ["C"] : []), ...(rust === undefined ? ["Rust"] : [])];
  if (without.length > 0)
    return `it has no symbol of its own in the ${without.join(" and the ")} module: it lies in its callers`;
  const unrun = [...(c?.ran === 0 ? ["C"] : []), ...(rust?.ran === 0 ? ["Rust"] : [])];
  return unrun.length === 0 ? undefined : `it did not run in the ${unrun.join(" and the ")} boot`;
}

/** Of the functions without a proof: `83 % of its blocks`. */
export function shareWords(share: number): string {
  return `${Math.floor(100 * share)} % of its blocks`;
}

/** `54 functions: 49 same code, 3 proved, 1 observed: ring_classify (83 % of its blocks), 1 not looked at: ring_wait`. */
export function knownWords(report: Pick<Report, "proofs" | "observed">): string | undefined {
  const { proofs, observed } = report;
  if (observed === undefined || observed.leftOut !== undefined) return proofs && proofWords(proofs);
  const all = knownFunctions(report);
  const of = (known: KnownFunction["known"]): KnownFunction[] => all.filter((f) => f.known === known);
  const [seen, none] = [of("observed"), of("none")];
  const shown = seen.map((f) => `${f.name} (${shareWords(f.share ?? 0)})`);
  const seenAndNone = [
    ...(seen.length > 0 ? [`${seen.length} observed: ${listed(shown)}`] : []),
    ...(none.length > 0 ? [`${none.length} not looked at: ${listed(none.map((f) => f.name))}`] : []),
  ];
  if (proofs === undefined || proofs.leftOut !== undefined)
    return `${proofs === undefined ? "" : `${proofWords(proofs)}; `}${counted(all.length)}: ${seen.length} observed${none.length > 0 ? `, ${none.length} not looked at: ${listed(none.map((f) => f.name))}` : ""}`;
  return `${counted(all.length)}: ${[provenWords(proofs), ...seenAndNone].join(", ")}`;
}

function counted(functions: number): string {
  return `${functions} ${functions === 1 ? "function" : "functions"}`;
}

/** The line as a phrase; empty where nothing was looked at. */
export function knownPhrase(report: Pick<Report, "proofs" | "observed">): ReturnType<typeof phraseOf> | undefined {
  const words = knownWords(report);
  return words === undefined ? undefined : phraseOf(words);
}
