/** c2rust gives `sizeof` C's type and forgets it for `_Alignof`: `align_of` stays a usize, which no C function takes. */
import type { RustItem } from "./items.ts";

export function typeAlignments(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => ({ ...i, text: i.text.replace(/::core::mem::align_of(?:_val)?::<(?:[^<>]|<[^<>]*>)*>\(\)/g, "($& as ::core::ffi::c_ulong)") }));
}
