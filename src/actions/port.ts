/**
 * The half that may write, after a job with `mode: port` in the same run: it takes the reports and the ports' files as data and keeps a pull request a module.
 * It starts no program, and what it writes goes to kport's own branches only.
 */
import { context } from "@actions/github";
import type { ActionResult } from "./check.ts";
import { UserError } from "../machine/errors.ts";
import { isReadOnly } from "../github/api-error.ts";
import { GitHub } from "../github/client.ts";
import type { Port, PortOutcome } from "../github/port-pr.ts";
import { keepPort, lookAtPort } from "../github/port-pr.ts";
import { writeSummary } from "../github/publish.ts";
import { downloadPorts } from "../github/report-artifact.ts";
import type { RunContext } from "../github/run-context.ts";
import { readPortRun } from "../github/run-context.ts";
import type { ReportInputs } from "../doors/inputs.ts";
import { log } from "../machine/log.ts";
import type { PortFiles } from "../port/files.ts";
import { branchOf, folderOf } from "../port/plan.ts";
import { describePlan, textOfPlan } from "../port/describe.ts";
import { portTitle, renderPortBody, renderStopped, reportFacts } from "../report/port-body.ts";
import type { PortLine } from "../report/port-summary.ts";
import { renderPortSummary } from "../report/port-summary.ts";
import type { Report } from "../report/schema.ts";
import { worstVerdict } from "../report/verdict.ts";

type Run = Pick<RunContext, "repo" | "run" | "runUrl">;

/** @throws UserError, and Error where the artifact is refused. */
export async function portInAction(inputs: ReportInputs): Promise<ActionResult> {
  const { ref, ...run } = readPortRun();
  const base = inputs.base || ref;
  if (base === undefined)
    throw new UserError('input "base": the run is for no branch; name the branch that the ports are for');
  if (inputs.token === "")
    throw new UserError('input "token": empty; this action only writes to GitHub, which needs one');
  const github = new GitHub(inputs.token, run.repo);
  const ported = await downloadPorts(github, run.run.id, inputs["artifact-name"]);
  if (ported === undefined) {
    log.info(
      `nothing to bring in: this run uploaded no artifact ${inputs["artifact-name"]}; the job with mode: port was cancelled, or ended before it had a report`,
    );
    return { outputs: { verdict: "", "comment-url": "", "pull-requests": "[]" } };
  }
  const startsNoChecks = /^github-actions(\[bot\])?$/.test(await github.login());
  const lines: PortLine[] = [];
  for (const [module, reports] of Map.groupBy(ported.bundle.reports, (r) => r.module.name)) {
    const line = await keepOne(github, inputs, run, base, {
      module,
      reports,
      files: ported.ports.get(module),
      startsNoChecks,
    });
    log.info(`${module} on ${base}: ${line.did}: ${line.why}${line.url ? `, ${line.url}` : ""}`);
    lines.push(line);
  }
  const notes = lines.flatMap((l) => l.notes);
  if (inputs.summary) await writeSummary(() => renderPortSummary(base, lines), notes);
  for (const note of notes) log.warn(note);
  const failed = lines.filter((l) => l.did === "refused" || l.did === "failed");
  const outputs = {
    verdict: ported.bundle.reports.length === 0 ? "" : worstVerdict(ported.bundle.reports),
    "comment-url": "",
    "pull-requests": JSON.stringify(lines.map(({ notes: _, ...line }) => line)),
  };
  return failed.length > 0 ? { outputs, failure: failed.map((l) => `${l.module}: ${l.why}`).join("; ") } : { outputs };
}

interface OnePort {
  module: string;
  reports: Report[];
  files: PortFiles | undefined;
  startsNoChecks: boolean;
}

/** One module's trouble is no reason to leave the others. */
async function keepOne(github: GitHub, inputs: ReportInputs, run: Run, base: string, one: OnePort): Promise<PortLine> {
  const { module, reports, files } = one;
  const line = { module, base, branch: branchOf(base, module), notes: [] };
  if (files === undefined) return { ...line, did: "skipped", why: "no port of it could be made; what is there stays" };
  if (inputs.propose === "pass" && worstVerdict(reports) !== "pass")
    return {
      ...line,
      did: "skipped",
      why: "it does not pass; what is there stays, and the input `propose` could say otherwise",
    };
  const port: Port = {
    module,
    files,
    base,
    folder: folderOf(inputs["port-dir"], module),
    run: run.run,
    title: (plan) => portTitle(textOfPlan(plan, base)),
    render: (plan, limit) =>
      renderPortBody({ ...textOfPlan(plan, base), startsNoChecks: one.startsNoChecks }, reports, limit, {
        run: run.runUrl,
        artifact: `${run.runUrl}#artifacts`,
      }),
    facts: reportFacts(reports),
    stopped: (why) => renderStopped(branchOf(base, module), why),
  };
  try {
    if (inputs["dry-run"]) return { ...line, did: "skipped", why: await dryRun(github, port, inputs.reopen) };
    const { draft, labels, reviewers, reopen } = inputs;
    const outcome = await keepPort(github, port, {
      draft,
      labels,
      reviewers,
      teamReviewers: inputs["team-reviewers"],
      reopen,
    });
    return { ...line, ...outcome, ...(outcome.did === "refused" ? refusal(outcome, run, base) : {}) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    return {
      ...line,
      did: "failed",
      why: isReadOnly(error)
        ? `the token may not write (${said}): give the job \`contents: write\` and \`pull-requests: write\``
        : `GitHub's API answered ${said}`,
    };
  }
}

async function dryRun(github: GitHub, port: Port, reopen: boolean): Promise<string> {
  const { plan, step } = await lookAtPort(github, port, reopen);
  log.info(describePlan(plan, port.base, { title: port.title(plan), body: port.render(plan, 65_000) }));
  return `dry run: would ${step.do === "leave" ? `leave it as it is, ${step.why}` : step.do}`;
}

/** GitHub's refusal, what to tick, and the page on which a person can open the pull request. */
function refusal(outcome: PortOutcome, { repo }: Run, base: string): { why: string; url: string } {
  const place = [base, outcome.branch].map((b) => b.split("/").map(encodeURIComponent).join("/")).join("...");
  const url = `${context.serverUrl}/${repo.owner}/${repo.repo}/compare/${place}?expand=1`;
  const why = `${outcome.why}, and the branch ${outcome.branch} holds the port. Tick "Allow GitHub Actions to create and approve pull requests" in Settings, Actions, General, Workflow permissions (the organisation may have to allow it first), or give kport an App's token; or open it by hand: ${url}`;
  return { why, url };
}
