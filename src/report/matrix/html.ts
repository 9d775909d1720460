/** The matrix as one self-contained page: every cell with its last results, every failure with its cause. No script, no network. */
import { createHash } from "node:crypto";
import { secondsOf } from "../facts.ts";
import { STYLE } from "../html/style.ts";
import { html, raw } from "../html/template.ts";
import type { Html } from "../html/template.ts";
import { gridOf } from "./grid.ts";
import type { JudgedCell, MatrixReport } from "./schema.ts";
import {
  countStates,
  describeCulprit,
  failuresOf,
  isNotRun,
  moduleWords,
  NOT_RUN,
  STATE_ICONS,
  STATE_ORDER,
  STATE_WORDS,
  stateIcon,
  stateWords,
  valueWords,
} from "./words.ts";

const MATRIX_STYLE = `${STYLE}
body>main{max-width:90rem;margin:0 auto}
.grid td.cell{min-width:7.5rem;text-align:center;padding:.35rem .5rem}
.grid td.cell a{display:block;color:inherit}
.grid td.pass,.grid td.fixed{background:var(--ok-bg)}.grid td.new-failure,.grid td.still-failing{background:var(--bad-bg)}
.grid td.flaky,.grid td.unknown{background:var(--warn-bg)}.grid td.left-out{background:var(--soft)}
.grid td.new-failure{outline:2px solid var(--bad);outline-offset:-2px}
.strip{display:block;height:12px;margin:.25rem auto 0}
rect.p{fill:var(--ok)}rect.f{fill:var(--bad)}rect.k{fill:var(--warn)}rect.u{fill:var(--line)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin:.6rem 0 0}
.probes{font-size:.85rem}
`;

const LETTERS = { pass: "p", fail: "f", flaky: "k", unknown: "u" } as const;
const OUTCOMES = { pass: "passed", fail: "failed", flaky: "was flaky", unknown: "gave no result" } as const;

export function renderMatrixHtml(report: MatrixReport): string {
  const icon = { pass: "✅", fail: "❌", error: "💥" }[report.verdict];
  const hash = createHash("sha256").update(MATRIX_STYLE).digest("base64");
  const failures = failuresOf(report);
  const ids = new Map(failures.map(({ fingerprint }, i) => [fingerprint, `f${i}`]));
  const untold = report.cells.filter((c) => c.state === "unknown" || c.state === "left-out");
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${icon} ${countStates(report)} · kport</title>
<style>${raw(MATRIX_STYLE)}</style></head>
<body>
<header class="top"><strong>kport matrix</strong><span class="small dim">run ${report.run.id}, ${report.run.at.replace("T", " ").slice(0, 16)}${report.run.commit === undefined ? "" : html`, commit <code>${report.run.commit.slice(0, 12)}</code>`}, kport ${report.kport}</span></header>
<main>
<div class="verdict ${report.verdict}"><h1>${icon} ${countStates(report)}</h1>${report.notes.map((n) => html`<p class="small">${n}</p>`)}</div>
<section id="grid"><h2>Modules and versions</h2><div class="scroll">${grid(report.cells, ids)}</div>
<p class="legend small dim">${STATE_ORDER.map((s) => html`<span>${STATE_ICONS[s]} ${STATE_WORDS[s]}</span>`)}<span>${NOT_RUN.icon} ${NOT_RUN.words}</span><span>♻️ result of an earlier run</span><span>strip: the last results, newest right</span></p></section>
${failures.length === 0 ? "" : html`<section id="failures"><h2>Failures</h2>${failures.map((f) => failure(f, ids.get(f.fingerprint)!))}</section>`}
${untold.length === 0 ? "" : html`<section id="untold"><h2>Without a result of this run</h2><ul>${untold.map((c) => html`<li>${STATE_ICONS[c.state]} ${cellLine(c)}: ${c.note ?? ""}</li>`)}</ul></section>`}
<section id="cells"><h2>Cells</h2><div class="scroll"><table><thead><tr><th>module</th><th>kernel</th><th>c2rust</th><th>rustc</th><th>state</th><th class="n">time</th><th>to run it again</th></tr></thead><tbody>${report.cells.map((c) => html`<tr><td>${moduleWords(c.cell)}</td><td>${valueWords(c.cell.kernel)}</td><td>${valueWords(c.cell.c2rust)}</td><td>${valueWords(c.cell.rustc)}</td><td>${stateIcon(c)} ${stateWords(c)}${isNotRun(c) ? html` <span class="dim">(${c.result?.notRun})</span>` : ""}${c.origin === "reused" ? html` <span class="dim">(of run ${c.result!.run.id})</span>` : ""}${c.cell.allowFailure ? html` <span class="tag">may fail</span>` : ""}</td><td class="n">${c.result && c.result.seconds > 0 ? secondsOf(c.result.seconds) : ""}</td><td><code>${c.reproduce}</code></td></tr>`)}</tbody></table></div></section>
</main></body></html>
`.toString();
}

function grid(cells: readonly JudgedCell[], ids: ReadonlyMap<string, string>): Html {
  const { kernels, rows } = gridOf(cells);
  return html`<table class="grid"><thead><tr><th>module</th><th>c2rust</th><th>rustc</th>${kernels.map((k) => html`<th>${k}</th>`)}</tr></thead><tbody>${rows.map(
    (r, i) => {
      const same = rows[i - 1]?.module === r.module;
      return html`<tr><th>${same ? "" : r.module}</th><td>${r.c2rust}</td><td>${r.rustc}</td>${r.cells.map((c) => (c === undefined ? html`<td class="cell"></td>` : gridCell(c, ids)))}</tr>`;
    },
  )}</tbody></table>`;
}

function gridCell(c: JudgedCell, ids: ReadonlyMap<string, string>): Html {
  const id = ids.get(c.result?.fingerprint ?? "");
  const words = html`${stateIcon(c)}${c.origin === "reused" ? " ♻️" : ""} <span class="small">${stateWords(c)}</span>`;
  return html`<td class="cell ${c.state}">${id === undefined || c.state === "left-out" ? words : html`<a href="#${id}">${words}</a>`}${strip(c)}</td>`;
}

/** A rectangle a result, newest right. */
function strip(c: JudgedCell): Html | "" {
  const all = [
    ...c.past,
    ...(c.origin === "run" && c.result
      ? [{ outcome: c.result.outcome, sequence: c.result.run.sequence, at: c.result.run.at, values: c.result.values }]
      : []),
  ].slice(-16);
  if (all.length === 0) return "";
  return html`<svg class="strip" width="${all.length * 8}" height="12" role="img" aria-label="the last ${all.length} results">${all.map((r, i) => html`<rect class="${LETTERS[r.outcome]}" x="${i * 8}" y="1" width="6" height="10" rx="1"><title>run ${r.sequence}, ${r.at.slice(0, 10)}: ${OUTCOMES[r.outcome]} with kernel ${r.values.kernel}, c2rust ${r.values.c2rust}, rustc ${r.values.rustc}</title></rect>`)}</svg>`;
}

function failure({ fingerprint, cells }: { fingerprint: string; cells: JudgedCell[] }, id: string): Html {
  const found = cells.find((c) => c.culprit) ?? cells[0]!;
  const isNew = cells.some((c) => c.state === "new-failure");
  return html`<div class="finding error" id="${id}"><strong>${found.result?.message ?? "fails"}</strong> <span class="tag ${isNew ? "error" : ""}">${isNew ? "new" : "still failing"}</span> <span class="tag">${found.result?.stage ?? ""}</span> <span class="tag mono">${fingerprint}</span>${
    found.culprit ? html`<p>Culprit: <strong>${describeCulprit(found.culprit)}</strong></p>` : ""
  }<p class="small">${cells.map((c, i) => html`${i > 0 ? "; " : ""}${cellLine(c)}`)}</p><pre>${found.reproduce}</pre>${
    found.culprit && found.culprit.probes.length > 0
      ? html`<details class="block"><summary>${found.culprit.probes.length} ${found.culprit.probes.length === 1 ? "probe" : "probes"}</summary><div class="inside scroll"><table class="probes"><thead><tr><th>kernel</th><th>c2rust</th><th>rustc</th><th>files</th><th>the failure</th></tr></thead><tbody>${found.culprit.probes.map((p) => html`<tr><td>${p.values.kernel}</td><td>${p.values.c2rust}</td><td>${p.values.rustc}</td><td class="mono">${p.values.source.slice(0, 8)}</td><td>${{ shows: "❌ shows", gone: "✅ is gone", unknown: "💥 no result" }[p.answer]}</td></tr>`)}</tbody></table></div></details>`
      : ""
  }</div>`;
}

function cellLine({ cell }: JudgedCell): string {
  return `${moduleWords(cell)} on ${valueWords(cell.kernel)}, c2rust ${valueWords(cell.c2rust)}, rustc ${valueWords(cell.rustc)}`;
}
