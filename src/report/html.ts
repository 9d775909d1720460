/**
 * report.json as one self-contained page: no external resource, a content security policy that allows no network and only
 * the page's own style and script by their hashes, readable without the script.
 */
import { createHash } from "node:crypto";
import type { Report } from "./schema.ts";
import { verdictOf, worstOutcome } from "./verdict.ts";
import { boots } from "./html/boots.ts";
import { modinfo, sizeBars, symbols } from "./html/objects.ts";
import { fuzz } from "./html/fuzz.ts";
import { proofs } from "./html/proofs.ts";
import { KEYS, SCRIPT } from "./html/script.ts";
import { facts, findings, functions, rustDiff, timeline, tools, units, verdictBanner } from "./html/sections.ts";
import { STYLE } from "./html/style.ts";
import { html, raw } from "./html/template.ts";
import type { Html } from "./html/template.ts";

const SECTIONS: readonly (readonly [id: string, title: string, content: (report: Report) => Html | ""])[] = [
  ["facts", "C and Rust", facts],
  ["findings", "Findings", findings],
  ["stages", "Stages", timeline],
  ["diff", "What changed in the Rust", rustDiff],
  ["proofs", "What is proved", proofs],
  ["fuzz", "Generated calls", fuzz],
  ["functions", "Functions side by side", functions],
  ["boots", "Boots", boots],
  ["sizes", "Sizes", sizeBars],
  ["symbols", "Symbols", symbols],
  ["modinfo", "Module information", modinfo],
  ["units", "Units", units],
  ["tools", "Tools", tools],
];

function policy(): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
}

/** Renders the reports of one run as a page. Anchors count modules, so that no name of a stranger's becomes an id. */
export function renderHtml(reports: readonly Report[]): string {
  const rendered = reports.map((report, index) => ({
    report,
    id: `m${index}`,
    sections: SECTIONS.map(([id, title, content]) => ({
      id: `m${index}-${id}`,
      title,
      content: content(report),
    })).filter((section) => String(section.content) !== ""),
  }));
  const titleIcon = { pass: "✅", built: "🔨", fail: "❌", error: "💥" }[worstOutcome(reports)];
  const title =
    reports.length === 1 ? `${titleIcon} ${reports[0]!.module.name}` : `${titleIcon} ${reports.length} modules`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} · kport</title>
<style>${raw(STYLE)}</style></head>
<body>
<header class="top"><strong>kport report</strong><div class="tools"><span id="count" class="small dim" aria-live="polite"></span><input id="filter" type="search" placeholder="Filter ( / )" aria-label="Filter functions and findings"><button id="theme" type="button" title="Light or dark (t)" aria-label="Light or dark">◐</button><button id="keys" type="button" title="Keys (?)" aria-label="Keys">?</button></div></header>
<div class="frame">
<nav aria-label="Contents">${rendered.map(
    ({ report, id, sections }) =>
      html`<ul><li class="module"><a href="#${id}">${verdictOf(report).icon} ${report.module.name}</a></li>${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}</ul>`,
  )}</nav>
<main>${rendered.length === 0 ? html`<p>No kernel module was checked.</p>` : ""}${rendered.map(
    ({ report, id, sections }) =>
      html`<article id="${id}">${verdictBanner(report)}${sections.map(
        (section) =>
          html`<section id="${section.id}"><h2 data-item tabindex="-1">${section.title}</h2>${section.content}</section>`,
      )}</article>`,
  )}</main></div>
<dialog id="help" aria-label="Keys"><h2>Keys</h2><table><tbody>${KEYS.map(([key, what]) => html`<tr><td><kbd>${key}</kbd></td><td>${what}</td></tr>`)}</tbody></table><form method="dialog"><p><button>Close</button></p></form></dialog>
<script>${raw(SCRIPT)}</script>
</body></html>
`;
  return page.toString();
}
