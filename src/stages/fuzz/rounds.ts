/** Which calls are made next: what each target begins with, then generated ones and changed ones of those that reached new code. */
import type { Sequence } from "./calls.ts";
import type { Dictionary } from "./dictionary.ts";
import { type Kept, mutated } from "./mutate.ts";
import type { Outcome } from "./outcome.ts";
import { answersOf } from "./outcome.ts";
import { Random } from "./random.ts";
import type { Target } from "./targets/index.ts";
import { Values } from "./values.ts";

/** Of one guest. */
const SEQUENCES = 120;
const MOST_KEPT = 400;
/** EINTR: the call waited for as long as it was let. */
const WAITED = /^[a-z]+ = -4\b/;
/** How often a kind of call may answer by chance, or take the machine with it, before none of that kind is made any more. */
const PATIENCE = 2;

export class Rounds {
  readonly #values: Values;
  /** Files, and all others: what there is few of is chosen as often. */
  readonly #targets: readonly (readonly Target[])[];
  /** Made in each guest before all others. */
  readonly #prepared: readonly Kept[];
  readonly #waiting: Kept[];
  readonly #kept: Kept[] = [];
  readonly #seen = new Set<string>();
  /** Kinds of calls, and how often there was trouble with them. */
  readonly #trouble = new Map<string, number>();
  #made: Kept[] = [];

  constructor(targets: readonly Target[], dictionary: Dictionary, seed: number) {
    this.#values = new Values(new Random(`kport fuzz ${seed}`), dictionary);
    this.#targets = [targets.filter((t) => t.isFile !== true), targets.filter((t) => t.isFile === true)].filter(
      (some) => some.length > 0,
    );
    this.#prepared = targets.flatMap((target): Kept[] =>
      target.prepare === undefined ? [] : [{ target, sequence: target.prepare }],
    );
    // A block device alone has some eighty files: they come last.
    this.#waiting = targets
      .toSorted((a, b) => Number(a.isFile === true) - Number(b.isFile === true))
      .flatMap((target) => target.first(this.#values).map((sequence): Kept => ({ target, sequence })));
  }

  /** How many of a round's first sequences make files that others use. */
  get prepared(): number {
    return this.#prepared.length;
  }

  /** Kinds of calls that are not made any more. */
  get given(): string[] {
    return [...this.#trouble].filter(([, times]) => times >= PATIENCE).map(([kind]) => kind);
  }

  next(): Sequence[] {
    const { random } = this.#values;
    const made = [...this.#prepared, ...this.#waiting.splice(0, SEQUENCES)];
    while (made.length < SEQUENCES) {
      if (this.#kept.length > 0 && !random.oneIn(2)) {
        const kept = random.of(this.#kept);
        made.push({ target: kept.target, sequence: mutated(kept, this.#kept, this.#values) });
      } else {
        const target = random.of(random.of(this.#targets));
        made.push({ target, sequence: target.generate(this.#values) });
      }
    }
    const given = new Set(this.given);
    this.#made = made.map((k) => ({ ...k, sequence: k.sequence.filter((c) => !given.has(c.kind)) }));
    return this.#made.map((k) => k.sequence);
  }

  /** Keep the sequences of the last round that were the first to reach some code of the module; those that were not come to wait. */
  learn({ reached, ...outcome }: Outcome): void {
    const answers = answersOf({ reached, ...outcome });
    let number = 0;
    for (const [i, kept] of this.#made.entries()) {
      if (reached.unfinished > 0 && number >= reached.unfinished) {
        this.#waiting.unshift(...this.#made.slice(i));
        return;
      }
      let isNew = false;
      let waited = false;
      for (const call of kept.sequence) {
        number++;
        for (const place of reached.places.get(number) ?? []) {
          isNew ||= !this.#seen.has(place);
          this.#seen.add(place);
        }
        if (WAITED.test(answers.get(number) ?? "")) {
          waited = true;
          this.trouble(call.kind);
        }
      }
      if (isNew && !waited && this.#kept.length < MOST_KEPT) this.#kept.push(kept);
    }
  }

  /** The kind of a call of the last round. */
  kindOf(number: number): string | undefined {
    return this.#made.flatMap((k) => k.sequence)[number - 1]?.kind;
  }

  trouble(kind: string | undefined): void {
    if (kind !== undefined) this.#trouble.set(kind, (this.#trouble.get(kind) ?? 0) + 1);
  }
}
