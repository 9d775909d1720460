/**
 * Names C's unnamed structures after the place they are used in. c2rust numbers them as it meets them (`C2RustUnnamed_12`), so that the
 * same type has another name in each unit, and a name says nothing.
 */
import type { RustItem } from "./items.ts";

const UNNAMED = /\bC2RustUnnamed(?:_\d+)?\b/g;

export function nameUnnamedTypes(items: readonly RustItem[]): RustItem[] {
  const names = new Map<string, string>();
  const taken = new Set(items.filter((i) => !/^C2RustUnnamed/.test(i.name)).map((i) => i.name));
  const give = (unnamed: string, wanted: string): void => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    names.set(unnamed, name);
  };
  // Parents first: a nested one is named after its parent's new name.
  for (let grew = true; grew; ) {
    grew = false;
    for (const item of items) {
      const owner = names.get(item.name) ?? (/^C2RustUnnamed/.test(item.name) ? undefined : item.name);
      if (owner === undefined || owner === "" || !["struct", "union", "type", "static", "const"].includes(item.kind)) continue;
      for (const line of item.text.split("\n")) {
        const field = /^\s+pub (\w+):/.exec(line)?.[1]?.replace(/^c2rust_unnamed/, "inner");
        for (const m of line.matchAll(UNNAMED)) {
          if (m[0] === item.name || names.has(m[0])) continue;
          give(m[0], field === undefined ? `${owner}_type` : `${owner}_${field}`);
          grew = true;
        }
      }
    }
  }
  const rename = (text: string): string => text.replace(UNNAMED, (u) => names.get(u) ?? u);
  return items.map((i) => ({ ...i, name: rename(i.name), text: rename(i.text) }));
}
