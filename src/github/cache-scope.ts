/** Which runs share a cache. GitHub keeps those of a pull request from its base's branch; keys say so too, for services that do not. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { contentKey } from "../machine/cache.ts";
import { OWN_EVENTS } from "./run-context.ts";

export interface CacheScope {
  /** Part of the keys that this run writes, and reads first. */
  own: string;
  /** Parts of further keys that it may read. */
  readable: string[];
  /** Whether what the run's work left may be kept: it is the repository's own code that was built. */
  results: boolean;
}

const payload = z.object({
  repository: z.object({ default_branch: z.string() }).optional().catch(undefined),
  pull_request: z.object({ number: z.number().int().positive() }).optional().catch(undefined),
});

export async function cacheScope(env: NodeJS.ProcessEnv): Promise<CacheScope> {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  const ref = env["GITHUB_REF"] ?? "";
  const told = payload.safeParse(
    await readFile(env["GITHUB_EVENT_PATH"] ?? "", "utf8")
      .then(JSON.parse)
      .catch(() => ({})),
  );
  const { repository, pull_request: pull } = told.success ? told.data : {};
  // These two run on the default branch, whatever their payload says.
  const main =
    event === "schedule" || event === "repository_dispatch"
      ? ref
      : repository && `refs/heads/${repository.default_branch}`;
  const of = (r: string): string => `ref-${contentKey([r]).slice(0, 16)}`;
  const results = OWN_EVENTS.includes(event);
  // A number alone, or the event with its ref: none of them is a branch's scope.
  const own = results
    ? of(ref)
    : event === "pull_request" && pull
      ? `pull-${pull.number}`
      : `other-${contentKey([event, ref]).slice(0, 16)}`;
  return { own, readable: main === undefined || of(main) === own ? [] : [of(main)], results };
}
