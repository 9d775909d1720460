/**
 * Leaves out what nothing of the crate names: types and constants of the kernel's that only c2rust's text asked for, inline functions of
 * headers whose callers are macros now.
 */
import { type CrateFiles, type CrateItem, itemsOf, without } from "./crate.ts";

/** What the linker, the kernel or rustc looks at whether or not anything names it. */
const ROOT = /^#\[(?:unsafe\()?(?:no_mangle|export_name|used|link_section|linkage|panic_handler|global_allocator)\b/;

/** @param own constants of the module's own enumerations, which are told whole */
export function withoutUnused(files: CrateFiles, own: ReadonlySet<string> = new Set()): Map<string, string> {
  const all = [...files].flatMap(([file, text]) => itemsOf(file, text));
  const byName = Map.groupBy(
    all.filter((i) => i.name !== ""),
    (i) => i.name,
  );
  const reached = new Set<CrateItem>();
  const waiting = all.filter((i) => isRoot(i) || (i.kind === "const" && own.has(i.name)));
  for (let item = waiting.pop(); item; item = waiting.pop()) {
    if (reached.has(item)) continue;
    reached.add(item);
    for (const n of item.names) {
      const named = byName.get(n) ?? [];
      // A file's own item hides those of other files, a type types and a value values.
      const hidden = new Set(named.flatMap((i) => (i.file === item.file && i.kind !== "impl" ? [isType(i)] : [])));
      waiting.push(...named.filter((i) => i.file === item.file || i.kind === "impl" || !hidden.has(isType(i))));
    }
  }
  // What is said of a type goes with it: it is the first that is named.
  const kept = (i: CrateItem): boolean => {
    if (reached.has(i) || !isAbout(i)) return reached.has(i);
    const about = [...i.names].find((n) => byName.get(n)?.some(isType));
    return about === undefined || byName.get(about)?.some((t) => reached.has(t)) === true;
  };
  return new Map(
    [...files].map(([file, text]) => [
      file,
      without(
        text,
        all.filter((i) => i.file === file && !kept(i)),
      ),
    ]),
  );
}

function isType(i: CrateItem): boolean {
  return i.kind === "struct" || i.kind === "union" || i.kind === "type";
}

/** `const _: () = assert!(…)` about a layout, and `unsafe impl Sync for T`. */
function isAbout(i: CrateItem): boolean {
  return (i.kind === "const" && i.name === "_") || i.kind === "impl";
}

function isRoot(i: CrateItem): boolean {
  if (i.kind === "use" || i.kind === "other" || i.kind === "extern") return true;
  if (i.file === "src/layouts.rs") return false;
  if (i.kind === "const" && i.name === "_") return true;
  return !i.foreign && i.attributes.some((a) => ROOT.test(a));
}
