/**
 * Proofs of single functions, each kept under all that it was made of: the text of both, with what is inlined into them, and the tools. Where a
 * unit has changed, only what has changed in it is proved anew. What is not proved is tried again: it
 * may have been ended by a machine's bounds.
 */
import { contentKey } from "../../machine/cache.ts";
import { ownCode } from "../../machine/own-code.ts";
import { keepResult, keptResult } from "../../machine/result-store.ts";
import type { Tool } from "../../toolchain/tools.ts";
import { PIPELINES } from "./pipelines.ts";

export type Tier = "same-code" | "proved";

/** What is known of functions from earlier runs. */
export interface Known {
  /** @param text all that is compared of a function */
  find(text: string): Promise<Tier | undefined>;
  keep(text: string, tier: Tier): Promise<void>;
}

const KIND = "proof";
const FORMAT = "proof 1";

export async function keptProofs(opt: Tool, z3: Tool | undefined): Promise<Known> {
  const tools = [FORMAT, await ownCode(), ...PIPELINES, opt.version, z3?.version ?? ""];
  const keyOf = (text: string): string => contentKey([...tools, text]);
  return {
    find: async (text) => (await keptResult<Tier>(KIND, keyOf(text), ""))?.value,
    keep: async (text, tier) => void (await keepResult(KIND, keyOf(text), "", tier)),
  };
}
