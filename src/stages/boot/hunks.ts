/** Where two texts differ, by places: runs of lines that stand in one of them only, between lines that both have. */
import { diffArrays } from "diff";
import { normalise } from "./normalise.ts";
import type { LogLine } from "./splat.ts";

export interface Hunk {
  /** Lines of the first text only, and where they begin in it; of the second only. Normalised. */
  removed: string[];
  at: number;
  added: string[];
}

export interface Compared {
  hunks: Hunk[];
  /** Indices of lines that are equal after normalisation. */
  equal: [number, number][];
}

/**
 * Lined up by equal lines, or by what lines are without their numbers where that leaves fewer alone: of a program that says the same each
 * time with other numbers, a line may by chance be equal to one of another time.
 */
export function compareLines(c: readonly LogLine[], rust: readonly LogLine[]): Compared {
  const [left, right] = [c, rust].map((lines) => lines.map((l) => normalise(l.text).text)) as [string[], string[]];
  const byLines = linedUp(left, right, left, right);
  if (alone(byLines) === 0) return byLines;
  const byKeys = linedUp(left, right, left.map(lineKey), right.map(lineKey));
  return alone(byKeys) < alone(byLines) ? byKeys : byLines;
}

/** @param leftKeys what the lines of `left` are lined up by, one each */
function linedUp(left: string[], right: string[], leftKeys: string[], rightKeys: string[]): Compared {
  const found: Compared = { hunks: [], equal: [] };
  let [i, j] = [0, 0];
  let open: Hunk | undefined;
  for (const change of changesOf(leftKeys, rightKeys)) {
    const { length } = change.value;
    if (!change.added && !change.removed) {
      open = undefined;
      for (const end = i + length; i < end; i++, j++)
        if (left[i] === right[j]) found.equal.push([i, j]);
        else found.hunks.push({ removed: [left[i] as string], at: i, added: [right[j] as string] });
      continue;
    }
    if (open === undefined) found.hunks.push((open = { removed: [], at: i, added: [] }));
    if (change.removed) open.removed.push(...left.slice(i, (i += length)));
    else open.added.push(...right.slice(j, (j += length)));
  }
  return { ...found, hunks: found.hunks.flatMap(split) };
}

/** Lines of either text in the place of which the other has none, or one with other words. */
const alone = ({ hunks }: Compared): number =>
  hunks.reduce((sum, h) => sum + (differsInNumbers(h) ? 0 : h.removed.length + h.added.length), 0);

/** The same lines but for their numbers. */
export function differsInNumbers({ removed, added }: Hunk): boolean {
  return removed.length === added.length && removed.every((line, n) => lineKey(line) === lineKey(added[n] as string));
}

/** Lines in one text or the other beyond which two are no longer lined up: it takes time with their square, and modules print what they like. */
const MAX_EDITS = 5000;

interface Change {
  added: boolean;
  removed: boolean;
  value: string[];
}

/** What makes one text into the other; of texts that have little in common, all between their first and their last lines that differ. */
function changesOf(left: string[], right: string[]): Change[] {
  const found = diffArrays(left, right, { maxEditLength: MAX_EDITS });
  if (found !== undefined) return found;
  const most = Math.min(left.length, right.length);
  let [head, tail] = [0, 0];
  while (head < most && left[head] === right[head]) head++;
  while (tail < most - head && left.at(-1 - tail) === right.at(-1 - tail)) tail++;
  const equal = { added: false, removed: false };
  return [
    { ...equal, value: left.slice(0, head) },
    { ...equal, removed: true, value: left.slice(head, left.length - tail) },
    { ...equal, added: true, value: right.slice(head, right.length - tail) },
    { ...equal, value: left.slice(left.length - tail) },
  ].filter(({ value }) => value.length > 0);
}

/** As many lines in the place of others are a place each. */
function split(hunk: Hunk): Hunk[] {
  if (hunk.removed.length !== hunk.added.length) return [hunk];
  return hunk.removed.map((line, i) => ({ removed: [line], at: hunk.at + i, added: [hunk.added[i] as string] }));
}

/** A line without its numbers: a shorter one may have more blanks before it. */
export const withoutNumbers = (line: string): string => line.replace(/(?<!\s)\s*\d+/g, " N");

/** The same, and without words that hold a digit (hexadecimal numbers, names that are drawn): which line of a program it is. */
export const lineKey = (line: string): string => line.replace(/(?<!\s)\s*\b\w*\d\w*/g, " N");
