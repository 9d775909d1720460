/** What is done to a port's Rust as a whole, when its functions and variables are printed, in this order. */
import type { Rewrite } from "../../gate/refine.ts";
import { withAlignedTypes } from "./aligned-types.ts";
import { withAccessorTables } from "./bitfield-accessors.ts";
import type { CrateFiles } from "./crate.ts";
import { inOrder } from "./enumerators.ts";
import { withFileMacros } from "./file-macros.ts";
import { withGivenNames } from "./given-names.ts";
import { withHelperNames } from "./helper-names.ts";
import { withIntConstants } from "./int-constants.ts";
import { withHeaderFunctions, withKernelFunctions } from "./kernel-functions.ts";
import { type MemberBounds, withMemberBounds } from "./member-bounds.ts";
import { withNeighbours } from "./neighbours.ts";
import { inOrderOfC, type UnitOfC } from "./order-of-c.ts";
import { withOpaque } from "./opaque.ts";
import { importing, withPlainNames } from "./plain-names.ts";
import { withoutRepeatedAssertions } from "./repeated-assertions.ts";
import { withoutUnused } from "./unused.ts";

/** Files that are the same in every port. */
const COMMON = new Set(["src/lib.rs", "src/compiler_builtins.rs"]);

type Apply = Rewrite["apply"];

/**
 * @param helpers what stands for expressions that stay in C
 * @param bounds of each unit's structures
 */
export function rewrites(
  units: readonly UnitOfC[],
  helpers: readonly { symbol: string; plain: string }[],
  bounds: readonly MemberBounds[] = [],
): Rewrite[] {
  const enumerators = new Set(
    units.flatMap((u) =>
      u.facts.facts.declarations.flatMap((d) => (d.k === "enumerator" && u.facts.isOwn(d) ? [d.name] : [])),
    ),
  );
  const functionsOf = (is: (u: UnitOfC, place: { f: number } | undefined) => boolean): Map<string, Set<string>> =>
    new Map(
      units.map(
        (u) =>
          [
            u.file,
            new Set(
              u.facts.facts.declarations.flatMap((d) =>
                d.k === "function" && d.body !== undefined && u.facts.isOwn(d) && is(u, d.place) ? [d.name] : [],
              ),
            ),
          ] as const,
      ),
    );
  const own = functionsOf(() => true);
  const inline = functionsOf((u, place) => place !== undefined && place.f !== u.main);
  const pruned = (files: CrateFiles): CrateFiles => withoutUnused(files, enumerators);
  const all: [string, (files: CrateFiles, symbols: readonly string[]) => CrateFiles][] = [
    ["arrays are as long as their declarations say", (files) => withMemberBounds(files, bounds)],
    ["what nothing names is left out", pruned],
    ["assertions that their functions say", withoutRepeatedAssertions],
    ["structures with an alignment as one", withAlignedTypes],
    ["functions of other units are those of other modules", withNeighbours],
    ["types that are only pointed to are opaque", (files) => pruned(withOpaque(files))],
    ["accessors of bit-fields are a table", withAccessorTables],
    ["types by the names that Rust has", (files) => pruned(withPlainNames(files))],
    ["enumerators are C's int", (files) => pruned(importingAll(withIntConstants(files)))],
    ["names that C has not", withGivenNames],
    ["helpers by the names of their functions and macros", (files) => withHelperNames(files, helpers)],
    ["enumerators in the order of C", inOrder],
    [
      "inline functions of the kernel's headers once a port",
      (files, symbols) => importingAll(withKernelFunctions(files, own, symbols)),
    ],
    [
      "inline functions of the module's headers once a port",
      (files, symbols) => importingAll(withHeaderFunctions(files, inline, symbols)),
    ],
    [
      "what the module declares stands where the C has it, with its comments",
      (files) => importingAll(inOrderOfC(files, units)),
    ],
  ];
  return all.map(([name, apply]) => ({ name, apply: ofModule(apply) }));
}

/** What is done last of all. */
export function fileMacros(units: readonly UnitOfC[]): Rewrite {
  return { name: "invocations at file scope by their names", apply: ofModule((files) => withFileMacros(files, units)) };
}

function ofModule(apply: Apply): Apply {
  return (files, symbols) =>
    new Map([...files, ...apply(new Map([...files].filter(([name]) => !COMMON.has(name))), symbols)]);
}

function importingAll(files: CrateFiles): CrateFiles {
  return new Map([...files].map(([file, text]) => [file, importing(text)]));
}
