/** Finds by halving what makes a difference, with questions that are answered from outside: several searches can share one build. */

/** Asks whether the result differs when nothing but these is there; is told. */
export type Search<T> = Generator<readonly T[], readonly T[], boolean>;

/**
 * @param all together they make a difference
 * @param cut where they are first taken apart
 * @returns those that make one; what is left when the other part makes none is not asked about
 */
export function* culprits<T>(all: readonly T[], cut = 0): Search<T> {
  if (all.length <= 1) return all;
  const middle = 0 < cut && cut < all.length ? cut : all.length >> 1;
  const [first, second] = [all.slice(0, middle), all.slice(middle)];
  if (!(yield first)) return yield* culprits(second);
  const found = yield* culprits(first);
  return (yield second) ? [...found, ...(yield* culprits(second))] : found;
}

/** Run searches side by side, a question of each at a time. */
export async function together<T>(
  searches: readonly Search<T>[],
  answer: (questions: readonly (readonly T[])[]) => Promise<readonly boolean[]>,
): Promise<T[]> {
  const found: T[] = [];
  let open = searches.map((search) => ({ search, step: search.next() }));
  for (;;) {
    for (const { step } of open) if (step.done === true) found.push(...step.value);
    open = open.filter((o) => o.step.done !== true);
    if (open.length === 0) return found;
    const answers = await answer(open.map((o) => o.step.value));
    open = open.map(({ search }, i) => ({ search, step: search.next(answers[i] as boolean) }));
  }
}

/** What alone can be the cause of something. */
export function onlyOnes<T>(suspects: Iterable<readonly T[]>): T[] {
  return [...new Set([...suspects].flatMap((of) => (of.length === 1 ? of : [])))];
}

/** Sets that have a member in common are one. */
export function joined<T>(sets: readonly (readonly T[])[]): T[][] {
  const groups: Set<T>[] = [];
  for (const set of sets) {
    const touching = groups.filter((g) => set.some((key) => g.has(key)));
    const whole = new Set([...touching.flatMap((g) => [...g]), ...set]);
    groups.splice(0, groups.length, ...groups.filter((g) => !touching.includes(g)), whole);
  }
  return groups.map((g) => [...g].sort());
}
