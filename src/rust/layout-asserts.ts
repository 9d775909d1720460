/** Asserts in the port that each structure lies in memory as clang lays it out: a wrong layout does not compile. */
import type { RecordLayout } from "../stages/lower/layouts.ts";
import type { RustItem } from "./items.ts";

/**
 * @param items the types of the port
 * @returns one constant a structure; one that c2rust split (packed and aligned) is asserted by its size and alignment
 */
export function layoutAsserts(items: readonly RustItem[], layouts: readonly RecordLayout[]): string[] {
  const byName = new Map(layouts.map((l) => [l.name, l]));
  return items.flatMap((i) => {
    const layout = (i.kind === "struct" || i.kind === "union") && /\{|\(/.test(i.text) ? byName.get(i.name) : undefined;
    if (layout === undefined) return [];
    const checks = [`::core::mem::size_of::<${i.name}>() == ${layout.size}`, `::core::mem::align_of::<${i.name}>() == ${layout.align}`];
    for (const f of layout.fields) if (new RegExp(`^\\s+pub ${f.name}: `, "m").test(i.text)) checks.push(`::core::mem::offset_of!(${i.name}, ${f.name}) == ${f.offset}`);
    return [`const _: () = assert!(${checks.join(" && ")});`];
  });
}
