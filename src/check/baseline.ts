/** `--baseline DIR|REF`: what a module's port is compared with at the shell. */
import { stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { scratchFolder } from "../machine/cache.ts";
import type { CheckRequest } from "./check-request.ts";
import { type Checked, checkFolder } from "./checked.ts";
import { compareWithBase, compareWithPort } from "./compare-ports.ts";
import { UserError } from "../machine/errors.ts";
import { git as gitIn } from "../machine/git.ts";
import { log } from "../machine/log.ts";
import { check } from "./pipeline.ts";
import { readReport } from "../report/read.ts";

/**
 * Add to each result what changed since the baseline: the results of an earlier check (a folder with report.json), a port (a folder
 * with Kbuild), or a git reference of the module's own repository, whose port is made first, without a boot.
 * @throws UserError when the baseline is none of these
 */
export async function compareWithBaseline(
  baseline: string,
  now: readonly Checked[],
  request: CheckRequest,
): Promise<Checked[]> {
  const has = (name: string): Promise<boolean> =>
    stat(path.join(baseline, name)).then(
      () => true,
      () => false,
    );
  if (await has("report.json"))
    return compareWithBase(
      [{ report: await readReport(path.join(baseline, "report.json")), dir: path.resolve(baseline) }],
      now,
      baseline,
    );
  if (await has("Kbuild")) return Promise.all(now.map((c) => compareWithPort(path.resolve(baseline), c, baseline)));
  const git = (...args: string[]) => gitIn(request.dir, args, { timeout: 600_000 });
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${baseline}^{commit}`);
  const top = await git("rev-parse", "--show-toplevel");
  if (commit.exitCode !== 0 || top.exitCode !== 0)
    throw new UserError(
      `--baseline ${baseline}: neither a folder with a report.json or a port's Kbuild, nor a commit of the repository that holds ${request.dir}`,
    );
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-baseline-"));
  const tree = path.join(scratch.dir, "tree");
  const added = await git("worktree", "add", "--detach", "--force", tree, commit.stdout.trim());
  if (added.exitCode !== 0)
    throw new UserError(`--baseline ${baseline}: git cannot check it out: ${added.stderr.trim().split("\n").at(-1)}`);
  try {
    log.info(`the baseline, ${baseline}:`);
    const dir = path.join(tree, path.relative(top.stdout.trim(), request.dir));
    const before = await checkFolder(check, { ...request, dir, out: path.join(scratch.dir, "out"), boot: false });
    return await compareWithBase(before, now, baseline);
  } finally {
    await git("worktree", "remove", "--force", tree);
  }
}
