/** Boots the `.ko` files of one module, the C one and what was made of it, all in the same way. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../machine/cache.ts";
import { StageError, UserError } from "../machine/errors.ts";
import type { BootRun, Finding } from "../report/schema.ts";
import { accelerator } from "../stages/boot/accelerator.ts";
import { settleChance } from "../stages/boot/chance.ts";
import type { Executed } from "../stages/boot/execution.ts";
import { findExercise, loadExercise } from "../stages/boot/exercise.ts";
import { type BootOptions, bootModule, type BootSubject } from "../stages/boot/index.ts";
import { withPatience } from "../stages/boot/patience.ts";
import type { CapturedModule } from "../stages/capture/captured-modules.ts";
import type { Kernel } from "../toolchain/kernel.ts";

/**
 * Saved guests hold the same random numbers and the same heap: what depends on where SLUB puts an object (CONFIG_SLAB_FREELIST_RANDOM draws
 * the order once a boot) is the same in each run of one module there, and another for a module that is a section longer.
 */
const ANEW: BootOptions = { start: "cold" };

/** What of each module's code ran. */
export interface ExecutedInBoth {
  c: Executed;
  rust: Executed;
}

export class ModuleBoots {
  readonly exercised: boolean;
  private readonly module: CapturedModule;
  private readonly siblings: string[];
  private readonly kernel: Kernel;
  private options: BootOptions;
  /** The C module's further runs. */
  private readonly again: Promise<BootRun>[] = [];
  /** By `.ko` file, what of it ran when it was booted last. */
  private readonly executed = new Map<string, Executed>();
  private constructor(module: CapturedModule, siblings: string[], kernel: Kernel, options: BootOptions) {
    this.module = module;
    this.siblings = siblings;
    this.kernel = kernel;
    this.options = options;
    this.exercised = options.exercise !== undefined;
  }

  /**
   * @param all the modules that were built together
   * @param folders where an exercise is looked for, the first one first
   * @param bound where a link to an exercise may lead
   * @param scratch for the exercise's files
   */
  static async of(
    module: CapturedModule,
    all: readonly CapturedModule[],
    kernel: Kernel,
    folders: [string, string],
    bound: string,
    scratch: string,
    signal?: AbortSignal,
  ): Promise<ModuleBoots> {
    const found = await findExercise(...folders, bound);
    return new ModuleBoots(
      module,
      all.filter((m) => m !== module).map((m) => m.ko),
      kernel,
      {
        ...(found === undefined
          ? {}
          : { exercise: await loadExercise(found, path.join(scratch, "exercise"), { readable: [folders[1]] }) }),
        ...(signal ? { signal } : {}),
      },
    );
  }

  /** The C module and another; where patience was needed, later runs have it too. */
  async both(ko: string): Promise<readonly [BootRun, BootRun]> {
    const pair = (more: BootOptions): Promise<[BootRun, BootRun]> =>
      Promise.all([this.boot(this.module.ko, more), this.boot(ko, more)]);
    const { runs, more } = await withPatience(await pair({}), pair);
    // Later runs have from the start what these had to ask for.
    const asked = new Set(runs.flatMap((run) => run.requests ?? []).map((r) => r.name));
    this.options = { ...this.options, ...more, ...(asked.size > 0 ? { requests: [...asked] } : {}) };
    return runs;
  }

  /**
   * What ran of the C module and another in `both`. Under KVM nobody can tell: they run once more, emulated, and nothing else is read off
   * that run.
   */
  async whatRan(ko: string): Promise<ExecutedInBoth | undefined> {
    const files = [this.module.ko, ko];
    if ((await accelerator()) === "kvm") await Promise.all(files.map((file) => this.boot(file, { emulated: true })));
    const [c, rust] = files.map((file) => this.executed.get(file));
    return c === undefined || rust === undefined ? undefined : { c, rust };
  }

  /** Whether each module ran once, as it does when nothing is slow, asked for or doubtful. */
  get uneventful(): boolean {
    return this.again.length === 0 && this.options.patience === undefined && this.options.requests === undefined;
  }

  /** The files of the C module, of another, and of those that are loaded with them. */
  files(ko: string): string[] {
    return [this.module.ko, ko, ...this.siblings];
  }

  /** All that is known of the exercise, for a key: its files by their contents. */
  async exerciseKey(): Promise<string> {
    const { exercise } = this.options;
    if (exercise === undefined || exercise === "none") return "";
    const files = await Promise.all(
      Object.entries(exercise.files)
        .sort()
        .map(async ([name, file]) => [name, contentKey([await readFile(file)])]),
    );
    return JSON.stringify([exercise.command, exercise.params, exercise.devices, files]);
  }

  /** What a module is booted as, and how: for runs of another kind. */
  way(ko: string): { subject: BootSubject; options: BootOptions } {
    return { subject: { ko, siblings: this.siblings }, options: this.options };
  }

  run(ko: string): Promise<BootRun> {
    return this.boot(ko, {});
  }

  /**
   * What one run does otherwise than another; the C module is booted again where that may be chance.
   * @param c the C module's run
   */
  async differences(one: BootRun, other: BootRun, c: BootRun): Promise<Finding[]> {
    return settleChance(one, other, c, (n) => (this.again[n] ??= this.boot(this.module.ko, n === 0 ? {} : ANEW)));
  }

  private boot(ko: string, more: BootOptions): Promise<BootRun> {
    return bootModule({ ko, siblings: this.siblings }, this.kernel, {
      ...this.options,
      ...more,
      onExecuted: (executed) => this.executed.set(ko, executed),
    }).catch((error: unknown) => {
      // The file is the module's, not the user's.
      throw error instanceof UserError
        ? new StageError("boot", error.message.replaceAll(`${path.dirname(ko)}${path.sep}`, ""))
        : error;
    });
  }
}
