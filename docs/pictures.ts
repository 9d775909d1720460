/**
 * Makes the README's pictures out of a report.json, as GitHub and a browser show it:
 *   kport check DIR --baseline BASE --out OUT; node docs/pictures.ts OUT
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { chromium } from "playwright-core";
import { renderHtml } from "../src/report/html.ts";
import { renderMarkdown } from "../src/report/markdown.ts";
import { readReport } from "../src/report/read.ts";
import { projectRoot } from "../src/project-root.ts";

/** Near enough to how GitHub sets a comment. */
const STYLE = `body { font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: #1f2328; margin: 16px; }
.box { border: 1px solid #d1d9e0; border-radius: 6px; } .who { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; color: #59636e; border-radius: 6px 6px 0 0; } .who b { color: #1f2328; }
.said { padding: 4px 16px 12px; } table { border-collapse: collapse; } td, th { border: 1px solid #d1d9e0; padding: 5px 12px; } tr:nth-child(2n) { background: #f6f8fa; }
code { font: 85% ui-monospace, "Liberation Mono", monospace; background: #818b981f; padding: .2em .4em; border-radius: 6px; } pre { background: #f6f8fa; padding: 12px; border-radius: 6px; } pre code { background: none; padding: 0; }
pre i { font-style: normal; display: block; } pre .add { background: #dafbe1; } pre .del { background: #ffebe9; } h3 { font-size: 1.25em; margin: 12px 0; } details { margin: 8px 0; } a { color: #0969da; }`;

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error("usage: node docs/pictures.ts FOLDER_WITH_A_REPORT");
const read = await readReport(path.join(out, "report.json"));
const report = { ...read, module: { ...read.module, dir: path.basename(read.module.dir) } };
const folder = path.join(projectRoot(), "docs", "images");
const scratch = await mkdtemp(path.join(tmpdir(), "kport-pictures-"));
const browser = await chromium.launch({ executablePath: process.env["KPORT_CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"] });

/** The Markdown with the folded blocks unfolded whose summary matches `open`, diffs coloured. */
function page(markdown: string, who: string, open: RegExp): string {
  const html = micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
    .replaceAll(/<details><summary>(.*?)<\/summary>/g, (block, summary: string) => (open.test(summary) ? block.replace("<details>", "<details open>") : block))
    .replaceAll(/<code class="language-diff">(.*?)<\/code>/gs, (_, text: string) => `<code>${text.split("\n").map((l) => (l.startsWith("+") ? `<i class="add">${l}</i>` : l.startsWith("-") ? `<i class="del">${l}</i>` : `${l}\n`)).join("")}</code>`);
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div class="box"><div class="who">${who}</div><div class="said">${html}</div></div>`;
}

async function picture(name: string, url: string, height: number): Promise<void> {
  const tab = await browser.newPage({ viewport: { width: 920, height } });
  await tab.goto(url);
  await tab.screenshot({ path: path.join(folder, `${name}.png`) });
  await tab.close();
}

const links = { artifact: "https://github.com/acme/drivers/actions/runs/1/artifacts/2", run: "https://github.com/acme/drivers/actions/runs/1" };
for (const [name, kind, who, open, height] of [
  ["comment", "comment", "<b>github-actions</b> bot commented", /What it does|^<code>src/, 1000],
  ["summary", "summary", "<b>Rust port</b> summary", /Findings|Boot|Stages/, 1100],
] as const) {
  const file = path.join(scratch, `${name}.html`);
  await writeFile(file, page(renderMarkdown(report, { kind, links }), who, open));
  await picture(name, pathToFileURL(file).href, height);
}
await writeFile(path.join(scratch, "report.html"), renderHtml([report]));
await picture("report", pathToFileURL(path.join(scratch, "report.html")).href, 900);
await browser.close();
