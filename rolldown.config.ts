/** Bundles the two actions into dist/, which is committed: GitHub runs an action from its repository as it is, without installing anything. */
import type { BuildOptions } from "rolldown";

/**
 * One file an entry, with nothing shared: the half that holds a write token is then as small as it can be, and can be read by itself.
 * `entries` maps the files' names to their sources.
 */
export function bundles(entries: Record<string, string>, dir: string): BuildOptions[] {
  return Object.entries(entries).map(([name, input]) => ({
    input: { [name]: input },
    platform: "node",
    checks: { eval: false },
    output: {
      dir,
      format: "esm",
      codeSplitting: false,
      // CommonJS libraries in the bundle still call require() for Node's own modules.
      banner:
        'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  }));
}

export default bundles({ action: "src/doors/action.ts", report: "src/doors/report-action.ts" }, "dist");
