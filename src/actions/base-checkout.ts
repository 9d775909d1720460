/** The pull request's base commit, checked out beside the workspace, to port it too and show what the C change does to the Rust. */
import { UserError } from "../machine/errors.ts";
import { git as gitIn } from "../machine/git.ts";

/** A pull request's base as it was checked out: the commit, and its tree. */
export interface BaseCheckout {
  sha: string;
  tree: string;
}

/**
 * Check the base of `pull` out into `into` as a git work tree of `workspace`. Where the workspace is GitHub's merge commit of the pull request's head, the base
 * is that commit's first parent, so that nothing but the pull request's own change lies between (the event's base may be older than
 * the merge). A shallow clone may lack it: then the event's base is fetched, with whatever right the checkout itself has (no token of ours
 * reaches git).
 * @throws UserError that says what to do where it cannot be had.
 */
export async function checkoutBase(
  workspace: string,
  pull: { baseSha: string; headSha: string },
  into: string,
  signal?: AbortSignal,
): Promise<BaseCheckout> {
  const git = (...args: string[]) =>
    gitIn(workspace, args, { owned: workspace, timeout: 10 * 60_000, ...(signal ? { signal } : {}) });
  const [, first = "", second] = (await git("rev-list", "--parents", "-n", "1", "HEAD")).stdout.trim().split(" ");
  const sha = second === pull.headSha ? first : pull.baseSha;
  if ((await git("cat-file", "-e", `${sha}^{commit}`)).exitCode !== 0) {
    const fetched = await git("fetch", "--no-tags", "--depth=1", "origin", sha);
    if (fetched.exitCode !== 0)
      throw new UserError(
        `the base commit ${sha.slice(0, 12)} is not in the checkout and cannot be fetched; give actions/checkout \`fetch-depth: 2\``,
      );
  }
  await git("worktree", "prune");
  const added = await git("worktree", "add", "--detach", "--force", into, sha);
  if (added.exitCode !== 0)
    throw new UserError(
      `git cannot check the base commit ${sha.slice(0, 12)} out: ${added.stderr.trim().split("\n").at(-1)}`,
    );
  return { sha, tree: into };
}
