/** The cache folder (tools, compiled core, stages' results) kept between workflow runs by the Actions cache. */
import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import * as cache from "@actions/cache";
import { cacheDir, contentKey } from "../machine/cache.ts";
import { log } from "../machine/log.ts";

/** An entry that no run has used for this long is not carried on; milliseconds. */
const UNUSED = 14 * 24 * 3600 * 1000;

export interface RestoredCache {
  key: string | undefined;
}

/** Nothing but a warning when the cache service fails: the run is slower, not wrong. */
export async function restoreCache(): Promise<RestoredCache> {
  if (!cache.isFeatureAvailable()) return { key: undefined };
  const prefix = keyPrefix();
  const key = await cache.restoreCache([cacheDir()], `${prefix}-none`, [`${prefix}-`]).catch(warn("restore"));
  log.info(key === undefined ? "cache: none yet" : `cache: restored ${key}`);
  return { key };
}

/** Save the folder when it holds something else than what was restored: keys are content hashes, so their list says what is in it. */
export async function saveCache(restored: RestoredCache): Promise<void> {
  if (!cache.isFeatureAvailable() || !existsSync(cacheDir())) return;
  const entries = await prune(cacheDir());
  const key = `${keyPrefix()}-${contentKey(entries)}`;
  if (entries.length === 0 || key === restored.key) return;
  await cache.saveCache([cacheDir()], key).catch(warn("save"));
}

/** The image's version stands for the libraries that cached tools link to. */
function keyPrefix(): string {
  return ["kport", "1", process.platform, process.arch, process.env["ImageOS"] ?? "self-hosted"].join("-");
}

/**
 * Remove from the cache folder what a killed run left half made and what no run has used for two weeks. Only content-addressed entries have
 * a time that says when they were last used (`cached` sets it); folders of another kind (Node, unpacked kernels) stay.
 * @returns `kind/name` of every entry that stays, sorted
 */
export async function prune(dir: string, now = Date.now()): Promise<string[]> {
  const kept: string[] = [];
  for (const kind of await readdir(dir, { withFileTypes: true })) {
    if (!kind.isDirectory()) continue;
    for (const entry of await readdir(path.join(dir, kind.name))) {
      const at = path.join(dir, kind.name, entry);
      const unused = /^[0-9a-f]{40}$/.test(entry) && now - (await stat(at)).mtimeMs > UNUSED;
      if (entry.startsWith(".making-") || unused) await rm(at, { recursive: true, force: true });
      else kept.push(`${kind.name}/${entry}`);
    }
  }
  return kept.sort();
}

function warn(what: string): (error: unknown) => undefined {
  return (error) => {
    log.warn(`cannot ${what} the Actions cache, going on without it: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  };
}
