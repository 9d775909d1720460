/** Bundles the two actions into dist/, which is committed: GitHub runs an action from its repository as it is, without installing anything. */
import { defineConfig } from "rolldown";

export default defineConfig({
  input: { action: "src/action.ts", report: "src/report-action.ts" },
  platform: "node",
  output: {
    dir: "dist",
    format: "esm",
    // CommonJS libraries in the bundle still call require() for Node's own modules.
    banner: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    minify: false,
    comments: { legal: true, annotation: false, jsdoc: false },
    chunkFileNames: "[name].js",
    cleanDir: true,
  },
});
