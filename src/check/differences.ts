/** What two objects of the module differ in, with all that a check knows of how they came about. */
import type { Subject } from "./subject.ts";
import type { Account } from "./port-of-units.ts";
import type { Finding } from "../report/schema.ts";
import type { Port } from "../stages/assemble/index.ts";
import { compareObjects } from "../stages/compare/index.ts";
import type { InspectedObject } from "../stages/inspect/index.ts";
import { sourceNames } from "../stages/lower/names.ts";
import { kernelConfiguration } from "../toolchain/kernel.ts";

/** A module, and what its build said. */
export interface Inspected {
  object: InspectedObject;
  warnings: readonly string[];
}

export interface Sides {
  c: Inspected;
  other: Inspected;
  /** What the other was made of, where it is a port. */
  constructs?: Port["constructs"];
  /** Whether the other is the lowered C. */
  lowered?: boolean;
}

export async function differences(
  { work, scratch }: Subject,
  { lowered, idle }: Account,
  sides: Sides,
): Promise<Finding[]> {
  const shown = (warnings: readonly string[]): string[] => warnings.map((w) => w.replaceAll(scratch, ""));
  return compareObjects({
    c: sides.c.object,
    rust: sides.other.object,
    ...(sides.lowered ? { lowered: true } : {}),
    constants: new Set(lowered.flatMap((u) => u.definitions.flatMap((d) => (d.constant ? [d.name] : [])))),
    constructs: sides.constructs ?? [],
    functions: lowered.flatMap((u) => u.functions),
    sourceNames: sourceNames(lowered),
    idle,
    config: await kernelConfiguration(work.kernel),
    warnings: { c: shown(sides.c.warnings), rust: shown(sides.other.warnings) },
  });
}
