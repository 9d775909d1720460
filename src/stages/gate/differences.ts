/** What two compilations of a crate differ in. */
import type { CompiledCrate } from "./compiled-crate.ts";

/** Symbols whose code is another, or that access memory as volatile another number of times. */
export function differences(a: CompiledCrate, b: CompiledCrate): string[] {
  const unlike = (x: Record<string, unknown>, y: Record<string, unknown>): string[] => [...new Set([...Object.keys(x), ...Object.keys(y)])].filter((s) => x[s] !== y[s]);
  return [...new Set([...unlike(a.code, b.code), ...unlike(a.volatile, b.volatile)])].sort();
}
