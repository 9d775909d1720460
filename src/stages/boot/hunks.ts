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

export function compareLines(c: readonly LogLine[], rust: readonly LogLine[]): Compared {
  const [left, right] = [c, rust].map((lines) => lines.map((l) => normalise(l.text).text)) as [string[], string[]];
  const found: Compared = { hunks: [], equal: [] };
  let [i, j] = [0, 0];
  let open: Hunk | undefined;
  for (const change of changesOf(left, right)) {
    if (!change.added && !change.removed) {
      for (let k = 0; k < change.value.length; k++) found.equal.push([i++, j++]);
      open = undefined;
      continue;
    }
    if (open === undefined) found.hunks.push((open = { removed: [], at: i, added: [] }));
    if (change.removed) {
      open.removed.push(...change.value);
      i += change.value.length;
    } else {
      open.added.push(...change.value);
      j += change.value.length;
    }
  }
  return { ...found, hunks: found.hunks.flatMap(split) };
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
