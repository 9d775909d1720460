/** LLVM IR of the lowered C, before any pass. */
import { UnitCompiler } from "../../c/compile-command.ts";
import { StageError } from "../../machine/errors.ts";
import type { Sandbox } from "../../machine/process.ts";
import { complaintOf } from "../../machine/tool-failure.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { asC } from "../lowered-c/text.ts";

/**
 * Without the checks that a kernel with UBSAN has in its C (CONFIG_UBSAN_SHIFT, CONFIG_UBSAN_BOUNDS): they report what C does not define, and
 * clang makes them of the text, not of what a pass finds.
 */
const UNCHECKED = "-fno-sanitize=undefined,integer,local-bounds";

/** `-O` for what the front end makes of it (lifetimes, no `optnone`), without the passes. */
export const UNOPTIMISED = [
  UNCHECKED,
  "-g0",
  "-Xclang",
  "-disable-llvm-passes",
  "-fno-discard-value-names",
  "-emit-llvm",
  "-S",
  "-o",
  "-",
];

/** @throws StageError("prove") with clang's words */
export async function loweredIr(unit: LoweredUnit, clang: string, sandbox: Sandbox): Promise<string> {
  const r = await new UnitCompiler(clang, unit.command, sandbox).runOnPreprocessed(asC(unit), UNOPTIMISED);
  if (r.exitCode !== 0)
    throw new StageError("prove", `the lowered C does not compile\n${complaintOf(r)}`, { file: unit.command.file });
  return r.stdout;
}
