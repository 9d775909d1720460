/** What kport itself is, for keys: results are of the code that made them. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { projectRoot } from "./project-root.ts";
import { contentsOf } from "./seen-files.ts";

let made: Promise<string> | undefined;

/** A digest of the sources, or of the bundle that runs, with all that is read at run time, the libraries' versions and Node's. */
export function ownCode(): Promise<string> {
  made ??= (async () => {
    const root = projectRoot();
    const hash = createHash("sha256").update(process.version);
    const self = fileURLToPath(import.meta.url);
    for (const file of [self, path.join(root, "package-lock.json")]) hash.update(await readFile(file).catch(() => ""));
    hash.update(JSON.stringify(await contentsOf(path.join(root, "src"))));
    return hash.digest("hex");
  })();
  return made;
}
