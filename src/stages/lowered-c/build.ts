/** Builds the lowered C as C, beside the same helpers and assembly as the Rust port: a third module that does what lowering says. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LimitFunction } from "p-limit";
import { UnitCompiler } from "../../c/compile-command.ts";
import { StageError } from "../../machine/errors.ts";
import type { Sandbox } from "../../machine/process.ts";
import { complaintOf } from "../../machine/tool-failure.ts";
import { copyUntrusted } from "../../machine/untrusted-folder.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { type CParts, cParts } from "../assemble/c-parts.ts";
import { kbuildHead, makefile } from "../assemble/kbuild-files.ts";
import { makeModule, warningsIn } from "../build/index.ts";
import type { CapturedModule } from "../capture/captured-modules.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { asC } from "./text.ts";

export interface LoweredInput {
  module: CapturedModule;
  units: readonly LoweredUnit[];
  /** The name of each unit, as an identifier. */
  names: readonly string[];
  /** A file of the working copy as the module's folder names it. */
  relative: (file: string) => string;
  kernel: Kernel;
  clang: string;
  /** Lets as many units be compiled at once as there are processors. */
  limit: LimitFunction;
  /** The sandbox that the module's own C was built in. */
  sandbox: Sandbox;
}

/**
 * Build in `dir`, which must be there.
 * @param symbols a Module.symvers of modules it may import from besides the kernel; within `dir`
 * @throws StageError("lowered") with the first errors of clang, gcc or modpost
 */
export async function buildLowered(
  input: LoweredInput,
  dir: string,
  symbols?: string,
): Promise<{ ko: string; warnings: string[] }> {
  const { module, units, names, relative, kernel, clang, limit, sandbox } = input;
  await mkdir(path.join(dir, "helpers"), { recursive: true });
  const parts = await cParts(module, units, names, relative, dir);
  for (const [name, text] of parts.files) await writeFile(path.join(dir, name), text);
  const objects = names.map((n) => `lowered-${n}.o`);
  const made = `${dir}-objects`;
  await mkdir(made);
  await Promise.all(
    units.map((u, i) =>
      limit(() =>
        compile(
          u,
          path.join(made, objects[i] as string),
          clang,
          sandbox && { ...sandbox, writable: [...sandbox.writable, made] },
        ),
      ),
    ),
  );
  // Their names end as kbuild's `clean` does not look for.
  for (const o of objects) await copyUntrusted(made, o, path.join(dir, `${o}_shipped`));
  await writeFile(path.join(dir, "Kbuild"), kbuildOf(module.name, objects, parts));
  await writeFile(path.join(dir, "Makefile"), makefile(module.name));
  try {
    const { ko, output } = await makeModule(dir, { module: module.name, kernel, symbols }, () => ({
      message: "the lowered C does not link",
    }));
    return { ko, warnings: warningsIn(output) };
  } catch (error) {
    throw error instanceof StageError ? new StageError("lowered", error.message) : error;
  }
}

/** Where C says that nothing follows (a helper that traps, for BUG), rustc's kernel target has a trap, and objtool wants to see one. */
const AS_RUSTC = ["-mllvm", "-trap-unreachable"];

async function compile(unit: LoweredUnit, object: string, clang: string, sandbox: Sandbox): Promise<void> {
  const r = await new UnitCompiler(clang, unit.command, sandbox).runOnPreprocessed(asC(unit), [
    ...AS_RUSTC,
    "-c",
    "-o",
    object,
  ]);
  if (r.exitCode !== 0)
    throw new StageError("lowered", `the lowered C does not compile\n${complaintOf(r)}`, { file: unit.command.file });
}

/** The units' objects go the way that kbuild's own go, so that objtool sees them where it sees those of the C module. */
function kbuildOf(module: string, objects: readonly string[], parts: CParts): string {
  return `${kbuildHead({ module, ...parts }, objects.join(" "), "the module's lowered C")}
quiet_cmd_kport_lowered = COPY    $@
      cmd_kport_lowered = cp $< $@$(cmd_objtool)

${objects.map((o) => `$(obj)/${o}: $(KPORT)/${o}_shipped FORCE\n\t$(call if_changed,kport_lowered)\n`).join("\n")}`;
}
