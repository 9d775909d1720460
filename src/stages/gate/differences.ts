/** What two compilations of a crate differ in. */
import type { CompiledCrate } from "./compiled-crate.ts";

/** Symbols whose code is another, or that access memory as volatile another number of times. */
export function differences(a: CompiledCrate, b: CompiledCrate): string[] {
  return [...new Set([...unlike(a.code, b.code), ...unlike(a.volatile, b.volatile)])].sort();
}

/** The same where objects that nothing writes may have other names: a rewrite of the whole crate gives some none. */
export function differencesByContents(a: CompiledCrate, b: CompiledCrate): string[] {
  return [...new Set([...unlike(a.byContents, b.byContents), ...unlike(a.volatile, b.volatile)])].sort();
}

function unlike(x: ReadonlyMap<string, unknown>, y: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...x.keys(), ...y.keys()])].filter((s) => x.get(s) !== y.get(s));
}
