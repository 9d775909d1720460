/** The names git gives to contents and folders, computed here: what is there already need not be written, nor asked for. */
import { createHash } from "node:crypto";

/** A file as a folder's listing has it. `160000` is a submodule. */
export interface Entry {
  mode: "100644" | "100755" | "120000" | "160000";
  sha: string;
}

/** All files of a folder and its subfolders, by path. */
export type Listing = ReadonlyMap<string, Entry>;

export function blobId(content: Buffer): string {
  return objectId("blob", content);
}

/** The name of the tree with these files; undefined where there are none, for git keeps no empty folders. */
export function treeId(listing: Listing): string | undefined {
  if (listing.size === 0) return undefined;
  const folders = new Map<string, Map<string, Entry>>();
  const entries: { name: string; mode: string; sha: string }[] = [];
  for (const [path, entry] of listing) {
    const slash = path.indexOf("/");
    if (slash < 0) {
      entries.push({ name: path, ...entry });
      continue;
    }
    const folder = folders.get(path.slice(0, slash)) ?? new Map<string, Entry>();
    folders.set(path.slice(0, slash), folder.set(path.slice(slash + 1), entry));
  }
  for (const [name, below] of folders) entries.push({ name, mode: "40000", sha: treeId(below)! });
  // Git compares bytes, and takes a folder's name as if it ended in a slash.
  const sorted = entries
    .map((e) => ({ ...e, key: Buffer.from(e.mode === "40000" ? `${e.name}/` : e.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  return objectId(
    "tree",
    Buffer.concat(sorted.flatMap((e) => [Buffer.from(`${e.mode} ${e.name}\0`), Buffer.from(e.sha, "hex")])),
  );
}

export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  return a?.sha === b?.sha && a?.mode === b?.mode;
}

function objectId(type: string, content: Buffer): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}
