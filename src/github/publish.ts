/** Reports to GitHub: the sticky comment, the check run, the job summary. What fails here never changes what the run says of the module. */
import { appendFile, stat } from "node:fs/promises";
import { markdownOf, phraseOf } from "../report/phrase.ts";
import type { Report } from "../report/schema.ts";
import { type FailOn, failed } from "../report/fail-on.ts";
import { worstOutcome } from "../report/verdict.ts";
import { log } from "../machine/log.ts";
import type { Annotation } from "../report/annotations.ts";
import type { GitHub } from "./client.ts";
import { isReadOnly } from "./client.ts";
import { publishCheckRun } from "./check-run.ts";
import type { RunId } from "./run-context.ts";
import type { Outcome } from "./sticky-comment.ts";
import { bodyLimit, keepComment } from "./sticky-comment.ts";

/** What is published, rendered already: the texts for each place within that place's limit, in bytes. */
export interface Publication {
  reports: readonly Report[];
  set: string;
  run: RunId;
  runUrl: string;
  sha: string;
  /** The number and the head of the pull request that the reports are about. */
  pull: { number: number; headSha: string } | undefined;
  failOn: FailOn;
  render: (kind: "comment" | "summary" | "check", limitBytes: number) => string;
  annotations: readonly Annotation[];
  title: string;
  /** There was a report, and it was not taken: neither well nor ill. */
  refused?: true;
}

export interface Switches {
  comment: boolean;
  check: boolean;
  dryRun: boolean;
}

export interface Published {
  commentUrl?: string;
  /** Whether the annotations are on a check run; if not, the caller puts them into the log. */
  checkRun: boolean;
  /** What could not be written and what to do about it, a line each. */
  notes: string[];
}

/** GitHub takes 65,535 characters of a check run's summary. */
const CHECK_LIMIT = 65_000;
/** Over 1 MiB GitHub drops a step's whole summary. */
const SUMMARY_LIMIT = 1024 * 1024 - 1024;

export async function publish(github: GitHub, what: Publication, on: Switches): Promise<Published> {
  const result: Published = { checkRun: false, notes: [] };
  if (on.check && !on.dryRun) {
    await attempt(result, "check run", "checks: write", async () => {
      // Neutral is no failure to a branch's protection, and no green mark for what nobody saw run.
      const conclusion = what.refused
        ? "neutral"
        : failed(what.reports, what.failOn)
          ? "failure"
          : worstOutcome(what.reports) === "pass"
            ? "success"
            : "neutral";
      const { url, annotations } = await publishCheckRun(github, {
        ...what,
        conclusion,
        summary: what.render("check", CHECK_LIMIT),
        detailsUrl: what.runUrl,
      });
      result.checkRun = true;
      log.info(`check run: ${annotations} annotations${url ? `, ${url}` : ""}`);
    });
  }
  if (on.comment && what.pull) {
    const { number, headSha } = what.pull;
    const body = what.render("comment", bodyLimit(what.set));
    if (on.dryRun) log.info(`dry run: the comment on pull request ${number} would be\n${body}`);
    else {
      await attempt(result, "comment", "pull-requests: write", async () => {
        const outcome = await commentUnlessMoved(github, what, number, headSha, body);
        result.commentUrl = outcome.url;
        log.info(`comment: ${outcome.did}${outcome.url ? `, ${outcome.url}` : ""}`);
      });
    }
  }
  return result;
}

/**
 * A run whose commit is no longer the head of the pull request leaves the comment to the run of the new head. The marker in the comment
 * cannot say so alone: the newer run may not have written yet, or have left an unchanged comment as it was.
 */
async function commentUnlessMoved(
  github: GitHub,
  what: Publication,
  number: number,
  headSha: string,
  body: string,
): Promise<Outcome> {
  const now = await github.pull(number);
  if (now.headSha !== headSha) return { did: "superseded" };
  return keepComment(github, { pull: number, set: what.set, run: what.run, body });
}

async function attempt(result: Published, what: string, permission: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const why = isReadOnly(error)
      ? `No ${what}: the token may only read. Give the job \`${permission}\`; for pull requests from forks, use the pair of workflows in examples/workflows/fork-safe-*.yml`
      : `No ${what}: GitHub's API answered ${error instanceof Error ? error.message : String(error)}`;
    log.warn(why);
    result.notes.push(why);
  }
}

/** Append to the job summary, within what GitHub keeps of a step's summary. */
export async function writeSummary(render: (limitBytes: number) => string, notes: readonly string[]): Promise<void> {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (!file) return;
  const written = await stat(file).then(
    (s) => s.size,
    () => 0,
  );
  const tail =
    notes.length === 0
      ? ""
      : `\n${notes.map((n) => `> ${markdownOf(phraseOf(n.replaceAll(/\s+/g, " "), 500))}`).join("\n>\n")}\n`;
  const limit = SUMMARY_LIMIT - written - Buffer.byteLength(tail);
  if (limit > 1000) await appendFile(file, render(limit) + tail);
}
