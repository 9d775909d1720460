/** The cache folder (tools, compiled core, stages' results) kept between workflow runs by the Actions cache. What is in it is run and linked by later runs. */
import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import * as cache from "@actions/cache";
import { cacheDir, contentKey } from "../machine/cache.ts";
import { log } from "../machine/log.ts";
import { cacheScope } from "./cache-scope.ts";

/** An entry that no run has used for this long is not carried on; milliseconds. */
const UNUSED = 14 * 24 * 3600 * 1000;

type Service = Pick<typeof cache, "isFeatureAvailable" | "restoreCache" | "saveCache">;

/**
 * Set a run up and do its work, with the cache folder as an earlier run left it, and kept for a later one.
 * What is kept of a pull request's run is what was there before any of the module's code ran, and only later runs of the same pull request
 * look for it; the work of a run of the repository's own is kept as well.
 * @param on whether there is to be a cache
 */
export async function withCache<T>(
  on: boolean,
  setUp: () => Promise<void>,
  work: () => Promise<T>,
  service: Service = cache,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  if (!on || !service.isFeatureAvailable()) {
    await setUp();
    return work();
  }
  const scope = await cacheScope(env);
  const prefixes = [scope.own, ...scope.readable].map((s) => [...PREFIX, env["ImageOS"] ?? "self-hosted", s].join("-"));
  const own = prefixes[0] as string;
  let last = await service
    .restoreCache(
      [cacheDir()],
      `${own}-none`,
      prefixes.map((p) => `${p}-`),
    )
    .catch(warn("restore"));
  log.info(last === undefined ? "cache: none yet" : `cache: restored ${last}`);
  const save = async (): Promise<void> => {
    if (!existsSync(cacheDir())) return;
    const entries = await prune(cacheDir());
    // Ends in a hash of what is in the folder: what another scope holds already need not be kept once more.
    const key = `${own}-${contentKey(entries)}`;
    if (entries.length === 0 || key.slice(-40) === last?.slice(-40)) return;
    // Nothing but a warning when the service fails: the next run is slower, not wrong.
    await service.saveCache([cacheDir()], key).catch(warn("save"));
    last = key;
  };
  await setUp();
  await save();
  const result = await work();
  if (scope.results) await save();
  return result;
}

/** The version of this layout, and the machine. The image's version, which follows, stands for the libraries that cached tools link to. */
const PREFIX = ["kport", "2", process.platform, process.arch];

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
    log.warn(
      `cannot ${what} the Actions cache, going on without it: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  };
}
