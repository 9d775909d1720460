import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The folder that holds action.yml, package.json and every file that is read at run time (templates, shims, the guest's scripts).
 * `import.meta.dirname` is this folder of `src/` in the sources and `dist/` in a bundle, so the way up is looked for, not counted.
 */
export function projectRoot(): string {
  for (let dir = import.meta.dirname; dir !== path.dirname(dir); dir = path.dirname(dir))
    if (existsSync(path.join(dir, "action.yml"))) return dir;
  throw new Error(`no action.yml above ${import.meta.dirname}`);
}
