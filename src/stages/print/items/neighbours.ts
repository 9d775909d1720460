/** What a unit declares and another unit of the module defines is used from there: one crate, one declaration. */
import { type CrateFiles, itemsOf, without } from "./crate.ts";

export function withNeighbours(files: CrateFiles): Map<string, string> {
  const items = [...files].flatMap(([file, text]) => itemsOf(file, text));
  const units = new Set([...files.keys()].filter((f) => f !== "src/bindings.rs"));
  const defined = Map.groupBy(
    items.filter(
      (i) =>
        !i.foreign &&
        units.has(i.file) &&
        (i.kind === "fn" || i.kind === "static") &&
        i.text.startsWith("pub(crate) ") &&
        i.attributes.some((a) => /\bno_mangle\b/.test(a)),
    ),
    (i) => i.name,
  );
  const out = new Map(files);
  for (const file of units) {
    const text = files.get(file) as string;
    const found = items.filter(
      (i) =>
        i.file === file &&
        i.foreign &&
        i.attributes.length === 0 &&
        defined.get(i.name)?.length === 1 &&
        defined.get(i.name)?.[0]?.file !== file,
    );
    if (found.length === 0) continue;
    const modules = Map.groupBy(found, (i) => moduleOf(defined.get(i.name)?.[0]?.file ?? ""));
    const uses = [...modules]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([module, of]) =>
          `use crate::${module}::${
            of.length === 1
              ? of[0]?.name
              : `{${of
                  .map((i) => i.name)
                  .sort()
                  .join(", ")}}`
          };\n`,
      )
      .join("");
    const left = without(text, found);
    const at = /^use crate::bindings::[^;]*;\n(?:use crate::macros::[^;]*;\n)?/m.exec(left);
    if (at) out.set(file, `${left.slice(0, at.index + at[0].length)}${uses}${left.slice(at.index + at[0].length)}`);
  }
  return out;
}

function moduleOf(file: string): string {
  return file.replace(/^src\/|\.rs$/g, "");
}
