/** A module of one C file and one header of somebody else's, as the first half of the lowering sees it. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Parsed, UnitParser } from "../../../src/c/unit-parser.ts";
import { type PreprocessedUnit, preprocess } from "../../../src/stages/lower/preprocess.ts";
import { isHeaderInline, reduce } from "../../../src/stages/lower/reduce.ts";
import type { ReducedUnit } from "../../../src/stages/lower/reduced-unit.ts";
import { parserOf, unitOf } from "../../c/unit.ts";

export interface Lowering extends AsyncDisposable, Parsed {
  compiler: UnitParser;
  dir: string;
  unit: PreprocessedUnit;
  reduced: ReducedUnit;
}

/** @param header what `#include <kernel.h>` holds: not the module's own */
export async function reducedUnit(header: string, own: string): Promise<Lowering> {
  const made = await unitOf(`#include <kernel.h>\n${own}`, []);
  const include = path.join(made.dir, "kernel.h");
  await writeFile(include, header);
  made.compiler.command.arguments.splice(1, 0, "-isystem", made.dir);
  const compiler = await parserOf(made.compiler.command);
  const unit = await preprocess(compiler, (f) => f === made.file, made.dir);
  const { reduced, tree, answers } = await reduce(unit, compiler, isHeaderInline);
  return {
    compiler,
    dir: made.dir,
    unit,
    reduced,
    tree,
    answers,
    [Symbol.asyncDispose]: async () => made[Symbol.asyncDispose](),
  };
}
