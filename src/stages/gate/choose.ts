/**
 * Chooses for each function the best of its texts that changes nothing: the crate must stay the same machine code, data and volatile
 * accesses. Inlining spreads a difference into callers, so that the whole crate is compared, and the culprit is found by halving.
 */
import type { Texts } from "./compile.ts";
import { compareDigests, type Comparison, type Digest } from "./same-code.ts";

/** A function, and how many texts there are for it besides that of the reference. Form 0 is the one that is liked best. */
export interface Variant {
  name: string;
  forms: number;
}

/** Which form each function has; a function that is not named has the reference's text. */
export type Choice = ReadonlyMap<string, number>;

export interface GateInput {
  variants: readonly Variant[];
  /** The crate's texts for a choice; for the empty one the reference. */
  render: (choice: Choice) => Texts;
  /** What they become; `refused` where rustc takes them not. */
  compile: (texts: Texts) => Promise<{ digest: Digest } | { refused: string }>;
}

export interface GateResult {
  choice: Map<string, number>;
  /** Of each form that was not taken, why. */
  rejected: { name: string; form: number; why: string }[];
}

/** @throws Error where rustc takes not even the reference */
export async function gate({ variants, render, compile }: GateInput): Promise<GateResult> {
  const reference = await compile(render(new Map()));
  if ("refused" in reference) throw new Error(`the reference does not compile\n${reference.refused}`);
  const result: GateResult = { choice: new Map(), rejected: [] };

  const attempt = async (more: Choice): Promise<Comparison | string> => {
    const compiled = await compile(render(new Map([...result.choice, ...more])));
    return "refused" in compiled ? compiled.refused : compareDigests(reference.digest, compiled.digest);
  };
  const accept = (more: Choice): void => {
    for (const [name, form] of more) result.choice.set(name, form);
  };

  /** Settle functions that have a form left, beside all that is chosen already. */
  const settle = async (open: Choice): Promise<void> => {
    if (open.size === 0) return;
    const outcome = await attempt(open);
    if (typeof outcome !== "string" && outcome.same) return accept(open);
    if (open.size === 1) {
      const [[name, form] = ["", 0]] = open;
      result.rejected.push({ name, form, why: wordOf(outcome) });
      const forms = variants.find((v) => v.name === name)?.forms ?? 0;
      return form + 1 < forms ? settle(new Map([[name, form + 1]])) : undefined;
    }
    for (const part of parts(open, outcome)) await settle(part);
  };

  await settle(new Map(variants.filter((v) => v.forms > 0).map((v) => [v.name, 0])));
  return result;
}

/** Functions that differ themselves are the likely culprits: the others first, all at once. Where that tells nothing, the halves. */
function parts(open: Choice, outcome: Comparison | string): Choice[] {
  if (typeof outcome !== "string") {
    const differing = new Set(outcome.functions.filter((f) => !f.same).map((f) => lastPart(f.name)));
    const [suspects, others] = [[...open].filter(([n]) => differing.has(lastPart(n))), [...open].filter(([n]) => !differing.has(lastPart(n)))];
    if (suspects.length > 0 && others.length > 0) return [new Map(others), new Map(suspects)];
  }
  const all = [...open];
  const middle = Math.ceil(all.length / 2);
  return [new Map(all.slice(0, middle)), new Map(all.slice(middle))];
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf(":") + 1);

/** What stands against a form: rustc's word, or what differs first. */
function wordOf(outcome: Comparison | string): string {
  if (typeof outcome === "string") return outcome;
  const differing = [...outcome.functions, ...outcome.objects].filter((s) => !s.same);
  return differing.slice(0, 3).map((d) => `${d.name}: ${d.why}`).join("; ") + (differing.length > 3 ? ` and ${differing.length - 3} more` : "");
}
