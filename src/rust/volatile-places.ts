/**
 * c2rust names the place of a volatile access by a reference, which Rust forbids of a packed structure's member; an address will do.
 */
import type { RustItem } from "./items.ts";

export function addressVolatilePlaces(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => ({ ...i, text: i.text.replace(/(::core::ptr::write_volatile\(\s*)&mut (?!\*)/g, "$1&raw mut ").replace(/(::core::ptr::read_volatile::<[^>]*>\(\s*)&(?!raw |mut |\*)/g, "$1&raw const ") }));
}
