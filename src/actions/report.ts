/**
 * The half that may write, as the runner starts it after the half that builds: it takes one schema-checked file from that run and everything else
 * (which pull request, which commit, which run) from GitHub, and starts no program.
 */
import type { ActionResult } from "./check.ts";
import { annotateLog, annotationsFor } from "../github/annotate.ts";
import { statusOf } from "../github/api-error.ts";
import { refusalBody, renderBody, titleOf } from "../github/body.ts";
import type { OpenPull } from "../github/client.ts";
import { GitHub } from "../github/client.ts";
import { type Publication, type Published, publish, writeSummary } from "../github/publish.ts";
import { downloadBundle } from "../github/report-artifact.ts";
import type { Repo, WorkflowRun } from "../github/run-context.ts";
import { readWorkflowRun } from "../github/run-context.ts";
import type { ReportInputs } from "../doors/inputs.ts";
import { UserError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { worstVerdict } from "../report/verdict.ts";

/** @throws UserError, and Error where the artifact is refused. */
export async function reportInAction(inputs: ReportInputs): Promise<ActionResult> {
  const { repo, built, runUrl } = await readWorkflowRun();
  if (inputs.token === "")
    throw new UserError('input "token": empty; this action only writes to GitHub, which needs one');
  const github = new GitHub(inputs.token, repo);
  if (built.event !== "pull_request")
    return nothing(`the run that ended was started by ${built.event}, not by a pull request`);
  const pulls = await pullsOf(github, repo, built);
  if (pulls.length === 0)
    return nothing(
      `no open pull request has ${built.head_sha.slice(0, 12)} as its head any more; the run of its new head will report`,
    );
  const about = {
    set: inputs["artifact-name"],
    run: { id: built.id, number: built.run_number, attempt: built.run_attempt },
    runUrl: built.html_url,
    sha: built.head_sha,
    failOn: "error" as const,
  };
  const publishOn = async (
    what: Pick<Publication, "reports" | "render" | "annotations" | "title" | "refused">,
  ): Promise<Published> => {
    const all: Published = { checkRun: false, notes: [] };
    for (const [i, pull] of pulls.entries()) {
      // The check run belongs to the commit, which they share.
      const published = await publish(
        github,
        { ...about, ...what, pull },
        { comment: inputs.comment, check: inputs.check && i === 0, dryRun: inputs["dry-run"] },
      );
      if (all.commentUrl === undefined && published.commentUrl !== undefined) all.commentUrl = published.commentUrl;
      all.notes.push(...published.notes);
      if (inputs.check && i === 0 && !published.checkRun) annotateLog(what.annotations);
    }
    return all;
  };
  try {
    const bundle = await downloadBundle(github, built.id, inputs["artifact-name"]);
    if (bundle === undefined)
      return nothing(
        `run ${built.id} uploaded no artifact ${inputs["artifact-name"]}: it was cancelled, or ended before it had a report`,
      );
    const { reports, removed } = bundle;
    const render = renderBody(reports, removed, {
      run: built.html_url,
      artifact: `${built.html_url}#artifacts`,
      sha: built.head_sha,
      repo,
    });
    const { commentUrl, notes } = await publishOn({
      reports,
      render,
      annotations: annotationsFor(reports),
      title: titleOf(reports, removed),
    });
    if (inputs.summary) await writeSummary((limit) => render("summary", limit), notes);
    log.info(`reported run ${built.html_url} in ${runUrl}`);
    const result: ActionResult = { outputs: { verdict: worstVerdict(reports), "comment-url": commentUrl ?? "" } };
    // Unlike in the half that builds, writing is all there is to do here.
    return notes.length > 0 ? { ...result, failure: notes.join("; ") } : result;
  } catch (error) {
    // A word of GitHub's says nothing of the report.
    if (statusOf(error) === undefined) {
      const why = error instanceof Error ? error.message : String(error);
      await publishOn({
        reports: [],
        render: () => refusalBody(why, built.html_url, built.head_sha),
        annotations: [],
        title: "no report: what the run handed over was refused",
        refused: true,
      });
    }
    throw error;
  }
}

/**
 * The open pull requests that the run was for: into this repository, and with the run's commit still as their head. GitHub names them in the event,
 * except where the branch is in a fork; there the branch's owner and name, which are GitHub's word too, lead to them.
 */
async function pullsOf(github: GitHub, repo: Repo, built: WorkflowRun): Promise<OpenPull[]> {
  const named = await Promise.all(built.pull_requests.map((p) => github.pull(p.number).catch(() => undefined)));
  const owner = built.head_repository?.owner.login;
  const listed = owner && built.head_branch ? await github.pullsFrom(`${owner}:${built.head_branch}`) : [];
  const here = `${repo.owner}/${repo.repo}`.toLowerCase();
  const found = new Map<number, OpenPull>();
  for (const p of [...named, ...listed]) {
    if (p && p.state === "open" && p.headSha === built.head_sha && p.base.toLowerCase() === here)
      found.set(p.number, p);
  }
  return [...found.values()];
}

function nothing(why: string): ActionResult {
  log.info(`nothing to report: ${why}`);
  return { outputs: { verdict: "", "comment-url": "" } };
}
