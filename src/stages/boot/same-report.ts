/** Which reports of the kernel's are of one bug: in one log, and in those of two modules, whatever either compiler inlined. */
import type { Splat } from "./splat.ts";
import { isOfModule, mayBeInlined } from "./trace.ts";

export type Told = Pick<Splat, "title" | "trace" | "fingerprint"> & { kind: string };

interface Known {
  told: Told;
  /** The module's frames. */
  own: string[];
  at: number;
}

/** Reports in the same words and with the kernel's own frames the same, of which each chain of the module's is held against every other one. */
const MOST_ALIKE = 100;

/**
 * Reports that are known, and which of them is another one. A module may make as many as the log has lines, so that none is looked for by
 * going through all of them.
 */
export class Reports {
  /** The first of each kind and fingerprint. */
  readonly #same = new Map<string, Known>();
  /** By kind, words and the kernel's frames; of each the module's chains. */
  readonly #alike = new Map<string, Map<string, Known>>();
  #count = 0;

  constructor(reports: readonly Told[] = []) {
    for (const r of reports) this.add(r);
  }

  add(told: Told): void {
    const known = { told, own: told.trace.filter(isOfModule), at: this.#count++ };
    const [print, words] = [printOf(told), wordsOf(told)];
    if (!this.#same.has(print)) this.#same.set(print, known);
    const chains = this.#alike.get(words) ?? new Map<string, Known>();
    const chain = known.own.join("\n");
    if (!chains.has(chain) && chains.size < MOST_ALIKE) chains.set(chain, known);
    this.#alike.set(words, chains);
  }

  /**
   * The first one that is the same: of the same frames, or in words and the kernel's own frames the same and in the module's as inlining
   * leaves them. A WARN says its line itself.
   */
  find(told: Told): Told | undefined {
    const same = this.#same.get(printOf(told));
    const own = told.trace.filter(isOfModule);
    const alike = this.#alike
      .get(wordsOf(told))
      ?.values()
      .find((k) => saysItsLine(k.told) || mayBeInlined(k.own, own));
    return (same === undefined || (alike !== undefined && alike.at < same.at) ? alike : same)?.told;
  }
}

const printOf = ({ kind, fingerprint }: Told): string => `${kind} ${fingerprint}`;

const wordsOf = ({ kind, title, trace }: Told): string =>
  [kind, title.replace(/ \S+ \[[\w-]+\]/g, ""), ...trace.filter((f) => !isOfModule(f))].join("\n");

const saysItsLine = ({ kind, title }: Told): boolean => kind === "warning" && / at \S+:\d+/.test(title);

/** Whether a report is of the bug that a known one is of; see `Reports.find`. */
export function isSameReport(known: Told, other: Told): boolean {
  return new Reports([known]).find(other) !== undefined;
}

/** Reports of two runs by what they are of: the same place of the module has the same name. */
export class SplatNames {
  readonly #known = new Reports();

  of(splat: Told): string {
    const known = this.#known.find(splat) ?? splat;
    if (known === splat) this.#known.add(splat);
    return `${known.kind} ${known.fingerprint}: ${known.title}`;
  }
}
