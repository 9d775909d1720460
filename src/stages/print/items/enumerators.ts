/** Enumerators in the order of C: c2rust writes the last one first. */
import { type CrateFiles, type CrateItem, itemsOf } from "./crate.ts";

export function inOrder(files: CrateFiles): Map<string, string> {
  return new Map([...files].map(([file, text]) => [file, reversed(text, itemsOf(file, text))]));
}

function reversed(text: string, items: readonly CrateItem[]): string {
  let out = text;
  for (let i = items.length - 1; i >= 0; ) {
    const type = enumerationOf(items[i] as CrateItem);
    let first = i;
    while (type !== undefined && first > 0 && enumerationOf(items[first - 1] as CrateItem) === type) first--;
    const run = items.slice(first, i + 1);
    const values = run.map((x) => Number(/=\s*(-?\d+);$/.exec(x.text)?.[1]));
    if (run.length > 1 && (values[0] as number) > (values.at(-1) as number)) {
      const texts = run.map((x) => text.slice(x.start, x.end)).reverse();
      for (let k = run.length - 1; k >= 0; k--) out = out.slice(0, run[k]?.start) + texts[k] + out.slice(run[k]?.end);
    }
    i = first - 1;
  }
  return out;
}

/** The enumeration that a constant is of: c2rust gives each the alias of its own. */
function enumerationOf(i: CrateItem): string | undefined {
  return i.kind === "const" && !i.foreign
    ? /^(?:pub\(crate\) )?const \w+: (\w+) = -?\d+;$/.exec(i.text)?.[1]
    : undefined;
}
