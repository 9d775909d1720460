/** The matrix for a job's summary or a file: verdict, grid, failures with their causes. */
import { markdownTable } from "markdown-table";
import { fence, inlineCode, inlineText } from "../escape.ts";
import { secondsOf } from "../facts.ts";
import { gridOf } from "./grid.ts";
import type { JudgedCell, MatrixReport } from "./schema.ts";
import {
  countStates,
  describeCulprit,
  failuresOf,
  moduleWords,
  NOT_RUN,
  STATE_ICONS,
  STATE_WORDS,
  stateIcon,
  valueWords,
} from "./words.ts";

/** Failures and cells written out; GitHub keeps a summary of 1 MiB. */
const MOST = 100;

export function renderMatrixMarkdown(report: MatrixReport): string {
  const icon = { pass: "✅", fail: "❌", error: "💥" }[report.verdict];
  const failures = failuresOf(report);
  const unknown = report.cells.filter((c) => c.state === "unknown");
  const reused = report.cells.filter((c) => c.origin === "reused");
  const parts = [`### ${icon} ${inlineText(countStates(report))}`, gridMarkdown(report.cells)];
  if (failures.length > 0) parts.push("#### Failures", ...failures.slice(0, MOST).map(failureMarkdown));
  if (unknown.length > 0)
    parts.push(
      "#### No result",
      unknown
        .slice(0, MOST)
        .map((c) => `- ${cellWords(c)}: ${inlineText(c.note ?? "", 300)}`)
        .join("\n"),
    );
  if (reused.length > 0)
    parts.push(
      `${reused.length} ${reused.length === 1 ? "cell was" : "cells were"} not run again: nothing that they depend on changed since ${inlineText([...new Set(reused.map((c) => `run ${c.result!.run.id}`))].slice(0, 5).join(", "))}.`,
    );
  if (report.notes.length > 0) parts.push(report.notes.map((n) => `> ${inlineText(n, 1000)}`).join("\n>\n"));
  parts.push(legend());
  return `${parts.join("\n\n")}\n`;
}

/** The table alone: also in the issues. */
export function gridMarkdown(cells: readonly JudgedCell[]): string {
  const grid = gridOf(cells);
  const head = ["module", "c2rust", "rustc", ...grid.kernels].map((h) => inlineText(h));
  const rows = grid.rows
    .slice(0, MOST)
    .map((r) => [
      inlineText(r.module),
      inlineText(r.c2rust),
      inlineText(r.rustc),
      ...r.cells.map((c) =>
        c === undefined
          ? ""
          : `${stateIcon(c)}${c.origin === "reused" ? " ♻️" : c.origin === "run" && c.result && c.state !== "unknown" ? ` ${secondsOf(c.result.seconds)}` : ""}${c.cell.allowFailure ? " (may fail)" : ""}`,
      ),
    ]);
  const more = grid.rows.length > MOST ? `\n\n… and ${grid.rows.length - MOST} more rows` : "";
  return markdownTable([head, ...rows], { alignDelimiters: false }) + more;
}

function failureMarkdown({ fingerprint, cells }: { fingerprint: string; cells: JudgedCell[] }): string {
  const found = cells.find((c) => c.culprit) ?? cells[0]!;
  const lines = [
    `- **${inlineText(found.result?.message ?? "fails", 300)}** (${inlineCode(fingerprint)}, ${cells.some((c) => c.state === "new-failure") ? "new" : "still failing"}) in ${cells.length} ${cells.length === 1 ? "cell" : "cells"}: ${cells.slice(0, 6).map(cellWords).join("; ")}${cells.length > 6 ? "; …" : ""}`,
    ...(found.culprit
      ? [
          `  Culprit: **${inlineText(describeCulprit(found.culprit), 500)}**, found with ${found.culprit.probes.length} ${found.culprit.probes.length === 1 ? "probe" : "probes"}`,
        ]
      : []),
    fence("", found.reproduce).replaceAll(/^/gm, "  "),
  ];
  return lines.join("\n\n");
}

export function cellWords({ cell }: Pick<JudgedCell, "cell">): string {
  return `${inlineText(moduleWords(cell))} on ${inlineText(valueWords(cell.kernel))}, c2rust ${inlineText(valueWords(cell.c2rust))}, rustc ${inlineText(valueWords(cell.rustc))}`;
}

function legend(): string {
  return `<sub>${Object.entries(STATE_ICONS)
    .map(([s, icon]) => `${icon} ${STATE_WORDS[s as keyof typeof STATE_WORDS]}`)
    .join(" · ")} · ${NOT_RUN.icon} ${NOT_RUN.words} · ♻️ result of an earlier run</sub>`;
}
