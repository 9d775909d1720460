/** What bringing a port into a repository would change there. Reads only; the same for GitHub's API and for a clone on this machine. */
import { UserError } from "../machine/errors.ts";
import type { PortFiles } from "./files.ts";
import { pathRefusal } from "./files.ts";
import type { Entry, Listing } from "./git-objects.ts";
import { blobId, sameEntry, treeId } from "./git-objects.ts";
import { MANIFEST, readManifest, writeManifest } from "./manifest.ts";
import type { Conflict, ReadBlob } from "./merge-port.ts";
import { listingOf, mergePort } from "./merge-port.ts";

/** A commit's files, as far as a plan needs them. */
export interface CommitReader {
  /** The files of a folder; empty where there is none. @throws UserError where a part of its path is a file. */
  folder: (path: string) => Promise<Listing>;
  blob: ReadBlob;
}

export interface PortPlan {
  module: string;
  /** The port's folder in the repository. */
  folder: string;
  /** The folder's name in git as it is to be, and as it is in the base: the same where there is nothing to do. */
  tree: string;
  before: string | undefined;
  listing: Listing;
  /** The folder as it is in the base. */
  base: Listing;
  /** All that is generated, where the folder is to hold some of it otherwise: the next merge needs it. */
  generated: Listing | undefined;
  /** What has to be written to the repository, by its name in git. */
  contents: ReadonlyMap<string, Buffer>;
  added: string[];
  changed: string[];
  removed: string[];
  /** Generated files that people changed, with what they changed kept. */
  kept: string[];
  conflicts: Conflict[];
}

/** @throws UserError where the port cannot lie in `folder`. */
export async function planPort(
  commit: CommitReader,
  module: string,
  folder: string,
  files: PortFiles,
): Promise<PortPlan> {
  if (files.has(MANIFEST))
    throw new UserError(`the port of ${module} has a file ${MANIFEST}, which is kport's own record`);
  const base = await commit.folder(folder);
  const record = base.get(MANIFEST);
  const last = record === undefined ? undefined : readManifest((await commit.blob(record.sha)) ?? Buffer.of());
  const now = listingOf(files);
  const manifest = writeManifest(now);
  const recorded: Entry = { mode: "100644", sha: blobId(manifest) };
  const theirs = without(base, MANIFEST);
  const merged = await mergePort(last ?? new Map(), files, theirs, commit.blob);
  const listing = merged.listing.set(MANIFEST, recorded);
  const generated = new Map([...now, [MANIFEST, recorded] as const]);
  const contents = new Map([
    ...merged.contents,
    ...[...files.values()].map((f) => [blobId(f.content), f.content] as const),
    [recorded.sha, manifest] as const,
  ]);
  return {
    module,
    folder,
    tree: treeId(listing)!,
    before: treeId(base),
    listing,
    base,
    generated: [...generated].every(([path, entry]) => sameEntry(entry, listing.get(path))) ? undefined : generated,
    contents,
    added: [...listing.keys()].filter((path) => !base.has(path)).sort(),
    changed: [...listing]
      .filter(([path, entry]) => base.has(path) && !sameEntry(base.get(path), entry))
      .map(([path]) => path)
      .sort(),
    removed: [...base.keys()].filter((path) => !listing.has(path)).sort(),
    kept: merged.kept,
    conflicts: merged.conflicts,
  };
}

/** The branch that a module's port for a base is proposed from. */
export function branchOf(base: string, module: string): string {
  return `kport/port/${base}/${module}`;
}

/** @param pattern the input `port-dir`, in which `{module}` stands for the module's name. @throws UserError for a folder that cannot be one. */
export function folderOf(pattern: string, module: string): string {
  const folder = pattern
    .replaceAll("{module}", module)
    .replace(/^(\.\/)+/, "")
    .replace(/\/+$/, "");
  const why = folder === "" || folder === "." ? "is the whole repository" : pathRefusal(folder);
  if (why !== undefined)
    throw new UserError(
      `input "port-dir": ${JSON.stringify(pattern)} will not do: it ${why}; name a folder for the ports, such as rust/{module}`,
    );
  return folder;
}

function without(listing: Listing, path: string): Map<string, Entry> {
  return new Map([...listing].filter(([p]) => p !== path));
}
