/**
 * Lowers a unit: C that clang compiles and c2rust 0.22.1 can read in, helpers for the rest beside it. Before preprocessing it works on
 * the module's own macro invocations, after it on declarations and syntax trees.
 */
export type { LoweredUnit, LoweringContext, PreparedUnit } from "./lowered-unit.ts";
export { lowerPrepared } from "./lower-prepared.ts";
export { prepareUnit } from "./prepare.ts";
