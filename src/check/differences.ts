/** What two objects of the module differ in, with all that a check knows of how they came about. */
import type { Subject } from "./subject.ts";
import type { Account } from "./port-of-units.ts";
import type { Finding } from "../report/schema.ts";
import type { Port } from "../stages/assemble/index.ts";
import { askedAlignments } from "../stages/prove/asked-alignments.ts";
import { compareObjects, type Pair } from "../stages/compare/index.ts";
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

/** What the module's source declares constant, by C's names. */
function constantsOf(lowered: Account["lowered"]): Pick<Pair, "constants" | "ownConstants"> {
  const inC = sourceNames(lowered);
  const source = (name: string): string => inC.get(name) ?? name;
  const variables = lowered.flatMap((u) => u.definitions.filter((d) => d.kind === "variable"));
  const [own, ofFile] = [variables.filter((d) => d.within !== undefined), variables.filter((d) => !d.within)];
  const changing = new Set(ofFile.flatMap((d) => (d.constant ? [] : [d.name])));
  return {
    constants: new Set(ofFile.flatMap((d) => (changing.has(d.name) ? [] : [source(d.name)]))),
    ownConstants: own.map((d) => ({
      within: source(d.within ?? ""),
      name: d.called ?? source(d.name),
      as: d.name,
    })),
  };
}

export async function differences(
  { work, scratch, ir }: Subject,
  { lowered, idle }: Account,
  sides: Sides,
): Promise<Finding[]> {
  const shown = (warnings: readonly string[]): string[] => warnings.map((w) => w.replaceAll(scratch, ""));
  return compareObjects({
    c: sides.c.object,
    rust: sides.other.object,
    ...(sides.lowered ? { lowered: true } : {}),
    ...constantsOf(lowered),
    alignments: await askedAlignments(lowered, ir),
    constructs: sides.constructs ?? [],
    functions: lowered.flatMap((u) => u.functions),
    sourceNames: sourceNames(lowered),
    idle,
    config: await kernelConfiguration(work.kernel),
    warnings: { c: shown(sides.c.warnings), rust: shown(sides.other.warnings) },
  });
}
