/** The texts of a run for GitHub: the renderer's Markdown, with links into this repository, and a line for removed modules. */
import { inlineCode, inlineText } from "../report/escape.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { textOf } from "../report/phrase.ts";
import type { Report } from "../report/schema.ts";
import { countOutcomes, verdictOf } from "../report/verdict.ts";
import { context } from "@actions/github";
import path from "node:path";
import type { Repo } from "./run-context.ts";

export interface Links {
  run: string;
  artifact: string | undefined;
  sha: string;
  repo: Repo;
}

/** A function that renders for one place, within its limit in bytes. */
export function renderBody(
  reports: readonly Report[],
  removed: readonly string[],
  links: Links,
): (kind: "comment" | "summary" | "check", limitBytes: number) => string {
  const gone = removedLine(reports, removed);
  return (kind, limitBytes) => {
    if (reports.length === 0) return `${gone}\n`;
    const room = limitBytes - Buffer.byteLength(gone) - 2;
    const body = renderMarkdown(reports, {
      kind: kind === "summary" ? "summary" : "comment",
      limitBytes: room,
      links: {
        run: links.run,
        artifact: links.artifact,
        source: (report, file, line) => sourceUrl(links, report, file, line),
      },
    });
    return gone === "" ? body : `${body}\n${gone}\n`;
  };
}

/** What stands in the place of a report that was not taken. Left alone, an earlier run's comment would go on saying that all is well. */
export function refusalBody(why: string, run: string, sha: string): string {
  return `### ⚠️ No report — what [this run](${run}) of ${sha.slice(0, 12)} handed over was refused\n\n${inlineText(why)}\n\nNothing is said of the module. An earlier result that stood here was of another commit or run.\n`;
}

/** One line of plain text: what a check run's title and the job's failure say. */
export function titleOf(reports: readonly Report[], removed: readonly string[]): string {
  const [only] = reports;
  if (only === undefined)
    return `nothing to check: ${removed.length === 1 ? "a module was" : `${removed.length} modules were`} removed`;
  if (reports.length === 1) {
    const { headline, todo } = verdictOf(only);
    return `${textOf(headline)}: ${textOf(todo)}`;
  }
  const { built, failed } = countOutcomes(reports);
  if (failed > 0) return `${failed} of ${reports.length} modules do not pass`;
  return built === 0
    ? `all ${reports.length} modules pass`
    : `${built} of ${reports.length} modules were built and not run, the others pass`;
}

function removedLine(reports: readonly Report[], removed: readonly string[]): string {
  if (removed.length === 0) return "";
  const names = removed
    .map((r) => inlineCode(r))
    .slice(0, 50)
    .join(", ");
  return reports.length > 0
    ? `Removed by this pull request: ${names}`
    : `### ✅ Nothing to check — this pull request removes ${names}`;
}

/** The page of a source line at the commit that was checked; undefined where the file is not in the repository. */
function sourceUrl(links: Links, report: Report, file: string, line: number | undefined): string | undefined {
  const at = path.posix.join(report.module.dir, file);
  if (at.startsWith("..") || path.posix.isAbsolute(at)) return undefined;
  const { owner, repo } = links.repo;
  const place = at.split("/").map(encodeURIComponent).join("/");
  return `${context.serverUrl}/${owner}/${repo}/blob/${links.sha}/${place}${line === undefined ? "" : `#L${line}`}`;
}
