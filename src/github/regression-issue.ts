/**
 * One issue a failure, by its fingerprint: opened, kept up to date, closed when the failure is gone, opened again when it comes back. Never two of one
 * failure, never more new ones than the file allows, and a person's "not planned" is the last word.
 */
import { log } from "../machine/log.ts";
import {
  environmentBody,
  environmentTitle,
  fixedComment,
  overflowBody,
  overflowTitle,
  regressionBody,
  regressionTitle,
  returnedComment,
} from "../report/matrix/issue.ts";
import type { JudgedCell, MatrixReport } from "../report/matrix/schema.ts";
import { failuresOf } from "../report/matrix/words.ts";
import { statusOf } from "./api-error.ts";
import type { GitHub } from "./client.ts";
import type { Issue } from "./issues.ts";

/** By which the issues are found again, together with the numbers that the history keeps. */
export const LABEL = "kport-regression";
/** Fingerprints of what is no failure of one module. */
export const ENVIRONMENT = "environment";
export const OVERFLOW = "overflow";

export interface IssueSettings {
  labels: string[];
  assignees: string[];
  most: number;
}

export interface IssueOutcome {
  fingerprint: string;
  did: "opened" | "updated" | "unchanged" | "closed" | "reopened" | "respected" | "superseded";
  number: number;
  url: string;
}

type Client = Pick<GitHub, "login" | "createComment" | "issues">;

/** One that is to be open, and what it says. */
interface Wanted {
  fingerprint: string;
  title: string;
  body: string;
  returned: string;
}

interface Kept {
  issue: Issue;
  fingerprint: string;
  sequence: number;
  /** Whether kport closed it itself. */
  closed: boolean;
}

const MARKER = /^<!-- kport regression=([\w-]{1,40}) run=(\d+) by=(kport|people) -->\r?\n/;

function marked(fingerprint: string, sequence: number, closed: boolean, body: string): string {
  return `<!-- kport regression=${fingerprint} run=${sequence} by=${closed ? "kport" : "people"} -->\n${body}`;
}

/**
 * @param known issue numbers of earlier runs: an issue whose label someone took away is found all the same
 * @returns what became of each issue, and the numbers to remember
 */
export async function keepIssues(
  github: Client,
  report: MatrixReport,
  settings: IssueSettings,
  known: Readonly<Record<string, number>>,
): Promise<{ outcomes: IssueOutcome[]; issues: Record<string, number>; notes: string[] }> {
  const notes: string[] = [];
  const outcomes: IssueOutcome[] = [];
  const ours = await findOurs(github, known, report.run.sequence, outcomes);
  const wanted = wantedOf(report);
  // Those that are there already cost nothing; of the new ones only so many.
  const fresh = wanted.filter((w) => !ours.has(w.fingerprint) && w.fingerprint !== ENVIRONMENT);
  const over = new Set(fresh.slice(settings.most).map((w) => w.fingerprint));
  const list = wanted.filter((w) => !over.has(w.fingerprint));
  if (over.size > 0) {
    const groups = failuresOf(report).filter((g) => over.has(g.fingerprint));
    list.push({
      fingerprint: OVERFLOW,
      title: overflowTitle(over.size),
      body: overflowBody(report, groups),
      returned: `${over.size} more again.`,
    });
    notes.push(
      `${over.size} new failures have no issue of their own yet: a run opens ${settings.most} (\`issues.most\` in kport.yml)`,
    );
  }
  for (const w of list) outcomes.push(await keepOne(github, report, settings, w, ours.get(w.fingerprint), notes));
  const alive = aliveIn(report);
  for (const [fingerprint, kept] of ours) {
    if (list.some((w) => w.fingerprint === fingerprint) || alive.has(fingerprint) || !kept.issue.open) continue;
    // Nothing is known of the machine's state in a run in which nothing ran.
    if (fingerprint === ENVIRONMENT && !report.cells.some((c) => c.origin === "run" && c.state !== "unknown")) continue;
    outcomes.push(await close(github, report, kept));
  }
  const issues = Object.fromEntries(outcomes.map((o) => [o.fingerprint, o.number]));
  for (const [fingerprint, kept] of ours) issues[fingerprint] ??= kept.issue.number;
  return { outcomes, issues, notes };
}

/** The failures that count, and one for a broken environment: where half of what should have run gave no result. */
function wantedOf(report: MatrixReport): Wanted[] {
  const failures = failuresOf({ cells: report.cells.filter((c) => !c.cell.allowFailure) }).filter(
    (g) => g.fingerprint !== "",
  );
  const wanted = failures.map(
    ({ fingerprint, cells }): Wanted => ({
      fingerprint,
      title: regressionTitle(cells),
      body: regressionBody(report, fingerprint, cells),
      returned: returnedComment(report, cells),
    }),
  );
  const unknown = report.cells.filter((c) => c.state === "unknown");
  const asked = report.cells.filter((c) => c.origin === "run" || c.state === "unknown").length;
  if (unknown.length > 0 && unknown.length * 2 >= asked)
    wanted.push({
      fingerprint: ENVIRONMENT,
      title: environmentTitle(),
      body: environmentBody(report, unknown),
      returned: "Again no results.",
    });
  return wanted;
}

/** Failures that a cell without a result of this run may still have: an issue is closed only when every cell is known to be rid of it. */
function aliveIn(report: MatrixReport): Set<string> {
  const last = (c: JudgedCell): string | undefined => {
    if (c.origin !== "none" && c.state !== "unknown")
      return c.result?.outcome === "fail" ? c.result.fingerprint : undefined;
    return c.past.findLast((p) => p.outcome !== "unknown")?.fingerprint;
  };
  return new Set(report.cells.flatMap((c) => (c.cell.allowFailure ? [] : (last(c) ?? []))));
}

/** Our issues by fingerprint; of two of one failure (two runs at once) the older stays and the other is closed. */
async function findOurs(
  github: Client,
  known: Readonly<Record<string, number>>,
  sequence: number,
  outcomes: IssueOutcome[],
): Promise<Map<string, Kept>> {
  const me = (await github.login()).replace(/\[bot\]$/, "");
  const listed = await github.issues.labelled(LABEL);
  for (const number of Object.values(known)) {
    const issue = listed.some((i) => i.number === number) ? undefined : await github.issues.get(number);
    if (issue) listed.push(issue);
  }
  const ours = new Map<string, Kept>();
  const kept = listed.flatMap((issue): Kept[] => {
    const m = MARKER.exec(issue.body);
    // Anyone can write a marker.
    if (m === null || issue.author.replace(/\[bot\]$/, "") !== me) return [];
    return [{ issue, fingerprint: m[1]!, sequence: Number(m[2]), closed: m[3] === "kport" }];
  });
  for (const k of kept.sort((a, b) => Number(isDouble(a)) - Number(isDouble(b)) || a.issue.number - b.issue.number)) {
    const first = ours.get(k.fingerprint);
    if (first === undefined) ours.set(k.fingerprint, k);
    else if (k.issue.open && k.issue.number > first.issue.number) {
      await github.createComment(k.issue.number, `The same as #${first.issue.number}, which stays.`);
      await github.issues.update(k.issue.number, {
        state: "closed",
        state_reason: "not_planned",
        body: marked(k.fingerprint, sequence, true, k.issue.body.replace(MARKER, "")),
      });
      outcomes.push({ fingerprint: k.fingerprint, did: "closed", number: k.issue.number, url: k.issue.url });
    }
  }
  return ours;
}

/** One that kport closed as the double of another: it is not the failure's issue any more. */
function isDouble(k: Kept): boolean {
  return !k.issue.open && k.closed && k.issue.reason === "not_planned";
}

async function keepOne(
  github: Client,
  report: MatrixReport,
  settings: IssueSettings,
  wanted: Wanted,
  kept: Kept | undefined,
  notes: string[],
): Promise<IssueOutcome> {
  const { fingerprint } = wanted;
  const { sequence } = report.run;
  const body = marked(fingerprint, sequence, false, wanted.body);
  if (kept === undefined) return open(github, settings, wanted, sequence, notes);
  const { issue } = kept;
  const outcome = (did: IssueOutcome["did"]): IssueOutcome => ({
    fingerprint,
    did,
    number: issue.number,
    url: issue.url,
  });
  // A later run has been here.
  if (kept.sequence > sequence) return outcome("superseded");
  if (!issue.open) {
    if (issue.reason === "not_planned" && !kept.closed) return outcome("respected");
    await github.issues.update(issue.number, { state: "open", state_reason: "reopened", body });
    await github.createComment(issue.number, wanted.returned);
    return outcome("reopened");
  }
  if (issue.body.replaceAll("\r\n", "\n").trimEnd() === body.trimEnd()) return outcome("unchanged");
  await github.issues.update(issue.number, { body });
  return outcome("updated");
}

async function open(
  github: Client,
  settings: IssueSettings,
  wanted: Wanted,
  sequence: number,
  notes: string[],
): Promise<IssueOutcome> {
  const { fingerprint, title } = wanted;
  const issue = {
    title,
    body: marked(fingerprint, sequence, false, wanted.body),
    labels: [LABEL, ...settings.labels],
    assignees: settings.assignees,
  };
  const created = await github.issues.create(issue).catch(async (error: unknown) => {
    // Someone who has left cannot be assigned; the issue is worth more than the assignment.
    if (statusOf(error) !== 422 || issue.assignees.length === 0) throw error;
    notes.push(`The issue is assigned to nobody: GitHub refused ${issue.assignees.join(", ")}`);
    return github.issues.create({ ...issue, assignees: [] });
  });
  log.info(`opened ${created.url}: ${title}`);
  // A request that was repeated because its answer got lost, or another run, may have opened one as well.
  const all = (await github.issues.labelled(LABEL)).filter(
    (i) => i.open && MARKER.exec(i.body)?.[1] === fingerprint && i.author === created.author,
  );
  const first = all[0] ?? created;
  for (const double of all.slice(1)) {
    await github.createComment(double.number, `The same as #${first.number}, which stays.`);
    await github.issues.update(double.number, {
      state: "closed",
      state_reason: "not_planned",
      body: marked(fingerprint, sequence, true, double.body.replace(MARKER, "")),
    });
  }
  return { fingerprint, did: "opened", number: first.number, url: first.url };
}

async function close(github: Client, report: MatrixReport, kept: Kept): Promise<IssueOutcome> {
  const { issue, fingerprint } = kept;
  const { sequence } = report.run;
  if (kept.sequence > sequence) return { fingerprint, did: "superseded", number: issue.number, url: issue.url };
  await github.issues.update(issue.number, {
    state: "closed",
    state_reason: "completed",
    body: marked(fingerprint, sequence, true, issue.body.replace(MARKER, "")),
  });
  await github.createComment(issue.number, fixedComment(report));
  return { fingerprint, did: "closed", number: issue.number, url: issue.url };
}
