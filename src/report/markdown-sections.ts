/** The folded parts of the Markdown rendering, each a pure function from a report to Markdown. Empty where there is nothing to say. */
import { markdownTable } from "markdown-table";
import type { BootRun, Finding, Report } from "./schema.ts";
import { cellCode, clip, fence, htmlCode, inlineCode, inlineText, visible } from "./escape.ts";
import { markdownOf, messageParts, phraseOf } from "./phrase.ts";
import { stageWords } from "./stage-words.ts";
import { BOOT_WORDS, SEVERITY_ICONS, countWords, placeOf, sortedFindings } from "./verdict.ts";
import { bytesOf, factRows, secondsOf, runsOf, sidesOf, totalsOf } from "./facts.ts";
import { functionsToReview, knownFunctions, shareWords } from "./known.ts";
import { fromBefore } from "./from-before.ts";

/** How much of each part is shown; the limit on the size takes from it. */
export interface Amounts {
  /** Patches of the Rust diff, by report and file index; the counts are shown for every file. */
  readonly patch: (report: Report, fileIndex: number) => boolean;
  readonly diff: boolean;
  readonly findings: number;
  readonly boot: boolean;
  /** Lines of a kernel log. */
  readonly dmesgLines: number;
  readonly sizes: boolean;
  readonly stages: boolean;
  readonly keptInC: boolean;
}

/** Where a place in the module's source can be looked at; undefined where it cannot. */
export type SourceLink = (report: Report, file: string, line: number | undefined) => string | undefined;

/** A Markdown table. Cells are Markdown already. */
export function table(rows: readonly (readonly string[])[], align: readonly ("l" | "r" | "c")[]): string {
  return markdownTable(rows, { align: [...align], alignDelimiters: false, padding: true });
}

/** A folded block. `summary` is HTML. */
export function details(summary: string, body: string, open = false): string {
  return `<details${open ? " open" : ""}><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** A link, where `url` is one that a browser may follow. `label` is Markdown. */
export function link(label: string, url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return label;
  const { protocol, href } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return label;
  return `[${label}](<${href.replace(/[<>|\\`]/g, encodeURIComponent)}>)`;
}

/** The one table of a report: C beside Rust, and what changed. */
export function factTable(report: Report): string {
  const rows = factRows(report);
  if (rows.length === 0) return "";
  const withChange = report.delta !== undefined;
  const head = ["", "C", "Rust", "Rust / C"];
  if (withChange) head.push(`since ${cellCode(report.delta!.base, 60)}`);
  const body = rows.map((row) => [row.label, row.c, row.rust, row.ratio, ...(withChange ? [row.change] : [])]);
  return table([head, ...body], ["l", "r", "r", "r", "r"]);
}

/** The two sides of a comparison: on the line where they are short, else as a small diff below it. */
function sides(finding: Finding): { inline: string; block: string } {
  const { c, rust } = sidesOf(finding);
  if (c === undefined && rust === undefined) return { inline: "", block: "" };
  const short = (side: string | undefined) => side === undefined || (side.length <= 80 && !side.trim().includes("\n"));
  if (short(c) && short(rust)) {
    const shown = (side: string) => (side.trim() === "" ? "empty" : inlineCode(side));
    const parts = [c === undefined ? "" : `C: ${shown(c)}`, rust === undefined ? "" : `Rust: ${shown(rust)}`];
    return { inline: ` (${parts.filter((part) => part !== "").join(", ")})`, block: "" };
  }
  const marked = (side: string | undefined, sign: string) =>
    side === undefined
      ? []
      : visible(clip(side, 1500))
          .split("\n")
          .slice(0, 30)
          .map((line) => sign + line);
  const body = fence("diff", [...marked(c, "- "), ...marked(rust, "+ ")].join("\n"));
  return { inline: "", block: `\n\n${body.replace(/^/gm, "  ")}\n` };
}

function findingItem(report: Report, finding: Finding, source: SourceLink | undefined): string {
  const place = placeOf(finding);
  const where =
    place === undefined
      ? ""
      : `${link(inlineCode(place), finding.file === undefined ? undefined : source?.(report, finding.file, finding.line))}: `;
  const { lead, rest } = messageParts(finding.message);
  const { inline, block } = sides(finding);
  const said =
    rest === ""
      ? ""
      : `\n\n${fence("text", clip(rest.split("\n").slice(0, 40).join("\n"), 4000)).replace(/^/gm, "  ")}\n`;
  const stage = stageWords(finding);
  return `- ${SEVERITY_ICONS[finding.severity]} ${where}${markdownOf(phraseOf(lead, 1000))}${inline}${stage === undefined ? "" : ` — _${stage}_`} <sub>${inlineText(finding.check, 60)}</sub>${said}${block}`;
}

export function findingsSection(report: Report, amount: number, source: SourceLink | undefined): string {
  const findings = sortedFindings(report);
  const changes = report.delta?.findings;
  if (findings.length === 0 && (changes === undefined || changes.fixed.length === 0)) return "";
  const shown = findings.slice(0, amount);
  const lines = shown.map((finding) => findingItem(report, finding, source));
  if (shown.length < findings.length) lines.push(`- … and ${findings.length - shown.length} more`);
  let summary = findings.length === 0 ? "No findings" : `Findings: ${countWords(findings)}`;
  if (changes !== undefined && (changes.added.length > 0 || changes.fixed.length > 0)) {
    summary += ` (since ${htmlCode(report.delta!.base, 60)}: ${changes.added.length} new, ${changes.fixed.length} fixed)`;
    const fixed = changes.fixed
      .slice(0, amount)
      .map((finding) => `- ✅ fixed: ${markdownOf(phraseOf(messageParts(finding.message).lead, 300))}`);
    lines.push(...fixed);
    if (changes.fixed.length > fixed.length) lines.push(`- … and ${changes.fixed.length - fixed.length} more fixed`);
  }
  return details(
    summary,
    lines.join("\n"),
    findings.some((finding) => finding.severity === "error"),
  );
}

export function diffSection(report: Report, patch: Amounts["patch"]): string {
  const { diff } = report;
  if (diff === undefined) return "";
  if (diff.files.length === 0) return `The Rust is the same as in ${inlineCode(diff.base, 60)}.`;
  const files = diff.files.map((file, index) => {
    const head = `${htmlCode(file.file)} +${file.added} −${file.removed}`;
    return patch(report, index) && file.patch !== ""
      ? details(head, fence("diff", file.patch))
      : `- ${inlineCode(file.file)} +${file.added} −${file.removed}\n`;
  });
  const count = `${diff.files.length} ${diff.files.length === 1 ? "file" : "files"}`;
  return details(
    `What it does to the Rust, against ${htmlCode(diff.base, 60)}: ${count}, +${diff.added} −${diff.removed}`,
    files.join("\n"),
  );
}

/** Size in bytes of what one file's patch adds to the diff section. */
export function patchBytes(file: NonNullable<Report["diff"]>["files"][number]): number {
  return Buffer.byteLength(details("", fence("diff", file.patch))) + 2;
}

function runCells(run: BootRun | undefined): string[] {
  if (run === undefined) return Array.from({ length: 6 }, () => "–");
  const yes = (value: boolean | undefined) => (value === undefined ? "–" : value ? "yes" : "no");
  const taint = run.taint.before === run.taint.after ? "none added" : `${run.taint.before} → ${run.taint.after}`;
  const exercise =
    run.exercise === undefined ? "–" : run.exercise.exitCode === null ? "killed" : `status ${run.exercise.exitCode}`;
  return [BOOT_WORDS[run.status], yes(run.loaded), yes(run.initRan), exercise, yes(run.unloaded), taint];
}

function logOf(side: string, run: BootRun | undefined, lines: number): string[] {
  if (run === undefined || run.status === "ok") return [];
  const parts = [
    `**${side}** ${BOOT_WORDS[run.status]}${run.message === undefined ? "" : `: ${markdownOf(phraseOf(run.message, 500))}`}${run.fingerprint === undefined ? "" : ` (fingerprint ${inlineCode(run.fingerprint, 80)})`}`,
  ];
  const tail = lines === 0 ? [] : run.dmesg.slice(-lines);
  if (tail.length > 0) parts.push(fence("text", tail.map((line) => clip(line.replaceAll("\n", " "), 500)).join("\n")));
  return parts;
}

export function bootSection(report: Report, dmesgLines: number): string {
  const { boot } = report;
  if (boot === undefined) return "";
  const sides = runsOf(boot);
  const labels = ["result", "loaded", "init ran", "exercise", "unloaded", "taint"];
  const cells = sides.map(([, run]) => runCells(run));
  const rows = table(
    [["", ...sides.map(([side]) => side)], ...labels.map((label, index) => [label, ...cells.map((of) => of[index]!)])],
    ["l", ...sides.map(() => "l" as const)],
  );
  const failed = sides.some(([, run]) => run !== undefined && run.status !== "ok");
  return details(
    `Boot in QEMU (${boot.accelerator}): ${sides.map(([side, run]) => `${side} ${run === undefined ? "not booted" : BOOT_WORDS[run.status]}`).join(", ")}`,
    [rows, ...sides.flatMap(([side, run]) => logOf(side, run, dmesgLines))].join("\n\n"),
    failed,
  );
}

function names(list: readonly string[], limit = 40): string {
  const shown = list
    .slice(0, limit)
    .map((name) => inlineCode(name, 120))
    .join(", ");
  return list.length > limit ? `${shown} and ${list.length - limit} more` : shown;
}

export function sizesSection(report: Report): string {
  const { c, rust } = report.objects;
  const parts: string[] = [];
  if (c !== undefined || rust !== undefined) {
    const sections = [...new Set([...Object.keys(c?.sections ?? {}), ...Object.keys(rust?.sections ?? {})])]
      .map((name) => ({ name, c: c?.sections[name]?.size, rust: rust?.sections[name]?.size }))
      .filter((section) => section.c !== section.rust)
      .sort((a, b) => Math.max(b.c ?? 0, b.rust ?? 0) - Math.max(a.c ?? 0, a.rust ?? 0))
      .slice(0, 20);
    if (sections.length > 0) {
      const size = (value: number | undefined) => (value === undefined ? "–" : bytesOf(value));
      parts.push(
        table(
          [
            ["section", "C", "Rust"],
            ...sections.map((section) => [cellCode(section.name, 80), size(section.c), size(section.rust)]),
          ],
          ["l", "r", "r"],
        ),
      );
    }
  }
  if (c !== undefined && rust !== undefined) {
    for (const kind of ["imports", "exports"] as const) {
      const onlyC = c[kind].filter((name) => !rust[kind].includes(name));
      const onlyRust = rust[kind].filter((name) => !c[kind].includes(name));
      if (onlyC.length > 0) parts.push(`Only the C module ${kind}: ${names(onlyC)}`);
      if (onlyRust.length > 0) parts.push(`Only the Rust module ${kind}: ${names(onlyRust)}`);
    }
  }
  const { delta } = report;
  for (const kind of ["imports", "exports"] as const) {
    if (delta === undefined) break;
    const { added, removed } = delta[kind];
    if (added.length > 0) parts.push(`New ${kind} since ${inlineCode(delta.base, 60)}: ${names(added)}`);
    if (removed.length > 0) parts.push(`Gone ${kind} since ${inlineCode(delta.base, 60)}: ${names(removed)}`);
  }
  return parts.length === 0 ? "" : details("Sections and symbols that differ", parts.join("\n\n"));
}

export function stagesSection(report: Report): string {
  const rows = report.stages.map((stage) => [
    stage.name,
    stage.status === "ok" ? "✅" : stage.status === "failed" ? "❌ failed" : "skipped",
    stage.status === "skipped"
      ? ""
      : [secondsOf(stage.seconds), ...fromBefore(stage).map((words) => `(${words})`)].join(" "),
    stage.message === undefined ? "" : markdownOf(phraseOf(messageParts(stage.message).lead, 300), "cell"),
  ]);
  if (rows.length === 0) return "";
  const total = report.stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const units = report.units.map((unit) => [
    cellCode(unit.file),
    unit.status === "ok" ? "✅" : "❌ failed",
    String(unit.cLines),
    String(unit.rustLines),
    String(unit.functions),
    `${unit.unsafe.blocks} blocks, ${unit.unsafe.functions} functions`,
  ]);
  const parts = [table([["stage", "", "time", ""], ...rows], ["l", "l", "r", "l"])];
  if (units.length > 0)
    parts.push(
      table([["unit", "", "C lines", "Rust lines", "functions", "unsafe"], ...units], ["l", "l", "r", "r", "r", "l"]),
    );
  return details(`Stages and units: ${secondsOf(total)}`, parts.join("\n\n"));
}

/** The functions of which nothing is proved: what to review by hand. */
export function proofsSection(report: Report): string {
  const left = functionsToReview(report);
  if (left.length === 0) return "";
  const rows = left.map((f) => [
    cellCode(f.name, 120),
    cellCode(f.file, 120),
    f.share === undefined ? "–" : shareWords(f.share),
    markdownOf(phraseOf(f.reason ?? "", 300), "cell"),
  ]);
  return details(
    `Functions to review by hand: ${left.length} of ${knownFunctions(report).length}`,
    table([["function", "where", "ran in both boots", "why it is not proved"], ...rows], ["l", "l", "l", "l"]),
  );
}

export function keptInCSection(report: Report): string {
  // The same thing is kept for the same reason in unit after unit: said once, with the units.
  const kept = new Map<string, { name: string; reason: string; files: string[] }>();
  for (const unit of report.units) {
    for (const { name, reason } of unit.keptInC) {
      const key = JSON.stringify([name, reason]);
      const entry = kept.get(key) ?? { name, reason, files: [] };
      entry.files.push(unit.file);
      kept.set(key, entry);
    }
  }
  if (kept.size === 0) return "";
  const rows = [...kept.values()].map(({ name, reason, files }) => [
    cellCode(name, 120),
    markdownOf(phraseOf(reason, 300), "cell"),
    files.map((file) => cellCode(file, 120)).join(", "),
  ]);
  return details(
    `Stayed in C, behind a helper: ${totalsOf(report).keptInC}`,
    table([["what", "why", "where"], ...rows], ["l", "l", "l"]),
  );
}
