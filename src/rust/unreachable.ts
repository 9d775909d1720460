/**
 * c2rust makes a panic of `__builtin_unreachable()`. C says there that nothing gets so far, as behind the trap of BUG(): it has no code, or
 * with rustc a trap of its own, which objtool knows to follow a call that does not return.
 */
import type { RustItem } from "./items.ts";

export function restoreUnreachable(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => ({ ...i, text: i.text.replace(/^(\s*)unreachable!\(\);?$/gm, "$1::core::hint::unreachable_unchecked();") }));
}
