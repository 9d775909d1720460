/** A port's folder on this machine, read as data. */
import { lstat, readFile, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import { NOT_THE_PORT } from "../report/diff.ts";
import type { PortFile, PortFiles } from "./files.ts";

/** Every file of `dir` that a build did not leave there, in the order of their paths; links are not followed. @throws Error for what git cannot keep (a socket, a device). */
export async function readPort(dir: string): Promise<PortFiles> {
  const found: [string, PortFile][] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(dir, file).replaceAll(path.sep, "/");
    if (NOT_THE_PORT.test(name)) continue;
    const stat = await lstat(file);
    if (stat.isSymbolicLink())
      found.push([name, { mode: "120000", content: await readlink(file, { encoding: "buffer" }) }]);
    else if (stat.isFile())
      found.push([name, { mode: stat.mode & 0o100 ? "100755" : "100644", content: await readFile(file) }]);
    else throw new Error(`${JSON.stringify(name)} is neither a file nor a link`);
  }
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
