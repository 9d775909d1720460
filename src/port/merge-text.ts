/** Three versions of a text as one: what was generated last, what is generated now, and what people made of the former. */
import { diff3Merge } from "node-diff3";

/** Lines beyond which two changed versions are not lined up: lining up takes time with the square of how often a line is repeated. */
const MOST_LINES = 20_000;

export type MergedText = { text: string } | { conflicts: TextConflict[] };

/** One place that both sides changed, each in its way. */
export interface TextConflict {
  /** Line of people's version where it begins, from 1. */
  line: number;
  last: string[];
  now: string[];
  theirs: string[];
}

type Region = { ok: string[] } | { conflict: { a: string[]; aIndex: number; o: string[]; b: string[] } };

/** @returns undefined where the texts are too long to be lined up. */
export function mergeText(last: string, now: string, theirs: string): MergedText | undefined {
  const [o, b, a] = [last, now, theirs].map((text) => text.split("\n")) as [string[], string[], string[]];
  const [before, after] = common(o, b, a);
  const middle = (lines: string[]) => lines.slice(before, lines.length - after);
  if (Math.max(middle(o).length, middle(b).length, middle(a).length) > MOST_LINES) return undefined;
  const regions = diff3Merge(middle(a), middle(o), middle(b), { excludeFalseConflicts: true }) as Region[];
  const conflicts = regions.flatMap((r) => ("conflict" in r ? [{ line: before + r.conflict.aIndex + 1, last: r.conflict.o, now: r.conflict.b, theirs: r.conflict.a }] : []));
  if (conflicts.length > 0) return { conflicts };
  const merged = regions.flatMap((r) => ("ok" in r ? r.ok : []));
  return { text: [...a.slice(0, before), ...merged, ...a.slice(a.length - after)].join("\n") };
}

/** How many lines at the beginning and at the end all of them share. */
function common(...texts: string[][]): [number, number] {
  const [first, ...rest] = texts as [string[], ...string[][]];
  const shortest = Math.min(...texts.map((t) => t.length));
  let before = 0;
  while (before < shortest && rest.every((t) => t[before] === first[before])) before++;
  let after = 0;
  while (after < shortest - before && rest.every((t) => t[t.length - 1 - after] === first[first.length - 1 - after])) after++;
  return [before, after];
}
