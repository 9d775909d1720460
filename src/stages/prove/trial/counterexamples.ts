/** Runs what could not be proved, to tell what differs from what was only not shown to be the same. */
import { log } from "../../../machine/log.ts";
import type { Outcome } from "../compared.ts";
import type { Model } from "../model.ts";
import type { Task } from "../obligations.ts";
import type { Side } from "../sides.ts";
import { attempt } from "../tasks.ts";
import { tryFunction } from "./index.ts";

/** @returns by key, in words, what was seen to differ */
export async function counterexamples(
  sides: readonly [Side, Side],
  keys: readonly string[],
  outcomes: ReadonlyMap<string, Outcome>,
  modelsOf: (task: Task) => Promise<Model[]>,
): Promise<Map<string, string>> {
  const out = new Map<string, string>();
  for (const [key, outcome] of outcomes) {
    if (outcome.same) continue;
    const models = outcome.task === undefined ? [] : await modelsOf(outcome.task);
    const why = attempt(() => {
      const { found, compared, givenUp } = tryFunction(key, { sides, keys, models });
      log.debug(
        `${key}: run with ${compared} inputs, ${models.length} of them the solver's: ${JSON.stringify(givenUp)}`,
      );
      if (found !== undefined) out.set(key, `${found.inputs}: ${found.difference}`);
    });
    if (why !== undefined) log.debug(`${key} is not run: ${why}`);
  }
  return out;
}
