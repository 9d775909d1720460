/**
 * The controls that guard a run: a few that take no time are booted once on each new saved guest (another kernel, machine, agent or QEMU).
 * While one of them is not named rightly, nothing that a guest says of a real module can be believed.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../../machine/cache.ts";
import { log } from "../../machine/log.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { bootControl, buildControls } from "./control-run.ts";
import { type Control, CONTROLS } from "./controls.ts";
import { machineShape } from "./guest-run.ts";
import { guestKey } from "./saved-guest.ts";

/** One that is well, one that fails, one that crashes, one that is warned of. */
const GUARDS = CONTROLS.filter((c) => ["good", "init returns an error", "oops in init", "WARN"].includes(c.name));

/** Answers of this process; runs that ask at once share one. */
const known = new Map<string, Promise<string | undefined>>();

/** Why this kernel's guest cannot be believed; undefined when it can. That it can is kept in the cache, that it cannot is asked anew by each process. */
export async function controlThatFails(
  kernel: Kernel,
  guards: readonly Control[] = GUARDS,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const shape = await machineShape(kernel);
  const dir = await buildControls(kernel);
  const key = contentKey([
    await guestKey(shape),
    path.basename(dir),
    ...guards.map((g) => `${g.name} ${g.source} ${g.damage} ${g.use} ${g.holds}`),
  ]);
  const answer = known.get(key) ?? ask(key, guards, dir, kernel, signal);
  known.set(key, answer);
  return answer.catch((e: unknown) => {
    known.delete(key);
    throw e;
  });
}

/** A control that did not get its name ends the cache entry in the making. */
class WronglyNamed extends Error {}

async function ask(
  key: string,
  guards: readonly Control[],
  dir: string,
  kernel: Kernel,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    await cached("boot-guard", key, async (beside) => {
      for (const control of guards) {
        const got = await bootControl(control, dir, kernel, { signal });
        if (!control.holds(got))
          throw new WronglyNamed(
            `the control "${control.name}" should be ${control.expected}; it is ${got.status}${got.message === undefined ? "" : `: ${got.message}`}`,
          );
      }
      log.debug(`the guest of kernel ${kernel.release} names ${guards.length} controls rightly`);
      await writeFile(path.join(beside, "controls"), guards.map((g) => `${g.name}\n`).join(""));
    });
    return undefined;
  } catch (e) {
    if (e instanceof WronglyNamed) return e.message;
    throw e;
  }
}
