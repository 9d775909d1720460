/** Delta debugging (Zeller and Hildebrandt, 2002): as few of some things as will do. */

/** How often, and until when, a smaller one may be tried. */
export class Budget {
  #tries: number;
  readonly #end: number;
  constructor(tries: number, milliseconds: number) {
    this.#tries = tries;
    this.#end = performance.now() + milliseconds;
  }

  /** Whether there is a try left; it is taken. */
  take(): boolean {
    return this.#tries-- > 0 && performance.now() < this.#end;
  }
}

/**
 * Leave out whatever can be left out.
 * @param fails whether a part still shows what the whole showed; it is not asked of nothing
 */
export async function reduced<T>(
  whole: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
  budget: Budget,
): Promise<readonly T[]> {
  let kept = whole;
  for (let parts = 2; kept.length > 1; ) {
    const smaller = await oneSmaller(kept, parts, fails, budget);
    if (smaller !== undefined) {
      kept = smaller;
      parts = Math.max(2, parts - 1);
    } else if (parts >= kept.length) return kept;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}

/** The rest without one of so many parts, where that still shows it. What is at the end did it most often, so the front goes first. */
async function oneSmaller<T>(
  all: readonly T[],
  parts: number,
  fails: (part: readonly T[]) => Promise<boolean>,
  budget: Budget,
): Promise<readonly T[] | undefined> {
  for (let i = 0; i < parts; i++) {
    const [from, to] = [Math.floor((i * all.length) / parts), Math.floor(((i + 1) * all.length) / parts)];
    const rest = [...all.slice(0, from), ...all.slice(to)];
    if (rest.length === all.length || rest.length === 0) continue;
    if (!budget.take()) return undefined;
    if (await fails(rest)) return rest;
  }
  return undefined;
}
