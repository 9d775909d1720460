/** report.json in a screenful, for a terminal or a log. */
import picocolors from "picocolors";
import type { Finding, Report } from "./schema.ts";
import { clip, oneLine, plainText } from "./escape.ts";
import { messageParts, phraseOf, textOf } from "./phrase.ts";
import { stageWords } from "./stage-words.ts";
import { fuzzWords } from "./fuzz.ts";
import { knownWords } from "./known.ts";
import { countWords, placeOf, sortedFindings, verdictOf } from "./verdict.ts";
import { bootWord, bytesOf, changeOf, ratioOf, runsOf, secondsOf, totalsOf } from "./facts.ts";

/** Lines of what a tool said that are shown with a finding. */
const TOOL_LINES = 12;

export interface SummaryOptions {
  readonly color?: boolean | undefined;
  /** What was written, as it is to be shown. */
  readonly files?: readonly string[] | undefined;
  /** Findings shown; the rest is counted. */
  readonly findings?: number | undefined;
}

/** Plain text, lines ending in a newline. Nothing in it is a terminal sequence or a workflow command of a stranger's. */
export function renderSummary(report: Report, options: SummaryOptions = {}): string {
  const color = picocolors.createColors(options.color ?? false);
  const severityTint: Record<Finding["severity"], (text: string) => string> = {
    error: color.red,
    warning: color.yellow,
    note: color.dim,
  };
  const verdict = verdictOf(report);
  const tint = { pass: color.green, built: color.yellow, fail: color.red, error: color.magenta }[verdict.verdict];
  const lines: string[] = [];
  const row = (label: string, text: string) => lines.push(`  ${color.dim(label.padEnd(9))} ${text}`);

  // The headline of what was not run says that itself.
  const word = verdict.verdict === "built" ? "BUILT" : report.verdict.toUpperCase();
  lines.push(tint(color.bold(`${word}  ${textOf(verdict.headline)}`)));
  if (verdict.verdict !== "pass" || verdict.icon === "⚠️")
    lines.push(`      ${textOf(verdict.todo)}${verdict.detail === undefined ? "" : `: ${textOf(verdict.detail)}`}`);
  lines.push("");
  row("kernel", oneLine(`${report.kernel.release} ${report.kernel.arch}`));
  row("stages", stageLine(report, color));
  const { c, rust } = report.objects;
  if (c !== undefined || rust !== undefined) {
    const size = (facts: typeof c) => (facts === undefined ? "–" : bytesOf(facts.text));
    const metric = report.delta?.metrics.find(({ name }) => name === "text");
    const change = metric === undefined ? "" : changeOf(metric);
    row(
      "code",
      `C ${size(c)}, Rust ${size(rust)} ${ratioOf(c?.text, rust?.text)}${change === "" ? "" : `, ${change} since ${oneLine(report.delta!.base)}`}`.trimEnd(),
    );
  }
  if (report.units.length > 0) {
    const totals = totalsOf(report);
    row(
      "Rust",
      `${totals.rustLines} lines for ${totals.cLines} of C, ${report.units.length} ${report.units.length === 1 ? "unit" : "units"}; ${totals.unsafe.blocks} unsafe blocks, ${totals.unsafe.functions} unsafe functions, ${totals.keptInC} kept in C`,
    );
  }
  const known = knownWords(report);
  if (known !== undefined) row("proofs", oneLine(known));
  if (report.boot !== undefined)
    row(
      "boot",
      `${runsOf(report.boot)
        .map(([side, run]) => `${side} ${bootWord(run)}`)
        .join("; ")} (${report.boot.accelerator})`,
    );
  if (report.fuzz !== undefined) row("fuzz", oneLine(fuzzWords(report.fuzz)));
  if (report.diff !== undefined)
    row(
      "diff",
      `${report.diff.files.length} ${report.diff.files.length === 1 ? "file" : "files"}, +${report.diff.added} −${report.diff.removed} against ${oneLine(report.diff.base)}`,
    );
  row("findings", countWords(report.findings) || "none");

  const sorted = sortedFindings(report);
  const shown = sorted.slice(0, options.findings ?? 20);
  if (shown.length > 0) lines.push("");
  for (const finding of shown) {
    const place = placeOf(finding);
    const { lead, rest } = messageParts(finding.message);
    const stage = stageWords(finding);
    lines.push(
      `  ${severityTint[finding.severity](finding.severity)} ${place === undefined ? "" : `${textOf([place])}: `}${textOf(phraseOf(lead, 1000))} ${color.dim(`[${textOf([finding.check])}]`)}`,
    );
    if (stage !== undefined) lines.push(`    ${color.bold(stage)}`);
    if (rest !== "")
      lines.push(
        ...plainText(clip(rest, 4000))
          .split("\n")
          .slice(0, TOOL_LINES)
          .map((line) => `    ${color.dim(line)}`),
      );
  }
  if (shown.length < sorted.length) lines.push(`  … and ${sorted.length - shown.length} more`);
  if (options.files !== undefined && options.files.length > 0)
    lines.push("", ...options.files.map((file) => `  ${color.dim("written")}   ${oneLine(file)}`));
  return `${lines.join("\n")}\n`;
}

function stageLine(report: Report, color: ReturnType<typeof picocolors.createColors>): string {
  return report.stages
    .filter((stage) => stage.status !== "skipped")
    .map((stage) =>
      stage.status === "failed"
        ? color.red(`${stage.name} failed`)
        : `${stage.name} ${stage.reused !== undefined ? "reused" : stage.cached ? "cached" : secondsOf(stage.seconds)}`,
    )
    .join(", ");
}
