/** What is done to a port's Rust as a whole, when its functions and variables are printed, in this order. */
import type { Rewrite } from "../../gate/refine.ts";
import { withAccessorTables } from "./bitfield-accessors.ts";
import { inOrder } from "./enumerators.ts";
import { withNeighbours } from "./neighbours.ts";
import { inOrderOfC, type UnitOfC } from "./order-of-c.ts";
import { withOpaque } from "./opaque.ts";
import { importing, withPlainNames } from "./plain-names.ts";
import { withoutUnused } from "./unused.ts";

/** Files that are the same in every port. */
const COMMON = new Set(["src/lib.rs", "src/compiler_builtins.rs"]);

const ofModule = (apply: (files: ReadonlyMap<string, string>) => ReadonlyMap<string, string>): Rewrite["apply"] => (files) => new Map([...files, ...apply(new Map([...files].filter(([name]) => !COMMON.has(name))))]);

export function rewrites(units: readonly UnitOfC[]): Rewrite[] {
  return [
    { name: "what nothing names is left out", apply: ofModule(withoutUnused) },
    { name: "functions of other units are those of other modules", apply: ofModule(withNeighbours) },
    { name: "types that are only pointed to are opaque", apply: ofModule((files) => withoutUnused(withOpaque(files))) },
    { name: "accessors of bit-fields are a table", apply: ofModule(withAccessorTables) },
    { name: "types by the names that Rust has", apply: ofModule((files) => withoutUnused(withPlainNames(files))) },
    { name: "enumerators in the order of C", apply: ofModule(inOrder) },
    { name: "what the module declares stands where the C has it, with its comments", apply: ofModule((files) => new Map([...inOrderOfC(files, units)].map(([file, text]) => [file, importing(text)]))) },
  ];
}
