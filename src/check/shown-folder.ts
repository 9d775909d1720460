import path from "node:path";

/** A module's folder as the report names it: relative to where kport runs, and never by a path of the machine. */
export function shownFolder(dir: string): string {
  const relative = path.relative("", dir);
  return relative === "" ? "." : relative.startsWith("..") ? path.basename(dir) : relative;
}
