/** Takes a defence out of a source, however the formatter breaks the lines that it stands on. */
import type { Defence } from "./defences.ts";

/** A text without the space between its words, and the comma that a list broken over lines ends in; and where each character that is left stood. */
function compact(text: string): { text: string; at: number[] } {
  const at = Array.from({ length: text.length }, (_, i) => i).filter((i) => !/\s/.test(text.charAt(i)));
  const kept = at.filter((i, n) => text[i] !== "," || !/[)\]}]/.test(text[at[n + 1] ?? -1] ?? ""));
  return { text: kept.map((i) => text.charAt(i)).join(""), at: kept };
}

/** How often the text stands in the source that is to be taken out. */
export function timesIn(source: string, { from }: Defence): number {
  return compact(source).text.split(compact(from).text).length - 1;
}

/** The source without the defence, which stands in it once. */
export function takenOut(source: string, { from, to }: Defence): string {
  const [whole, part] = [compact(source), compact(from).text];
  const first = whole.text.indexOf(part);
  const last = whole.at[first + part.length - 1] as number;
  return source.slice(0, whole.at[first]) + to + source.slice(last + 1);
}
