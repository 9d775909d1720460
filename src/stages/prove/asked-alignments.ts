/** To how many bytes C asks for variables to be aligned, as clang's IR of the C as it was written says it. */
import { StageError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import { lastName } from "../compare/alignments.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { sizeOf } from "./ir/layout.ts";
import { type Global, Unsupported } from "./ir/model.ts";
import { IrModule } from "./ir/read-module.ts";
import type { UnitIr } from "./unit-ir.ts";

/** Bytes from which on clang aligns an array to as many, whatever it holds (x86-64's LargeArrayAlign). */
const LARGE_ARRAY = 16;

/** @returns by name: those that a function's own variables have, too. Of what a unit's names do not tell apart there is one each */
export async function askedAlignments(
  units: readonly LoweredUnit[],
  ir: UnitIr,
): Promise<Map<string, readonly number[]>> {
  const out = new Map<string, number[]>();
  for (const unit of units) {
    // Where attributes ask for 16 bytes or less, clang's number may be one of its own.
    const said = new Map(unit.definitions.map((d) => [d.called ?? d.name, d.align ?? 1]));
    for (const g of await globalsOf(unit, ir)) {
      const name = lastName(g.name);
      out.set(name, [...(out.get(name) ?? []), Math.max(askedOf(g), said.get(name) ?? 1)]);
    }
  }
  return out;
}

async function globalsOf(unit: LoweredUnit, ir: UnitIr): Promise<Global[]> {
  try {
    const { globals } = new IrModule((await ir.written(unit)).unit);
    return [...globals.values()].filter((g) => g.value !== undefined && g.linkage !== "private");
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    log.debug(`alignments of ${unit.command.file} are those that its attributes say: ${error.message}`);
    return unit.definitions
      .filter((d) => d.kind === "variable")
      .map((d) => ({
        name: d.called ?? d.name,
        linkage: undefined,
        unnamed: false,
        constant: d.constant,
        type: { kind: "opaque" },
      }));
  }
}

function askedOf({ type, align = 1 }: Global): number {
  try {
    return align === LARGE_ARRAY && sizeOf(type) >= LARGE_ARRAY ? 1 : align;
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return align === LARGE_ARRAY ? 1 : align;
  }
}
