/**
 * Verdicts of earlier searches, from which the next one begins: a function of which nothing changed that its verdict can depend on need not
 * be refused form by form again. They are believed as little as the printed texts are: what a search ends with is compiled and compared,
 * and one that contradicts a verdict begins without any (settle.ts).
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { contentKey } from "../../machine/cache.ts";
import { ownCode } from "../../machine/own-code.ts";
import { cachedResult, knownResult } from "../../machine/result-store.ts";
import { type Candidate, type CandidateKey, candidateKey } from "./candidate.ts";
import { SurroundingsOf } from "./surroundings.ts";
import { isWhole } from "./whole-text.ts";

/** A form that was taken behind others that were not, with why the best was not. */
export type Verdict = { form?: number; reason: string };

const KIND = "verdict";
const FILE = "verdict.json";
const kept = z.object({ form: z.number().int().nonnegative().optional(), reason: z.string() });

export class Verdicts {
  private readonly keys: ReadonlyMap<CandidateKey, string>;
  private constructor(keys: ReadonlyMap<CandidateKey, string>) {
    this.keys = keys;
  }

  /**
   * @param compiler what the crate's code depends on besides its sources
   * @param base the port as c2rust has it
   */
  static async of(
    compiler: string,
    base: string,
    candidates: readonly Candidate[],
    macro: (name: string) => string | undefined,
  ): Promise<Verdicts> {
    const around = await SurroundingsOf.of(base, candidates, macro);
    const own = await ownCode();
    return new Verdicts(
      new Map(
        candidates.map((c) => [
          candidateKey(c),
          contentKey([own, compiler, around.key(c.unit, c.name), ...c.texts.map((t) => String(isWhole(t)))]),
        ]),
      ),
    );
  }

  /** Those that are known. A function without one begins with its best form. */
  async known(): Promise<Map<CandidateKey, Verdict>> {
    const found = await Promise.all(
      [...this.keys].map(async ([candidate, key]) => {
        const dir = await knownResult(KIND, key);
        const text =
          dir === undefined ? undefined : await readFile(path.join(dir, FILE), "utf8").catch(() => undefined);
        const verdict = text === undefined ? undefined : readVerdict(text);
        return verdict === undefined ? [] : [[candidate, verdict] as const];
      }),
    );
    return new Map(found.flat());
  }

  async keep(verdicts: ReadonlyMap<CandidateKey, Verdict>): Promise<void> {
    for (const [candidate, verdict] of verdicts) {
      const key = this.keys.get(candidate);
      if (key !== undefined)
        await cachedResult(KIND, key, (into) => writeFile(path.join(into, FILE), JSON.stringify(verdict)));
    }
  }
}

/** What a disk has damaged is as good as nothing. */
function readVerdict(text: string): Verdict | undefined {
  try {
    return kept.parse(JSON.parse(text)) as Verdict;
  } catch {
    return undefined;
  }
}
