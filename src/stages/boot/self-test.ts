/** The check's own check: does each negative control get the name it must? */
import { readFile } from "node:fs/promises";
import path from "node:path";
import pLimit from "p-limit";
import type { BootRun } from "../../report/schema.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { buildControls, CONTROLS, type Control } from "./controls.ts";
import { bootModuleFile } from "./index.ts";

export interface ControlResult {
  name: string;
  expected: string;
  got: BootRun;
  ok: boolean;
}

/** Guests at once. */
const PARALLEL = 2;

/** Boot the controls (all of them, or those chosen), each in a fresh guest. `onResult` is called as each ends. */
export async function selfTest(kernel: Kernel, options: { choose?: (control: Control) => boolean; signal?: AbortSignal; onResult?: (r: ControlResult) => void } = {}): Promise<ControlResult[]> {
  const dir = await buildControls(kernel);
  const config = await readFile(path.join(kernel.buildDir, ".config"), "utf8");
  const limit = pLimit(PARALLEL);
  const chosen = CONTROLS.filter((c) => (options.choose?.(c) ?? true) && (c.needs === undefined || config.includes(`${c.needs}=y`)));
  return Promise.all(
    chosen.map((control) =>
      limit(async () => {
        const built = await readFile(path.join(dir, `${control.source}.ko`));
        const bytes = control.damage === undefined ? built : control.damage(built);
        // Not read from the file: a truncated one would be refused before any guest is started.
        const module = { bytes, name: control.source, modinfo: new Map([["license", [control.name === "GPL-only symbol" ? "XYZ" : "GPL"]]]) };
        const got = await bootModuleFile(module, [], kernel, { loads: 2, exercise: "none", timeouts: control.timeouts, signal: options.signal });
        const result = { name: control.name, expected: control.expected, got, ok: control.holds(got) };
        options.onResult?.(result);
        return result;
      }),
    ),
  );
}
