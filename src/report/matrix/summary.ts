/** The matrix for a terminal. */
import { oneLine, plainText } from "../escape.ts";
import type { JudgedCell, MatrixReport } from "./schema.ts";
import {
  countStates,
  describeCulprit,
  failuresOf,
  isNotRun,
  moduleWords,
  STATE_ORDER,
  stateIcon,
  stateWords,
  valueWords,
} from "./words.ts";

export function renderMatrixSummary(report: MatrixReport): string {
  const lines = [`${report.verdict.toUpperCase()}  ${countStates(report)} (run ${oneLine(report.run.id)})`];
  const shown = report.cells
    .filter((c) => c.state !== "pass" || isNotRun(c))
    .sort((a, b) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state));
  for (const c of shown.slice(0, 60)) {
    const { cell } = c;
    lines.push(
      `  ${stateIcon(c)} ${stateWords(c).padEnd(14)} ${oneLine(moduleWords(cell))}, kernel ${oneLine(valueWords(cell.kernel))}, c2rust ${oneLine(valueWords(cell.c2rust))}, rustc ${oneLine(valueWords(cell.rustc))}${cell.allowFailure ? " (may fail)" : ""}${noteOf(c)}`,
    );
  }
  if (shown.length > 60) lines.push(`  … and ${shown.length - 60} more`);
  for (const { fingerprint, cells } of failuresOf(report)) {
    const first = cells[0]!;
    lines.push(
      "",
      `  ${fingerprint} in ${cells.length} ${cells.length === 1 ? "cell" : "cells"}: ${oneLine(first.result?.message ?? "").slice(0, 300)}`,
    );
    const found = cells.find((c) => c.culprit);
    if (found?.culprit)
      lines.push(`    culprit    ${oneLine(describeCulprit(found.culprit))} (${found.culprit.probes.length} probes)`);
    lines.push(`    reproduce  ${plainText((found ?? first).reproduce)}`);
  }
  for (const n of report.notes) lines.push(`  note: ${oneLine(n)}`);
  return `${lines.join("\n")}\n`;
}

function noteOf(c: JudgedCell): string {
  const note = isNotRun(c) ? c.result?.notRun : c.note;
  return note === undefined ? "" : `: ${oneLine(note).slice(0, 200)}`;
}
