import path from "node:path";

/**
 * The folder that holds action.yml, package.json and every file that is read at run time (templates, shims, the guest's scripts).
 * Sources lie in `src/` and bundles in `dist/`, both one level below it, so one expression serves both; whatever needs such a file
 * asks here, because `import.meta.dirname` of a bundled module is `dist/`, wherever its source lay.
 */
export function projectRoot(): string {
  return path.resolve(import.meta.dirname, "..");
}
