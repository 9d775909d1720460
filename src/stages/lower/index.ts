/**
 * Lowers a unit: C that clang compiles and c2rust 0.22.1 can read in, helpers for the rest beside it. Before preprocessing it works on
 * the module's own macro invocations, after it on declarations and syntax trees.
 */
export { cutUnit } from "./cut-unit.ts";
export type { LoweredUnit, LoweringContext, UncutUnit } from "./lowered-unit.ts";
export { prepareUnit } from "./prepare.ts";
export { uncutUnit } from "./uncut-unit.ts";
