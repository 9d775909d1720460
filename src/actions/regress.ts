/**
 * The half that may write, after the jobs of a matrix in the same run: it takes matrix.json as data, keeps the history and the issues, and starts no program.
 * Which branch, labels and people are meant it reads from kport.yml in its own checkout, not from what the modules' jobs handed over.
 */
import path from "node:path";
import type { ActionResult } from "./check.ts";
import { UserError } from "../machine/errors.ts";
import { isReadOnly } from "../github/api-error.ts";
import { GitHub } from "../github/client.ts";
import { loadBranch, saveBranch } from "../github/data-branch.ts";
import { writeSummary } from "../github/publish.ts";
import { type IssueOutcome, keepIssues } from "../github/regression-issue.ts";
import { downloadJson } from "../github/report-artifact.ts";
import { readMatrixContext } from "../github/run-context.ts";
import { addedBy } from "../history/added.ts";
import { loadFolder, saveFolder } from "../history/folder-store.ts";
import type { ReportInputs } from "../doors/inputs.ts";
import { log } from "../machine/log.ts";
import { readMatrixFile } from "../matrix/file.ts";
import { inlineCode, inlineText } from "../report/escape.ts";
import { matrixFiles } from "../report/matrix/files.ts";
import { matrixReport } from "../report/matrix/schema.ts";

/** @throws UserError, and Error where the artifact is refused. */
export async function regressInAction(inputs: ReportInputs): Promise<ActionResult> {
  const context = readMatrixContext();
  if (inputs.token === "")
    throw new UserError('input "token": empty; this action only writes to GitHub, which needs one');
  const github = new GitHub(inputs.token, context.repo);
  const place = path.join(context.workspace, inputs["matrix-file"]);
  const file = await readMatrixFile(place);
  const report = await downloadJson(github, context.run.id, inputs["artifact-name"], "matrix.json", matrixReport);
  if (report === undefined) {
    log.info(
      `nothing to keep: this run uploaded no artifact ${inputs["artifact-name"]}; the job with mode: regress was cancelled, or ended before it had judged`,
    );
    return { outputs: { verdict: "", "comment-url": "" } };
  }
  const branch = "branch" in file.history ? file.history.branch : undefined;
  const folder = "folder" in file.history ? path.join(path.dirname(place), file.history.folder) : undefined;
  const added = addedBy(report);
  const notes: string[] = [];
  let outcomes: IssueOutcome[] = [];
  if (inputs["dry-run"]) {
    log.info(`dry run: ${Object.keys(added.cells).length} results would go to ${branch ?? folder}`);
  } else {
    try {
      const known =
        branch === undefined
          ? (await loadFolder(folder!)).history.issues
          : (await loadBranch(github.git, branch)).history.issues;
      if (file.issues.open) {
        const kept = await keepIssues(github, report, file.issues, known);
        outcomes = kept.outcomes;
        added.issues = kept.issues;
        notes.push(...kept.notes);
      }
      const message = `Run ${report.run.id}: ${report.cells.filter((c) => c.origin === "run").length} cells`;
      const stored =
        branch === undefined
          ? await saveFolder(folder!, added)
          : await saveBranch(github.git, branch, added, matrixFiles(report), message);
      notes.push(...stored.notes.filter((n) => !report.notes.includes(n)));
    } catch (error) {
      if (!isReadOnly(error)) throw error;
      return {
        outputs: { verdict: report.verdict, "comment-url": "" },
        failure: `the token may not write (${String(error)}): give the job \`contents: write\` for the history's branch and \`issues: write\``,
      };
    }
  }
  for (const o of outcomes) log.info(`${o.fingerprint}: ${o.did} #${o.number}`);
  for (const n of notes) log.warn(n);
  if (inputs.summary)
    await writeSummary(
      () =>
        `${outcomes.map((o) => `- ${inlineCode(o.fingerprint)}: ${o.did}, [#${o.number}](${o.url})`).join("\n") || inlineText("No issue had to be touched.")}\n`,
      notes,
    );
  return { outputs: { verdict: report.verdict, "comment-url": "" } };
}
