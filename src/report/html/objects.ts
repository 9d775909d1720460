/** What the two .ko files hold: section sizes, symbols, modinfo. */
import type { Report } from "../schema.ts";
import { bytesOf } from "../facts.ts";
import { html } from "./template.ts";
import type { Html } from "./template.ts";

function percent(part: number, whole: number): string {
  return `${whole <= 0 ? 0 : ((part / whole) * 100).toFixed(2)}%`;
}

export function sizeBars(report: Report): Html | "" {
  const { c, rust } = report.objects;
  if (c === undefined && rust === undefined) return "";
  const rows = [...new Set([...Object.keys(c?.sections ?? {}), ...Object.keys(rust?.sections ?? {})])]
    .map((name) => ({ name, c: c?.sections[name]?.size ?? 0, rust: rust?.sections[name]?.size ?? 0 }))
    .sort((a, b) => Math.max(b.c, b.rust) - Math.max(a.c, a.rust) || (a.name < b.name ? -1 : 1));
  const totals = (["text", "data", "bss"] as const).map((name) => ({
    name,
    c: c?.[name] ?? 0,
    rust: rust?.[name] ?? 0,
  }));
  const bars = (list: typeof rows) => {
    const most = Math.max(1, ...list.map((row) => Math.max(row.c, row.rust)));
    return html`<div class="bars">${list.map(
      (row) => html`<span class="name mono">${row.name}</span>
<svg class="pair" role="img" aria-label="${`${row.name}: C ${row.c} bytes, Rust ${row.rust} bytes`}"><rect class="c" y="10%" height="36%" width="${percent(row.c, most)}"/><rect class="rust" y="54%" height="36%" width="${percent(row.rust, most)}"/></svg>
<span class="n" title="${`${row.c} and ${row.rust} bytes`}">${bytesOf(row.c)} → ${bytesOf(row.rust)}</span>`,
    )}</div>`;
  };
  return html`<p class="small"><span class="key"></span>C<span class="key rust"></span>Rust</p>
${bars(totals)}
${rows.length === 0 ? "" : html`<details class="block"><summary data-item tabindex="0">${rows.length} sections</summary><div class="inside">${bars(rows)}</div></details>`}`;
}

function symbolList(names: readonly string[]): Html {
  return html`${names.map((name, index) => html`${index > 0 ? " " : ""}<code>${name}</code>`)}`;
}

export function symbols(report: Report): Html | "" {
  const { c, rust } = report.objects;
  if (c === undefined || rust === undefined) return "";
  const rows = (["imports", "exports"] as const).map((kind) => {
    const [inC, inRust] = [new Set(c[kind]), new Set(rust[kind])];
    return {
      kind,
      onlyC: c[kind].filter((name) => !inRust.has(name)),
      onlyRust: rust[kind].filter((name) => !inC.has(name)),
      both: c[kind].filter((name) => inRust.has(name)),
    };
  });
  return html`<div class="scroll"><table><thead><tr><th></th><th>only C</th><th>only Rust</th><th>both</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><th>${row.kind}</th><td>${row.onlyC.length === 0 ? html`<span class="dim">none</span>` : symbolList(row.onlyC)}</td><td>${
        row.onlyRust.length === 0 ? html`<span class="dim">none</span>` : symbolList(row.onlyRust)
      }</td><td>${row.both.length === 0 ? html`<span class="dim">none</span>` : html`<details><summary>${row.both.length}</summary>${symbolList(row.both)}</details>`}</td></tr>`,
  )}</tbody></table></div>`;
}

export function modinfo(report: Report): Html | "" {
  const { c, rust } = report.objects;
  if (c === undefined || rust === undefined) return "";
  const keys = [...new Set([...Object.keys(c.modinfo), ...Object.keys(rust.modinfo)])].sort();
  const rows = keys.map((key) => ({ key, c: c.modinfo[key], rust: rust.modinfo[key] }));
  // Each parameter has its line, in the order in which the linker met them: that order says nothing.
  const sorted = (value: string | undefined) => value?.split("\n").sort().join("\n");
  const agree = (row: (typeof rows)[number]) => sorted(row.c) === sorted(row.rust);
  const differing = rows.filter((row) => !agree(row));
  const tableOf = (list: typeof rows) =>
    html`<div class="scroll"><table><thead><tr><th>key</th><th>C</th><th>Rust</th></tr></thead><tbody>${list.map(
      (row) =>
        html`<tr class="${agree(row) ? "" : "differs"}"><td><code>${row.key}</code></td>${[row.c, row.rust].map((value) => html`<td>${value === undefined ? html`<span class="dim">absent</span>` : lines(value)}</td>`)}</tr>`,
    )}</tbody></table></div>`;
  const same = rows.filter(agree);
  return html`${differing.length === 0 ? html`<p>Both modules carry the same ${same.length} entries.</p>` : tableOf(differing)}
${same.length === 0 ? "" : html`<details class="block"><summary data-item tabindex="0">${same.length} entries that are the same</summary><div class="inside">${tableOf(same)}</div></details>`}`;
}

function lines(value: string): Html {
  return html`${value.split("\n").map((line, index) => html`${index > 0 ? html`<br>` : ""}${line}`)}`;
}
