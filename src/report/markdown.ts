/**
 * report.json as Markdown for GitHub: the sticky comment, the job summary, the body of a pull request, and report.md.
 * The verdict and what to do are the first line, then one table, then everything else folded.
 */
import type { Report } from "./schema.ts";
import { cellCode, inlineText } from "./escape.ts";
import { fuzzWords } from "./fuzz.ts";
import { markdownOf, phraseOf } from "./phrase.ts";
import { knownPhrase } from "./known.ts";
import { proofChangeWords } from "./proofs.ts";
import { VERDICT_WORDS, countOutcomes, countWords, verdictOf, worstOutcome } from "./verdict.ts";
import { bootWord, bytesOf, changeOf, ratioOf, totalsOf } from "./facts.ts";
import type { Amounts } from "./markdown-sections.ts";
import {
  bootSection,
  details,
  diffSection,
  factTable,
  findingsSection,
  keptInCSection,
  link,
  patchBytes,
  proofsSection,
  sizesSection,
  stagesSection,
  table,
} from "./markdown-sections.ts";
import { MARKDOWN_LIMITS, type MarkdownLinks, type MarkdownOptions } from "./markdown-options.ts";

const EVERYTHING: Amounts = {
  patch: () => true,
  diff: true,
  findings: 200,
  boot: true,
  dmesgLines: 40,
  sizes: true,
  stages: true,
  keptInC: true,
};

/** In this order things are left out until the rest fits; each step keeps what the ones before it took. */
const STEPS: readonly {
  readonly said: string;
  readonly take: (amounts: Amounts) => Amounts;
  readonly applies: (report: Report) => boolean;
}[] = [
  {
    said: "patches of the Rust",
    take: (a) => ({ ...a, patch: () => false }),
    applies: (r) => (r.diff?.files.length ?? 0) > 0,
  },
  {
    said: "what stayed in C, and the functions to review by hand",
    take: (a) => ({ ...a, keptInC: false }),
    applies: (r) => r.units.some((unit) => unit.keptInC.length > 0) || proofsSection(r) !== "",
  },
  { said: "stages and units", take: (a) => ({ ...a, stages: false }), applies: (r) => r.stages.length > 0 },
  { said: "most of the kernel logs", take: (a) => ({ ...a, dmesgLines: 10 }), applies: (r) => r.boot !== undefined },
  {
    said: "sections and symbols",
    take: (a) => ({ ...a, sizes: false }),
    applies: (r) => r.objects.c !== undefined || r.objects.rust !== undefined,
  },
  { said: "all but the first findings", take: (a) => ({ ...a, findings: 20 }), applies: (r) => r.findings.length > 20 },
  {
    said: "the list of changed Rust files",
    take: (a) => ({ ...a, diff: false }),
    applies: (r) => r.diff !== undefined,
  },
  { said: "the boots", take: (a) => ({ ...a, boot: false }), applies: (r) => r.boot !== undefined },
  { said: "the findings", take: (a) => ({ ...a, findings: 0 }), applies: (r) => r.findings.length > 0 },
];

const bytes = (text: string) => Buffer.byteLength(text);

function headline(reports: readonly Report[]): string {
  const [only] = reports;
  if (only === undefined)
    return "### ⚠️ No kernel module was found to check: name one in the `modules` input, or add a makefile with `obj-m`";
  if (reports.length === 1) {
    const verdict = verdictOf(only);
    return `### ${verdict.icon} ${markdownOf(verdict.headline)} — ${markdownOf(verdict.todo)}`;
  }
  const worst = worstOutcome(reports);
  if (worst === "pass") {
    const warned = reports.some((report) => verdictOf(report).icon === "⚠️");
    return `### ${warned ? "⚠️" : "✅"} ${reports.length} modules: every Rust port builds, boots and behaves like the C — ${warned ? "warnings to read" : "nothing to do"}`;
  }
  const first = verdictOf(reports.find((report) => verdictOf(report).verdict === worst) ?? only);
  const { built, failed } = countOutcomes(reports);
  if (worst === "built")
    return `### 🔨 ${built} of ${reports.length} modules were built and not run, the others pass. ${markdownOf(first.headline)} — ${markdownOf(first.todo)}`;
  return `### ${first.icon} ${failed} of ${reports.length} modules ${failed === 1 ? "does" : "do"} not pass. ${markdownOf(first.headline)} — ${markdownOf(first.todo)}`;
}

function detailLine(reports: readonly Report[]): string {
  const detail = reports.length === 1 ? verdictOf(reports[0]!).detail : undefined;
  return detail === undefined ? "" : `> ${markdownOf(detail)}`;
}

/** What is known of a module's functions, and of which it was known before. */
function proofLine(report: Report): string {
  const known = knownPhrase(report);
  const change = report.delta === undefined ? "" : proofChangeWords(report.delta);
  return known === undefined ? "" : markdownOf(change === "" ? known : [...known, `; ${change}`]);
}

function fuzzLine(reports: readonly Report[]): string {
  const fuzz = reports.length === 1 ? reports[0]!.fuzz : undefined;
  return fuzz === undefined ? "" : markdownOf(phraseOf(`Fuzz: ${fuzzWords(fuzz)}.`));
}

/** One row a module. */
function overviewTable(reports: readonly Report[], rows: number): string {
  const severalKernels = new Set(reports.map((report) => report.kernel.release)).size > 1;
  const withChange = reports.some((report) => report.delta !== undefined);
  const head = [
    "module",
    ...(severalKernels ? ["kernel"] : []),
    "verdict",
    "boot: C",
    "boot: Rust",
    "code: C",
    "code: Rust",
    "Rust / C",
    ...(withChange ? ["since base"] : []),
    "unsafe blocks",
    "findings",
  ];
  // The table is wide: a number stays beside its unit.
  const unbroken = (text: string) => text.replaceAll(" ", "&nbsp;");
  const body = reports.slice(0, rows).map((report) => {
    const { c, rust } = report.objects;
    const text = report.delta?.metrics.find((metric) => metric.name === "text");
    return [
      cellCode(report.module.name, 80),
      ...(severalKernels ? [cellCode(report.kernel.release, 60)] : []),
      unbroken(`${verdictOf(report).icon} ${VERDICT_WORDS[verdictOf(report).verdict]}`),
      unbroken(bootWord(report.boot?.c)),
      unbroken(bootWord(report.boot?.rust)),
      c === undefined ? "–" : unbroken(bytesOf(c.text)),
      rust === undefined ? "–" : unbroken(bytesOf(rust.text)),
      ratioOf(c?.text, rust?.text),
      ...(withChange ? [text === undefined ? "" : unbroken(changeOf(text))] : []),
      report.units.length === 0 ? "–" : String(totalsOf(report).unsafe.blocks),
      countWords(report.findings).replace(/(\d) /g, "$1&nbsp;") || "none",
    ];
  });
  const more = reports.length > rows ? `\n\n… and ${reports.length - rows} more modules` : "";
  const numbers = new Set(["code: C", "code: Rust", "Rust / C", "since base", "unsafe blocks"]);
  return (
    table(
      [head, ...body],
      head.map((name) => (numbers.has(name) ? "r" : "l")),
    ) + more
  );
}

function sectionsOf(report: Report, amounts: Amounts, links: MarkdownLinks): string[] {
  return [
    amounts.findings === 0 ? "" : findingsSection(report, amounts.findings, links.source),
    amounts.diff ? diffSection(report, amounts.patch) : "",
    amounts.boot ? bootSection(report, amounts.dmesgLines) : "",
    amounts.sizes ? sizesSection(report) : "",
    amounts.stages ? stagesSection(report) : "",
    amounts.keptInC ? keptInCSection(report) : "",
    amounts.keptInC ? proofsSection(report) : "",
  ].filter((section) => section !== "");
}

function moduleBlock(report: Report, amounts: Amounts, links: MarkdownLinks): string {
  const verdict = verdictOf(report);
  const detail = verdict.detail === undefined ? "" : `> ${markdownOf(verdict.detail)}`;
  const body = [
    `${markdownOf(verdict.headline)} — ${markdownOf(verdict.todo)}`,
    detail,
    proofLine(report),
    factTable(report),
    ...sectionsOf(report, amounts, links),
  ].filter((part) => part !== "");
  const name = `${report.module.name} on ${report.kernel.release}`;
  return details(`${verdict.icon} <b>${inlineText(name, 160)}</b>`, body.join("\n\n"));
}

function footer(reports: readonly Report[], links: MarkdownLinks): string {
  const [first] = reports;
  const parts: string[] = [];
  if (first !== undefined) {
    const { tools, kernel } = first;
    const kernels = new Set(reports.map((report) => report.kernel.release));
    parts.push(
      `kport ${inlineText(tools.kport, 40)}`,
      kernels.size === 1
        ? `Linux ${inlineText(kernel.release, 60)} ${inlineText(kernel.arch, 20)}`
        : `${kernels.size} kernels`,
    );
    parts.push(
      `clang ${inlineText(tools.clang, 60)}`,
      `c2rust ${inlineText(tools.c2rust, 60)}`,
      `rustc ${inlineText(tools.rustc, 60)}`,
    );
  }
  if (links.artifact !== undefined) parts.push(link("full report", links.artifact));
  if (links.run !== undefined) parts.push(link("run", links.run));
  return parts.length === 0 ? "" : `<sub>${parts.join(" · ")}</sub>`;
}

function leftOutLine(said: readonly string[], links: MarkdownLinks): string {
  if (said.length === 0) return "";
  return `_Left out, to stay within GitHub's limit on the length: ${said.join(", ")}. All of it is in ${link("the report's artifact", links.artifact ?? links.run)}._`;
}

interface Shape {
  readonly amounts: Amounts;
  readonly said: readonly string[];
  readonly rows: number;
  readonly blocks: boolean;
}

function compose(reports: readonly Report[], shape: Shape, links: MarkdownLinks): string {
  const [only] = reports;
  const parts = [
    headline(reports),
    detailLine(reports),
    only !== undefined && reports.length === 1 ? proofLine(only) : "",
    fuzzLine(reports),
  ];
  if (reports.length > 1) parts.push(overviewTable(reports, shape.rows));
  else if (only !== undefined) parts.push(factTable(only));
  parts.push(leftOutLine(shape.said, links));
  if (reports.length > 1)
    parts.push(...(shape.blocks ? reports.map((report) => moduleBlock(report, shape.amounts, links)) : []));
  else if (only !== undefined) parts.push(...sectionsOf(only, shape.amounts, links));
  parts.push(footer(reports, links));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Patches taken back in, in the report's order, as far as `room` bytes go. */
function patchesThatFit(
  reports: readonly Report[],
  room: number,
): { patch: Amounts["patch"]; shown: number; all: number } {
  const fitting = new Map<Report, Set<number>>();
  let left = room;
  let shown = 0;
  let all = 0;
  for (const report of reports) {
    const indexes = new Set<number>();
    for (const [index, file] of (report.diff?.files ?? []).entries()) {
      all += 1;
      const size = patchBytes(file);
      if (size > left) continue;
      left -= size;
      shown += 1;
      indexes.add(index);
    }
    fitting.set(report, indexes);
  }
  return { patch: (report, index) => fitting.get(report)?.has(index) ?? false, shown, all };
}

/**
 * Renders one or several reports. Never longer than the limit: over it, parts are left out in a fixed order (first the
 * patches that do not fit, last the findings, then rows of the table), with a line that says which and where they are.
 */
export function renderMarkdown(reports: Report | readonly Report[], options: MarkdownOptions): string {
  const list: readonly Report[] = Array.isArray(reports) ? (reports as readonly Report[]) : [reports as Report];
  const links = options.links ?? {};
  const limit = options.limitBytes ?? MARKDOWN_LIMITS[options.kind];
  let shape: Shape = {
    amounts: options.kind === "pr-body" ? { ...EVERYTHING, diff: false } : EVERYTHING,
    said: [],
    rows: 200,
    blocks: true,
  };
  let text = compose(list, shape, links);
  for (const [index, step] of STEPS.entries()) {
    if (bytes(text) <= limit) return text;
    if (!list.some(step.applies)) continue;
    shape = { ...shape, amounts: step.take(shape.amounts), said: [...shape.said, step.said] };
    text = compose(list, shape, links);
    if (index === 0 && shape.amounts.diff && bytes(text) <= limit) {
      const { patch, shown, all } = patchesThatFit(list, limit - bytes(text) - 40);
      const filled = compose(
        list,
        { ...shape, amounts: { ...shape.amounts, patch }, said: [`${all - shown} of ${all} patches of the Rust`] },
        links,
      );
      return bytes(filled) <= limit ? filled : text;
    }
  }
  if (bytes(text) <= limit) return text;
  shape = { ...shape, blocks: false };
  for (const rows of [200, 50, 20, 5, 0]) {
    text = compose(list, { ...shape, rows }, links);
    if (bytes(text) <= limit) return text;
  }
  const least = [headline(list), leftOutLine(["everything but the verdict"], links)].join("\n\n");
  return bytes(least) <= limit ? `${least}\n` : `${VERDICT_WORDS[worstOutcome(list)]}\n`;
}
