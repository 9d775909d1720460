/** Three versions of a text as one: what was generated last, what is generated now, and what people made of the former. */
import { diffArrays } from "diff";

/** Edits beyond which two versions of a text are no longer worth lining up: it takes time with their square. */
const MAX_EDITS = 4000;

export type MergedText = { text: string } | { conflicts: TextConflict[] };

/** One place that both sides changed, each in its way. */
export interface TextConflict {
  /** Line of people's version where it begins, from 1. */
  line: number;
  last: string[];
  now: string[];
  theirs: string[];
}

/** Lines `from` to `to` of the last version have become `lines`. */
interface Edit {
  from: number;
  to: number;
  lines: string[];
}

/** @returns undefined where the texts are too different to be lined up. */
export function mergeText(last: string, now: string, theirs: string): MergedText | undefined {
  const before = last.split("\n");
  const [generated, byHand] = [editsOf(before, now), editsOf(before, theirs)];
  if (generated === undefined || byHand === undefined) return undefined;
  const merged: string[] = [];
  const conflicts: TextConflict[] = [];
  let at = 0;
  // How many lines further down the same place is in people's version.
  let shift = 0;
  while (generated.length > 0 || byHand.length > 0) {
    const from = Math.min(generated[0]?.from ?? Infinity, byHand[0]?.from ?? Infinity);
    const place = { generated: [] as Edit[], byHand: [] as Edit[] };
    // What touches belongs together, as in git: no unchanged line tells the one change from the other.
    for (let to = from, grown = true; grown; ) {
      grown = false;
      for (const [edits, group] of [
        [generated, place.generated],
        [byHand, place.byHand],
      ] as const) {
        while (edits[0] !== undefined && edits[0].from <= to) {
          to = Math.max(to, edits[0].to);
          group.push(edits.shift()!);
          grown = true;
        }
      }
    }
    const to = Math.max(...[...place.generated, ...place.byHand].map((e) => e.to));
    const [n, t] = [linesAfter(before, place.generated, from, to), linesAfter(before, place.byHand, from, to)];
    add(merged, before.slice(at, from), place.generated.length === 0 ? t : n);
    const both = place.generated.length > 0 && place.byHand.length > 0;
    if (both && n.join("\n") !== t.join("\n"))
      conflicts.push({ line: from + shift + 1, last: before.slice(from, to), now: n, theirs: t });
    shift += t.length - (to - from);
    at = to;
  }
  return conflicts.length > 0 ? { conflicts } : { text: [...merged, ...before.slice(at)].join("\n") };
}

/** Not by a spread: a function takes a hundred thousand arguments or so, and a file may have millions of lines. */
function add(to: string[], ...lists: readonly (readonly string[])[]): void {
  for (const list of lists) for (const line of list) to.push(line);
}

/** What makes `before` into `text`. */
function editsOf(before: readonly string[], text: string): Edit[] | undefined {
  const changes = diffArrays([...before], text.split("\n"), { maxEditLength: MAX_EDITS });
  if (changes === undefined) return undefined;
  const edits: Edit[] = [];
  let at = 0;
  for (const { added, removed, value } of changes) {
    const open = edits.at(-1)?.to === at ? edits.at(-1)! : undefined;
    if (removed) {
      if (open) open.to += value.length;
      else edits.push({ from: at, to: at + value.length, lines: [] });
      at += value.length;
    } else if (added) {
      if (open) add(open.lines, value);
      else edits.push({ from: at, to: at, lines: [...value] });
    } else at += value.length;
  }
  return edits;
}

/** Lines `from` to `to` of `before` as they are with some edits in them. */
function linesAfter(before: readonly string[], edits: readonly Edit[], from: number, to: number): string[] {
  const lines: string[] = [];
  let at = from;
  for (const edit of edits) {
    add(lines, before.slice(at, edit.from), edit.lines);
    at = edit.to;
  }
  return [...lines, ...before.slice(at, to)];
}
