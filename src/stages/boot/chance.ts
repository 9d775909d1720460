/** Tells differences by chance from differences of the code, by running the C module again: where two runs of it differ, it is chance. */
import type { BootRun, Finding } from "../../report/schema.ts";
import { compareRuns } from "./compare.ts";
import { textsOf } from "./compare-texts.ts";
import { compareLines, differsInNumbers, type Hunk, lineKey } from "./hunks.ts";
import { Reports } from "./same-report.ts";

/** How often the C module is booted again. What comes in another order does so rarely: threads write their lines when they get to run. */
const TRIES = 3;
/** Findings about what one run of a module may do and the next not. */
const MAY_BE_CHANCE = new Set([
  "boot-status",
  "boot-dmesg",
  "boot-splat",
  "boot-taint",
  "boot-requests",
  "exercise",
  "left-behind",
]);

type Splat = NonNullable<BootRun["splats"]>[number];

/** Where the text of one run differs from those of others. As many places as lines, and as many that ask: none is looked for by going through all. */
class Differences {
  /** Their lines, by what they are without their numbers: of places that differ in numbers only, and of all others. */
  readonly #lines = { numbers: new Set<string>(), words: new Set<string>() };
  /** Lines of the first run that others have lines for, and those that other places touch. */
  readonly #replaced = new Set<number>();
  readonly #touched = new Set<number>();

  add(hunk: Hunk): void {
    const numbersOnly = differsInNumbers(hunk);
    for (const line of hunk.removed.concat(hunk.added))
      this.#lines[numbersOnly ? "numbers" : "words"].add(lineKey(line));
    if (numbersOnly) return;
    const end = hunk.at + hunk.removed.length;
    for (let at = hunk.at; at <= end; at++) this.#touched.add(at);
    if (hunk.removed.length === hunk.added.length) for (let at = hunk.at; at < end; at++) this.#replaced.add(at);
  }

  /** Whether they are more than numbers. */
  get inWords(): boolean {
    return this.#touched.size > 0;
  }

  /** Whether all lines of another place are some of theirs. */
  hold(hunk: Hunk): boolean {
    const numbersOnly = differsInNumbers(hunk);
    return hunk.removed.concat(hunk.added).every((line) => {
      const key = lineKey(line);
      return this.#lines.words.has(key) || (numbersOnly && this.#lines.numbers.has(key));
    });
  }

  /** Whether another place in the first run is one of theirs, or just beside one. */
  lieAt(hunk: Hunk): boolean {
    if (differsInNumbers(hunk)) {
      for (let at = hunk.at; at <= hunk.at + hunk.removed.length; at++) if (this.#touched.has(at)) return true;
      return false;
    }
    // A line that is another one in each run, in words too.
    return hunk.removed.length === hunk.added.length && hunk.removed.every((_, i) => this.#replaced.has(hunk.at + i));
  }
}

/** What is known of how the C module's runs differ among themselves. */
export class Chance {
  readonly #runs: BootRun[];
  /** Of each run. */
  readonly #reports: Reports[];
  /** By check, how the runs differ from the first one. */
  readonly #differences = new Map<string, Differences>();
  /** The C module's first run. */
  constructor(c: BootRun) {
    this.#runs = [c];
    this.#reports = [new Reports(c.splats)];
  }

  /** Take in another run of the C module. */
  learn(again: BootRun): void {
    const [first] = this.#runs as [BootRun];
    this.#runs.push(again);
    this.#reports.push(new Reports(again.splats));
    for (const { check, c, rust } of textsOf(first, again)) {
      const differences = this.#differences.get(check) ?? new Differences();
      this.#differences.set(check, differences);
      for (const hunk of compareLines(c, rust).hunks) differences.add(hunk);
    }
  }

  /** Whether it was looked for at all. */
  get known(): boolean {
    return this.#runs.length > 1;
  }

  /**
   * Whether the C module's runs differ where this is: in the numbers of the same lines, by whole lines of which these are some, or just
   * beside, where it is only a number. `of` is the run that the hunk counts in.
   */
  explains(check: string, hunk: Hunk, of: BootRun): boolean {
    const differences = this.#differences.get(check);
    return differences !== undefined && (differences.hold(hunk) || (of === this.#runs[0] && differences.lieAt(hunk)));
  }

  /** Whether lines come in another order, or not at all, from run to run. */
  reorders(check: string): boolean {
    return this.#differences.get(check)?.inWords === true;
  }

  /** Whether some of the C module's runs show it and others do not. */
  #sometimes(holds: (run: BootRun, n: number) => boolean): boolean {
    const shown = this.#runs.filter(holds).length;
    return shown > 0 && shown < this.#runs.length;
  }

  splat(splat: Splat): boolean {
    return this.#sometimes((_, n) => this.#reports[n]?.find(splat) !== undefined);
  }

  taint(bits: number): boolean {
    return (
      this.known &&
      Array.from({ length: 32 }, (_, i) => 1 << i).every(
        (bit) => (bits & bit) === 0 || this.#sometimes((run) => (run.taint.after & ~run.taint.before & bit) !== 0),
      )
    );
  }

  leftBehind(name: string): boolean {
    return this.#sometimes((run) => run.leftBehind?.includes(name) === true);
  }

  request(name: string): boolean {
    return this.#sometimes((run) => run.requests?.some((r) => r.name === name) === true);
  }

  /** Whether another run of the C module ends as this one does. */
  ending(same: (run: BootRun) => boolean): boolean {
    return this.#runs.slice(1).some(same);
  }
}

/** Whether the same lines stand elsewhere. */
export function isReordered(hunks: readonly Hunk[]): boolean {
  const sorted = (lines: string[]): string => lines.sort().join("\n");
  return hunks.length > 0 && sorted(hunks.flatMap((h) => h.removed)) === sorted(hunks.flatMap((h) => h.added));
}

/**
 * What the Rust module's run does otherwise than the C one's, less what is chance: where another run of the C module differs in the same
 * place from the first, whatever the place is, a difference is a warning. What could be chance and is none is an error: a number that only
 * the Rust module prints otherwise.
 * @param one the run that `other` is held against: the C module's, or that of the lowered C
 * @param c the C module's run
 * @param bootAgain the C module once more, the n-th time from 0 on; called only when there is a doubt
 */
export async function settleChance(
  one: BootRun,
  other: BootRun,
  c: BootRun,
  bootAgain: (n: number) => Promise<BootRun>,
): Promise<Finding[]> {
  const chance = new Chance(c);
  let findings = compareRuns(one, other);
  // A hang takes its time.
  const tries = [one, other, c].some((run) => run.status === "hang") ? 1 : TRIES;
  for (let n = 0; n < tries && findings.some((f) => isInDoubt(f, chance)); n++) {
    chance.learn(await bootAgain(n));
    findings = compareRuns(one, other, chance);
  }
  return findings;
}

/** Errors that another run may explain, and before there was one the warnings that may turn out to be errors. */
function isInDoubt(f: Finding, chance: Chance): boolean {
  return (
    MAY_BE_CHANCE.has(f.check) &&
    (f.severity === "error" ||
      (!chance.known && f.severity === "warning" && /differs in (?:numbers only|the order of)/.test(f.message)))
  );
}
