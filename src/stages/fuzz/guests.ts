/** The guests that calls are made in: both modules, each in a fresh one, the same for every list. */
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Kernel } from "../../toolchain/kernel.ts";
import type { Executed, ReachedByCalls } from "../boot/execution.ts";
import { type BootOptions, bootModule, type BootSubject, type Exercise } from "../boot/index.ts";
import type { Make, Outcome } from "./outcome.ts";

/** Milliseconds that a list may take. */
const PATIENCE = 30_000;
const NOTHING_REACHED: ReachedByCalls = { places: new Map(), unfinished: 0 };

export interface Guests {
  make: Make;
  /** What the module's exercise has it loaded with. */
  own: Pick<Exercise, "params" | "devices">;
  /** What the C module offers, and what of it runs when all that it shows is read. */
  look(): Promise<{ offers: readonly string[]; executed: Executed }>;
}

/**
 * @param options as the modules are booted otherwise: parameters and devices of their exercise are kept
 * @param scratch for lists
 */
export function guestsFor(
  subjects: { c: BootSubject; rust: BootSubject },
  kernel: Kernel,
  options: BootOptions,
  scratch: string,
): Guests {
  // What the kernel asked for in one run the next ones have from the start.
  const requests = new Set(options.requests);
  const own = options.exercise === "none" ? undefined : options.exercise;
  const kept = {
    ...(own?.params === undefined ? {} : { params: own.params }),
    ...(own?.devices ? { devices: own.devices } : {}),
  };
  let lists = 0;
  const boot = async (side: "c" | "rust", exercise: Exercise | undefined, more: BootOptions = {}): Promise<Outcome> => {
    let [executed, reached]: [Executed, ReachedByCalls] = [{}, NOTHING_REACHED];
    const { exercise: _, ...others } = options;
    const run = await bootModule(subjects[side], kernel, {
      ...others,
      ...(exercise === undefined ? {} : { exercise }),
      ...more,
      ...(requests.size > 0 ? { requests: [...requests] } : {}),
      // Once is enough, and only the emulation tells what runs.
      loads: 1,
      emulated: true,
      onExecuted: (e, by) => ([executed, reached] = [e, by]),
    });
    for (const { name } of run.requests ?? []) requests.add(name);
    return { run, executed, reached };
  };
  return {
    own: kept,
    async make(side, list) {
      const file = path.join(scratch, `calls-${++lists}`);
      await writeFile(file, list);
      try {
        const exercise = { ...kept, files: { list: file }, command: "calls < list" };
        return await boot(side, exercise, { timeouts: { exercise: PATIENCE } });
      } finally {
        await rm(file);
      }
    },
    async look() {
      let offers: readonly string[] = [];
      const reading = Object.keys(kept).length === 0 ? undefined : { ...kept, files: {}, command: ":" };
      const { executed } = await boot("c", reading, { onOffers: (told) => (offers = told) });
      return { offers, executed };
    },
  };
}
