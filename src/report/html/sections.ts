/** The sections of one module's report that are not about the .ko files or the boots. */
import type { Finding, Report } from "../schema.ts";
import { SEVERITY_ICONS, placeOf, sortedFindings, verdictOf } from "../verdict.ts";
import { factRows, secondsOf, sidesOf, totalsOf } from "../facts.ts";
import { fromBefore } from "../from-before.ts";
import { messageParts, phraseOf } from "../phrase.ts";
import { stageWords } from "../stage-words.ts";
import { explanationOf } from "../explanations.ts";
import { highlighted } from "./highlight.ts";
import { html, phrase } from "./template.ts";
import type { Html } from "./template.ts";

/** Characters of code beyond which the page would grow too large to open; the rest is in the port itself. */
const CODE_LIMIT = 6_000_000;
/** Characters of code that are coloured: colouring makes the page several times as large, and takes a second a megabyte. */
const COLOURED_LIMIT = 1_500_000;

export function verdictBanner(report: Report): Html {
  const verdict = verdictOf(report);
  const kind = verdict.icon === "⚠️" ? "warned" : verdict.verdict;
  return html`<div class="verdict ${kind}"><h1>${verdict.icon} ${phrase(verdict.headline)} — ${phrase(verdict.todo)}</h1>${
    verdict.detail === undefined ? "" : html`<p>${phrase(verdict.detail)}</p>`
  }<p class="small">Linux ${report.kernel.release} (${report.kernel.arch}), built with ${report.kernel.compiler}${report.module.commit === undefined ? "" : html` · commit <code>${report.module.commit}</code>`} · <code>${report.module.dir}</code></p></div>`;
}

export function facts(report: Report): Html | "" {
  const rows = factRows(report);
  if (rows.length === 0) return "";
  const change = report.delta !== undefined;
  return html`<div class="scroll"><table><thead><tr><th></th><th class="n">C</th><th class="n">Rust</th><th class="n">Rust / C</th>${change ? html`<th class="n">since <code>${report.delta!.base}</code></th>` : ""}</tr></thead><tbody>${rows.map((row) => html`<tr><th>${row.label}</th><td class="n">${row.c}</td><td class="n">${row.rust}</td><td class="n">${row.ratio}</td>${change ? html`<td class="n">${row.change}</td>` : ""}</tr>`)}</tbody></table></div>`;
}

export function timeline(report: Report): Html | "" {
  if (report.stages.length === 0) return "";
  const total = Math.max(
    report.stages.reduce((sum, stage) => sum + stage.seconds, 0),
    Number.EPSILON,
  );
  let start = 0;
  return html`<div class="bars">${report.stages.map((stage) => {
    const from = (start / total) * 100;
    const width = (stage.seconds / total) * 100;
    start += stage.seconds;
    const words = stage.status === "skipped" ? "skipped" : [secondsOf(stage.seconds), ...fromBefore(stage)].join(", ");
    return html`<span class="name">${stage.status === "failed" ? "❌ " : ""}${stage.name}</span>
<svg role="img" aria-label="${`${stage.name}: ${stage.status}, ${words}`}"><rect class="${stage.status}" x="${Math.min(from, 99.5).toFixed(2)}%" width="${Math.max(width, stage.status === "skipped" ? 0 : 0.5).toFixed(2)}%" height="100%"/></svg>
<span class="n">${words}</span>${stage.message === undefined ? "" : html`<span class="wide small dim">${phrase(phraseOf(messageParts(stage.message).lead))}</span>`}`;
  })}</div><p class="small dim">In all ${secondsOf(start)}.</p>`;
}

function findingBlock(finding: Finding, isNew: boolean): Html {
  const place = placeOf(finding);
  const explanation = explanationOf(finding.check);
  const { lead, rest } = messageParts(finding.message);
  const { c, rust } = sidesOf(finding);
  const stage = stageWords(finding);
  const side = (name: string, text: string | undefined) =>
    text === undefined
      ? ""
      : text.trim().includes("\n")
        ? html`<p class="small dim">${name}</p><pre>${text}</pre>`
        : html`<p class="small"><span class="dim">${name}:</span> ${text.trim() === "" ? "empty" : html`<code>${text}</code>`}</p>`;
  return html`<div class="finding ${finding.severity}" data-item tabindex="-1" data-search="${`${finding.severity} ${finding.check} ${place ?? ""} ${finding.message}`}">
<span class="tag ${finding.severity}">${SEVERITY_ICONS[finding.severity]} ${finding.severity}</span> <span class="tag">${finding.check}</span>${isNew ? html` <span class="tag">new</span>` : ""}${place === undefined ? "" : html` <code>${place}</code>`}
<p>${phrase(phraseOf(lead, 10_000))}</p>${rest === "" ? "" : html`<pre tabindex="0">${rest}</pre>`}${side("C", c)}${side("Rust", rust)}${stage === undefined ? "" : html`<p><b>${stage}</b></p>`}${explanation === undefined ? "" : html`<p class="small dim">${explanation}</p>`}</div>`;
}

export function findings(report: Report): Html {
  const sorted = sortedFindings(report);
  const added = new Set((report.delta?.findings.added ?? []).map((finding) => JSON.stringify(finding)));
  const fixed = report.delta?.findings.fixed ?? [];
  return html`${sorted.length === 0 ? html`<p>None.</p>` : sorted.map((finding) => findingBlock(finding, added.has(JSON.stringify(finding))))}${fixed.map(
    (finding) =>
      html`<div class="finding fixed" data-item tabindex="-1" data-search="${`fixed ${finding.check} ${finding.message}`}"><span class="tag ok">✅ fixed</span> <span class="tag">${finding.check}</span><p>${phrase(phraseOf(messageParts(finding.message).lead))}</p></div>`,
  )}`;
}

export function functions(report: Report): Html | "" {
  // A function of the module's own header is in every unit that includes it.
  const list = [
    ...new Map(
      (report.functions ?? []).map((entry) => [
        JSON.stringify([entry.name, entry.file, entry.line, entry.rust]),
        entry,
      ]),
    ).values(),
  ];
  if (list.length === 0) return "";
  let used = 0;
  const blocks: Html[] = [];
  for (const [index, entry] of list.entries()) {
    used += entry.c.length + entry.rust.length;
    if (used > CODE_LIMIT) {
      blocks.push(
        html`<p>… and ${list.length - index} more functions, left out because of the size of this page. They are in the port.</p>`,
      );
      break;
    }
    const side = (label: string, code: string, language: "c" | "rust") =>
      html`<div><h4>${label}</h4><pre tabindex="0"><code>${used > COLOURED_LIMIT ? code : highlighted(code, language)}</code></pre></div>`;
    blocks.push(html`<details class="block" data-search="${`${entry.name} ${entry.file}`}"${index === 0 ? html` open` : ""}><summary data-item tabindex="0"><code>${entry.name}</code> <span class="dim small">${entry.file}:${entry.line}</span></summary>
<div class="sides">${side("C", withoutBlanks(entry.c), "c")}${side("Rust", entry.rust, "rust")}</div></details>`);
  }
  return html`${blocks}`;
}

/** Preprocessed C has runs of blanks where a macro's name and its markers stood. */
function withoutBlanks(code: string): string {
  return code.replace(/"(?:\\.|[^"\\\n])*"|(?<=\S) {2,}/g, (found) => (found.startsWith(" ") ? " " : found));
}

function patchLine(line: string): Html {
  const kind =
    /^(?:\+\+\+|---) /.test(line) || line.startsWith("@@")
      ? "hunk"
      : line.startsWith("+")
        ? "add"
        : line.startsWith("-")
          ? "del"
          : "";
  return html`<span class="${kind}">${line === "" ? " " : line}</span>`;
}

export function rustDiff(report: Report): Html | "" {
  const { diff } = report;
  if (diff === undefined) return "";
  if (diff.files.length === 0) return html`<p>The Rust is the same as in <code>${diff.base}</code>.</p>`;
  return html`<p>Against <code>${diff.base}</code>: ${diff.files.length} ${diff.files.length === 1 ? "file" : "files"}, <span class="added">+${diff.added}</span> <span class="removed">−${diff.removed}</span></p>${diff.files.map(
    (
      file,
    ) => html`<details class="block" data-search="${file.file}"><summary data-item tabindex="0"><code>${file.file}</code> <span class="added">+${file.added}</span> <span class="removed">−${file.removed}</span></summary>
<pre class="patch" tabindex="0">${file.patch.replace(/\n$/, "").split("\n").map(patchLine)}</pre></details>`,
  )}`;
}

export function units(report: Report): Html | "" {
  if (report.units.length === 0) return "";
  const { unsafe } = totalsOf(report);
  const row = (label: Html, cells: readonly (string | number)[]) =>
    html`<tr><td>${label}</td>${cells.map((cell) => html`<td class="n">${cell}</td>`)}</tr>`;
  const unsafeCells = (counts: typeof unsafe) => [
    counts.blocks,
    counts.functions,
    counts.rawPointerDerefs,
    counts.staticMut,
    counts.asm,
  ];
  const totals = totalsOf(report);
  const kept = report.units.flatMap((unit) => unit.keptInC.map((entry) => ({ ...entry, file: unit.file })));
  return html`<div class="scroll"><table><thead><tr><th>unit</th><th class="n">C lines</th><th class="n">Rust lines</th><th class="n">functions</th><th class="n">unsafe blocks</th><th class="n">unsafe functions</th><th class="n">raw dereferences</th><th class="n">static mut</th><th class="n">asm</th><th class="n">time</th></tr></thead><tbody>${report.units.map(
    (unit) =>
      row(html`${unit.status === "ok" ? "" : "❌ "}<code>${unit.file}</code>`, [
        unit.cLines,
        unit.rustLines,
        unit.functions,
        ...unsafeCells(unit.unsafe),
        secondsOf(unit.seconds),
      ]),
  )}${report.units.length > 1 ? row(html`<b>all</b>`, [totals.cLines, totals.rustLines, totals.functions, ...unsafeCells(unsafe), secondsOf(report.units.reduce((sum, unit) => sum + unit.seconds, 0))]) : ""}</tbody></table></div>${
    kept.length === 0
      ? ""
      : html`<details class="block"><summary data-item tabindex="0">Stayed in C, behind a helper: ${kept.length}</summary><div class="inside scroll"><table><thead><tr><th>what</th><th>why</th><th>unit</th></tr></thead><tbody>${kept.map(
          (entry) =>
            html`<tr><td><code>${entry.name}</code></td><td>${phrase(phraseOf(entry.reason))}</td><td><code>${entry.file}</code></td></tr>`,
        )}</tbody></table></div></details>`
  }`;
}

export function tools(report: Report): Html {
  return html`<div class="scroll"><table><tbody>${Object.entries(report.tools).map(([name, version]) => html`<tr><th>${name}</th><td>${version}</td></tr>`)}</tbody></table></div>`;
}
