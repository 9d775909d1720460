/** git on this machine, in a checkout whose files are a stranger's. */
import { run, type RunOptions, type RunResult } from "./process.ts";

/**
 * What a repository's configuration may not make git start here. A folder of a checkout can itself be laid out as a repository without a work
 * tree, configuration included, and git takes the first one that it finds on its way up: such a one only counts where it is named.
 */
const GUARDED = ["safe.bareRepository=explicit", "core.fsmonitor=false", "core.hooksPath=/dev/null"];

/**
 * @param dir where it works
 * @param options `owned`: a checkout that may belong to another user (a container's), or `*`
 */
export function git(
  dir: string,
  args: readonly string[],
  { owned, ...options }: { owned?: string } & Pick<RunOptions, "timeout" | "signal"> = {},
): Promise<RunResult> {
  const settings = [...GUARDED, ...(owned === undefined ? [] : [`safe.directory=${owned}`])];
  return run("git", [...settings.flatMap((s) => ["-c", s]), "-C", dir, ...args], { ...options, allowFailure: true });
}
