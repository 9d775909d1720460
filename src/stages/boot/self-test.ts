/** The check's own check: does each negative control get the name it must? */
import { readFile } from "node:fs/promises";
import path from "node:path";
import pLimit from "p-limit";
import type { BootRun } from "../../report/schema.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { bootControl, buildControls } from "./control-run.ts";
import { CONTROLS, type Control } from "./controls.ts";

export interface ControlResult {
  name: string;
  expected: string;
  got: BootRun;
  ok: boolean;
}

/** Guests at once. */
const PARALLEL = 2;

/** Boot the controls (all of them, or those chosen), each in a fresh guest. `onResult` is called as each ends. */
export async function selfTest(
  kernel: Kernel,
  options: {
    choose?: (control: Control) => boolean;
    signal?: AbortSignal;
    start?: "cold";
    onResult?: (r: ControlResult) => void;
  } = {},
): Promise<ControlResult[]> {
  const dir = await buildControls(kernel);
  const config = await readFile(path.join(kernel.buildDir, ".config"), "utf8");
  const limit = pLimit(PARALLEL);
  const chosen = CONTROLS.filter(
    (c) => (options.choose?.(c) ?? true) && (c.needs === undefined || config.includes(`${c.needs}=y`)),
  );
  return Promise.all(
    chosen.map((control) =>
      limit(async () => {
        const got = await bootControl(control, dir, kernel, { signal: options.signal, start: options.start });
        const result = { name: control.name, expected: control.expected, got, ok: control.holds(got) };
        options.onResult?.(result);
        return result;
      }),
    ),
  );
}
