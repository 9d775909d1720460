/** What is generated now, brought into what people made of what was generated last: file by file, and never over a change of theirs. */
import type { PortFiles } from "./files.ts";
import { parentsOf } from "./files.ts";
import type { Entry, Listing } from "./git-objects.ts";
import { blobId, sameEntry } from "./git-objects.ts";
import type { TextConflict } from "./merge-text.ts";
import { mergeText } from "./merge-text.ts";

/** A file that stays as people have it although something else is generated now. */
export interface Conflict {
  path: string;
  /** Why, as a sentence's end: "…, which …". */
  why: string;
  /** The places that both sides changed, where that is known. */
  places: readonly TextConflict[];
}

export interface MergedPort {
  listing: Map<string, Entry>;
  /** Contents that only the merge made, by their names in git. */
  contents: Map<string, Buffer>;
  /** Generated files that people changed or removed, and that stay so. */
  kept: string[];
  conflicts: Conflict[];
}

/** The content of a blob; undefined where it cannot be had any more. */
export type ReadBlob = (sha: string) => Promise<Buffer | undefined>;

/**
 * @param last what was generated for the folder as it is; empty where nothing tells.
 * @param theirs the folder as it is.
 */
export async function mergePort(last: Listing, files: PortFiles, theirs: Listing, read: ReadBlob): Promise<MergedPort> {
  const now = listingOf(files);
  const merged: MergedPort = { listing: new Map(), contents: new Map(), kept: [], conflicts: [] };
  const keep = (path: string, entry: Entry | undefined) =>
    entry === undefined ? undefined : merged.listing.set(path, entry);
  for (const path of [...new Set([...last.keys(), ...now.keys(), ...theirs.keys()])].sort()) {
    const [b, n, t] = [last.get(path), now.get(path), theirs.get(path)];
    const conflict = (why: string, places: readonly TextConflict[] = []) => {
      merged.conflicts.push({ path, why, places });
      keep(path, t);
    };
    if (sameEntry(n, t) || sameEntry(t, b)) keep(path, n);
    else if (sameEntry(n, b)) {
      // Also a file of people's own, of which nothing was ever generated.
      if (b !== undefined) merged.kept.push(path);
      keep(path, t);
    } else if (t === undefined) conflict("was removed by hand and is generated otherwise now");
    else if (n === undefined) conflict("was changed by hand and is not generated any more");
    else if (b === undefined) conflict("differs from the generated one, and nothing tells what was generated before");
    else {
      const outcome = await mergeFile(b, n, t, files.get(path)!.content, read);
      if ("why" in outcome) conflict(outcome.why, outcome.places);
      else {
        merged.kept.push(path);
        const sha = blobId(outcome.content);
        if (sha !== n.sha && sha !== t.sha) merged.contents.set(sha, outcome.content);
        keep(path, { mode: outcome.mode, sha });
      }
    }
  }
  dropWhatIsInTheWay(merged, theirs);
  return merged;
}

export function listingOf(files: PortFiles): Map<string, Entry> {
  return new Map([...files].map(([path, { mode, content }]) => [path, { mode, sha: blobId(content) }]));
}

/** A generated file gives way where people keep a folder of its name, or a file of its folder's name. */
function dropWhatIsInTheWay(merged: MergedPort, theirs: Listing): void {
  const folders = new Set([...merged.listing.keys()].filter((path) => theirs.has(path)).flatMap(parentsOf));
  for (const path of [...merged.listing.keys()]) {
    if (theirs.has(path)) continue;
    if (!folders.has(path) && !parentsOf(path).some((parent) => merged.listing.has(parent) && theirs.has(parent)))
      continue;
    merged.listing.delete(path);
    merged.conflicts.push({ path, why: "is generated where people keep something else of that name", places: [] });
  }
}

type FileOutcome = { content: Buffer; mode: Entry["mode"] } | { why: string; places: readonly TextConflict[] };

/** All three are there, and no two are the same. */
async function mergeFile(
  last: Entry,
  now: Entry,
  theirs: Entry,
  content: Buffer,
  read: ReadBlob,
): Promise<FileOutcome> {
  const refused = (why: string, places: readonly TextConflict[] = []) => ({ why, places });
  const mode = oneChange(last.mode, now.mode, theirs.mode);
  if (mode === undefined) return refused("got another mode by hand and is generated with a third one now");
  if ([last, now, theirs].some((e) => e.mode === "120000" || e.mode === "160000"))
    return refused("is a link, or was one, and both sides changed it");
  const sha = oneChange(last.sha, now.sha, theirs.sha);
  if (sha === now.sha) return { content, mode };
  const own = await read(theirs.sha);
  if (own === undefined) return refused("cannot be read from the repository");
  if (sha === theirs.sha) return { content: own, mode };
  const before = await read(last.sha);
  if (before === undefined)
    return refused("was changed by hand, and what was generated before is not in the repository any more");
  const texts = [before, content, own].map(textOf);
  if (texts.includes(undefined)) return refused("is not text, and both sides changed it");
  const merged = mergeText(...(texts as [string, string, string]));
  if (merged === undefined) return refused("is too different to be merged line by line, and both sides changed it");
  if ("conflicts" in merged)
    return refused("was changed by hand where it is generated otherwise now", merged.conflicts);
  return { content: Buffer.from(merged.text), mode };
}

/** The value that one side, or both alike, changed `last` to; undefined where each has its own. */
function oneChange<T>(last: T, now: T, theirs: T): T | undefined {
  if (now === theirs || theirs === last) return now;
  return now === last ? theirs : undefined;
}

/** The content as text; undefined for what is none: no UTF-8, or with zero bytes. */
export function textOf(content: Buffer): string | undefined {
  const text = content.toString();
  return content.includes(0) || !Buffer.from(text).equals(content) ? undefined : text;
}
