/** The text of an issue about a regression: what broke, since when, whose fault, how to see it, and where it shows. */
import { clip, fence, inlineCode, inlineText, oneLine } from "../escape.ts";
import { cellWords, gridMarkdown } from "./markdown.ts";
import type { JudgedCell, MatrixReport } from "./schema.ts";
import { countStates, describeCulprit, STATE_ICONS, STATE_WORDS } from "./words.ts";

/** Characters of a title; GitHub takes 256. */
const TITLE = 200;
/** Characters of a body; GitHub takes 65,536, of which the marker needs some. */
const BODY = 60_000;

export function regressionTitle(cells: readonly JudgedCell[]): string {
  const found = cells.find((c) => c.culprit);
  const modules = [...new Set(cells.map((c) => c.cell.module.folder))];
  const where = modules.length === 1 ? modules[0]! : `${modules.length} modules`;
  const why =
    found?.culprit?.kind === "axis" ? ` with ${describeCulprit(found.culprit).replace(/ \(last good.*$/, "")}` : "";
  return clip(oneLine(`${where}${why}: ${cells[0]?.result?.message ?? "fails"}`), TITLE);
}

export function regressionBody(report: MatrixReport, fingerprint: string, cells: readonly JudgedCell[]): string {
  const found = cells.find((c) => c.culprit) ?? cells[0]!;
  const modules = new Set(cells.map((c) => c.cell.module.folder));
  const parts = [
    `**${inlineText(found.result?.message ?? "fails", 500)}**`,
    found.culprit ? `Culprit: **${inlineText(describeCulprit(found.culprit), 1000)}**` : "",
    "To see it:",
    fence("", found.reproduce),
    gridMarkdown(report.cells.filter((c) => modules.has(c.cell.module.folder))),
    footer(report, `Failure ${inlineCode(fingerprint)} in ${cells.length} ${cells.length === 1 ? "cell" : "cells"}.`),
  ];
  return clip(parts.filter((p) => p !== "").join("\n\n"), BODY);
}

export function fixedComment(report: MatrixReport): string {
  return `Fixed: ${runWords(report)} no longer shows it.`;
}

export function returnedComment(report: MatrixReport, cells: readonly JudgedCell[]): string {
  const found = cells.find((c) => c.culprit);
  return `It is back in ${runWords(report)}${found?.culprit ? `. Culprit: **${inlineText(describeCulprit(found.culprit), 1000)}**` : ""}: ${cells.slice(0, 5).map(cellWords).join("; ")}${cells.length > 5 ? "; …" : ""}.`;
}

export function environmentTitle(): string {
  return "Scheduled runs give no result";
}

export function environmentBody(report: MatrixReport, cells: readonly JudgedCell[]): string {
  const reasons = [...Map.groupBy(cells, (c) => c.note ?? "no result")].sort((a, b) => b[1].length - a[1].length);
  const parts = [
    `${cells.length} of ${report.cells.length} cells gave no result. That says nothing of the modules: something of the runners, the packages or the workflow is broken.`,
    reasons
      .slice(0, 10)
      .map(([why, of]) => `- ${of.length} ${of.length === 1 ? "cell" : "cells"}: ${inlineText(why, 300)}`)
      .join("\n"),
    footer(report, ""),
  ];
  return clip(parts.join("\n\n"), BODY);
}

export function overflowTitle(count: number): string {
  return `${count} more regressions`;
}

export function overflowBody(
  report: MatrixReport,
  groups: readonly { fingerprint: string; cells: readonly JudgedCell[] }[],
): string {
  const parts = [
    "More broke at once than a run opens issues for. Each gets its own in one of the next runs, if it still shows then.",
    groups
      .slice(0, 100)
      .map(
        (g) =>
          `- ${inlineCode(g.fingerprint)} ${inlineText(g.cells[0]?.result?.message ?? "", 200)} (${g.cells.length} ${g.cells.length === 1 ? "cell" : "cells"})`,
      )
      .join("\n"),
    footer(report, ""),
  ];
  return clip(parts.join("\n\n"), BODY);
}

function runWords(report: MatrixReport): string {
  return report.run.url === undefined
    ? `run ${inlineText(report.run.id)}`
    : `[run ${inlineText(report.run.id)}](${report.run.url})`;
}

function footer(report: MatrixReport, text: string): string {
  const states = [...new Set(report.cells.map((c) => c.state))]
    .map((s) => `${STATE_ICONS[s]} ${STATE_WORDS[s]}`)
    .join(" · ");
  return `<sub>${states}. ${text} Last seen by ${runWords(report)}: ${inlineText(countStates(report))}. kport keeps this issue up to date and closes it; close it as "not planned" to hear no more of it.</sub>`;
}
