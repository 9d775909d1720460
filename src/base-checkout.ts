/** The pull request's base commit, checked out beside the workspace, to port it too and show what the C change does to the Rust. */
import path from "node:path";
import { log } from "./log.ts";
import { run } from "./process.ts";

/**
 * Check `sha` out into `into` as a git work tree of `workspace`. A shallow clone may lack the commit: then it is fetched, with whatever right the
 * checkout itself has (no token of ours reaches git). Resolves with why not, for people, where it cannot be had.
 */
export async function checkoutBase(workspace: string, sha: string, into: string, signal?: AbortSignal): Promise<string | undefined> {
  // The workspace may belong to another user (a container), and its hooks are not ours to run.
  const safe = ["-c", `safe.directory=${workspace}`, "-c", "core.hooksPath=/dev/null", "-C", workspace];
  const git = async (...args: string[]) => run("git", [...safe, ...args], { allowFailure: true, timeout: 10 * 60_000, ...(signal ? { signal } : {}) });
  if ((await git("cat-file", "-e", `${sha}^{commit}`)).exitCode !== 0) {
    const fetched = await git("fetch", "--no-tags", "--depth=1", "origin", sha);
    if (fetched.exitCode !== 0) return `the base commit ${sha.slice(0, 12)} is not in the checkout and cannot be fetched; give actions/checkout \`fetch-depth: 2\``;
  }
  await git("worktree", "prune");
  const added = await git("worktree", "add", "--detach", "--force", into, sha);
  if (added.exitCode === 0) return undefined;
  log.debug(added.all);
  return `git cannot check the base commit ${sha.slice(0, 12)} out beside ${path.basename(workspace)}`;
}
