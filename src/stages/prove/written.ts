/**
 * The C as people wrote it against the lowered C. What lowering has moved into helpers is linked in and inlined again, on the one side by the
 * preprocessor and the headers, on the other by the helpers' own text; then the two are compared as the lowered C and the Rust are. Helpers
 * are read as clang reads them here, whereas kbuild gives them to the kernel's own compiler: what is compared is what their C says.
 */
import path from "node:path";
import { UnitCompiler } from "../../c/compile-command.ts";
import { StageError } from "../../machine/errors.ts";
import type { Sandbox } from "../../machine/process.ts";
import { usefulLines } from "../../machine/tool-failure.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { sourceNames } from "../lower/names.ts";
import { IrModule } from "./ir/read-module.ts";
import { UNOPTIMISED } from "./lowered-ir.ts";
import { type HelperOwner, helperOwners } from "./helper-owners.ts";
import { type Part, Side, unitOfC } from "./sides.ts";
import { staticKey, staticOf } from "./statics.ts";

/** LLVM IR of a unit as it was captured, and of its helpers. */
export interface WrittenIr {
  unit: string;
  helpers: string | undefined;
}

/** @throws StageError("prove") with clang's words */
export function writtenIr(unit: LoweredUnit, clang: string, sandbox: Sandbox): Promise<string> {
  return irOf("the C", unit, new UnitCompiler(clang, unit.command, sandbox), [unit.command.file]);
}

/** @throws StageError("prove") with clang's words */
export function helpersIr(unit: LoweredUnit, clang: string, sandbox: Sandbox): Promise<string> {
  const args = ["-iquote", path.dirname(unit.command.file), "-x", "c", "-"];
  return irOf("its helpers", unit, new UnitCompiler(clang, unit.command, sandbox), args, helpersText(unit));
}

/** C of a unit's helpers, as one text. */
export function helpersText({ helpers }: LoweredUnit): string {
  return helpers === undefined
    ? ""
    : [helpers.preamble, ...helpers.wrappers.map((w) => w.text), ...helpers.moved.map((m) => m.text)].join("\n\n");
}

async function irOf(
  what: string,
  { command }: LoweredUnit,
  compiler: UnitCompiler,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const r = await compiler.run([...UNOPTIMISED, ...args], input);
  if (r.exitCode !== 0)
    throw new StageError("prove", `${what} cannot be read by clang\n${usefulLines(r.stderr)}`, { file: command.file });
  return r.stdout;
}

/** Both programs, under the names of the C. */
export function writtenSides(
  units: readonly LoweredUnit[],
  names: readonly string[],
  lowered: readonly IrModule[],
  written: readonly WrittenIr[],
): { written: Side; lowered: Side } {
  const modules = written.map((w) => new IrModule(w.unit));
  const sources = sourceNames(units);
  const parts = lowered.flatMap((module, i) => {
    const original = modules[i] as IrModule;
    const { helpers } = written[i] as WrittenIr;
    const { helpers: made } = units[i] as LoweredUnit;
    const owners = helperOwners(
      module,
      [...(made?.wrappers ?? []), ...(made?.moved ?? [])].map((h) => h.symbol),
    );
    const named = (m: IrModule): Part => asWritten(m, names[i] as string, original, sources, owners);
    return [
      named(module),
      ...(helpers === undefined ? [] : [{ ...named(new IrModule(helpers)), alone: true as const }]),
    ];
  });
  return {
    written: new Side(
      "written",
      modules.map((m, i) => unitOfC(m, names[i] as string)),
    ),
    lowered: new Side("lowered", parts),
  };
}

/** What lowering has given another name, or made seen by helpers, is called as in the unit's own C. */
function asWritten(
  module: IrModule,
  unit: string,
  original: IrModule,
  sources: ReadonlyMap<string, string>,
  owners: ReadonlyMap<string, HelperOwner>,
): Part {
  const plain = unitOfC(module, unit);
  const isLocalThere = (name: string): boolean =>
    original.isLocal(name) || ["internal", "private"].includes(original.globals.get(name)?.linkage ?? "");
  return {
    module,
    keyOf: (symbol, isLocal) => {
      const of = isLocal ? staticOf(symbol) : undefined;
      const owner = of && owners.get(of.function);
      if (of !== undefined && owner !== undefined)
        return staticKey(`${unit}::${sources.get(owner.function) ?? owner.function}`, of.name, {
          ...of,
          before: owner.place + 1,
        });
      const name = sources.get(symbol) ?? symbol;
      return plain.keyOf(name, isLocalThere(name) || (isLocal && name === symbol));
    },
  };
}
