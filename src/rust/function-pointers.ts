/**
 * c2rust unwraps a function pointer with a message before each call, and core's code that words the panic is larger than many modules.
 * C jumps: a null pointer faults at address 0, and the kernel's trace says so.
 */
import type { RustItem } from "./items.ts";

export function callThroughPointers(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => ({ ...i, text: i.text.replace(/\.expect\(\s*"non-null function pointer",?\s*\)/g, ".unwrap_unchecked()") }));
}
