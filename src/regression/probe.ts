/** Runs a cell's module with other versions, or with an earlier state of its files, to see whether a failure shows. */
import path from "node:path";
import { scratchFolder, cacheDir } from "../machine/cache.ts";
import { log } from "../machine/log.ts";
import { resultOf } from "../matrix/merge.ts";
import { runCell, type CellRun } from "../matrix/run-cells.ts";
import { sourceDigest } from "../matrix/source-digest.ts";
import { git as gitIn } from "../machine/git.ts";
import type { Cell, Result, Values } from "../report/matrix/schema.ts";
import { STAGES } from "../check/stage-recorder.ts";
import type { Answer } from "./culprit.ts";

/** Run the cell once more with these versions; `commit` is where its files were as `values.source` says. */
export async function runAgain(cell: Cell, values: Values, commit: string | undefined, how: CellRun): Promise<Result> {
  await using scratch = await scratchFolder(path.join(cacheDir(), "probe-"));
  const other: Cell = {
    ...cell,
    source: values.source,
    kernel: { ...cell.kernel, resolved: values.kernel },
    c2rust: { ...cell.c2rust, resolved: values.c2rust },
    rustc: { ...cell.rustc, resolved: values.rustc },
  };
  log.info(
    `${cell.module.folder} with kernel ${values.kernel}, c2rust ${values.c2rust}, rustc ${values.rustc}${values.source === cell.source ? "" : `, its files as of ${commit ?? "an unknown commit"}`}`,
  );
  const unknown = (message: string): Result => ({
    run: how.run,
    outcome: "unknown",
    values,
    key: cell.key,
    seconds: 0,
    message,
  });
  if (values.source === cell.source) return worst(await runCell(other, path.join(scratch.dir, "out"), how), other);
  if (commit === undefined) return unknown("the commit of the last good run is not known");
  const tree = path.join(scratch.dir, "tree");
  const git = (...args: string[]) => gitIn(how.tree, args, { owned: how.tree, timeout: 600_000 });
  const added = await git("worktree", "add", "--detach", "--force", tree, commit);
  if (added.exitCode !== 0)
    return unknown(`commit ${commit.slice(0, 12)} is not in the checkout: give actions/checkout \`fetch-depth: 0\``);
  try {
    const within = (await git("rev-parse", "--show-prefix")).stdout.trim();
    const earlier = path.join(tree, within);
    if ((await sourceDigest(path.join(earlier, cell.module.folder))) !== values.source)
      return unknown(`the module's files at ${commit.slice(0, 12)} are not those of the last good run`);
    return worst(await runCell(other, path.join(scratch.dir, "out"), { ...how, tree: earlier }), other);
  } finally {
    await git("worktree", "remove", "--force", tree);
  }
}

function worst(reports: Awaited<ReturnType<typeof runCell>>, cell: Cell): Result {
  const results = reports.map((r) => resultOf(r, cell));
  return results.find((r) => r.outcome === "fail") ?? results.find((r) => r.outcome === "unknown") ?? results[0]!;
}

/** Whether `failure` shows in a result. One that fails otherwise and earlier hides it: that says nothing. */
export function answerOf(result: Result, failure: Pick<Result, "fingerprint" | "stage">): Answer {
  if (result.outcome === "unknown") return "unknown";
  if (result.outcome !== "fail") return "gone";
  if (result.fingerprint === failure.fingerprint) return "shows";
  const at = (stage: string | undefined): number => STAGES.findIndex((s) => s === stage);
  return at(result.stage) < at(failure.stage) ? "unknown" : "gone";
}
