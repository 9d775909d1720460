/**
 * Makes the README's pictures out of real runs: `node docs/images/make.ts [RUNS]` (some two minutes; needs chromium, and fonts-noto-color-emoji for the marks). The runs are kept in
 * the folder RUNS, and those that are there already are not made again.
 * The example is checked as it is and with a small change to its C, held against the first; two fixture modules fill the job summary.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import hljs from "highlight.js/lib/core";
import diffLanguage from "highlight.js/lib/languages/diff";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type Browser, chromium } from "playwright-core";
import { scratchFolder } from "../../src/machine/cache.ts";
import { type Checked, checkFolder } from "../../src/check/checked.ts";
import { compareWithBase } from "../../src/check/compare-ports.ts";
import { check } from "../../src/check/pipeline.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { readReport } from "../../src/report/read.ts";
import type { Report } from "../../src/report/schema.ts";

const IMAGES = path.join(projectRoot(), "docs", "images");
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WIDTH = 920;

/** What a pull request might do to the example: a flush also forgets how full the ring has been. */
const BEFORE = "\tring->tail = ring->head;\n\tspin_unlock_irq(&ring->lock);";
const AFTER = "\tring->tail = ring->head;\n\tring->high_water = 0;\n\tspin_unlock_irq(&ring->lock);";

/** Near enough to github.com for a picture. */
const STYLE = `
body{margin:0;padding:16px;background:#fff;color:#1f2328;font:14px/1.5 "Noto Sans","Liberation Sans",Helvetica,Arial,sans-serif}
.box{border:1px solid #d1d9e0;border-radius:6px}
.by{background:#f6f8fa;border-bottom:1px solid #d1d9e0;border-radius:6px 6px 0 0;padding:8px 16px;color:#59636e}
.by b{color:#1f2328}.by i{font-style:normal;font-size:12px;border:1px solid #d1d9e0;border-radius:2em;padding:0 7px}
.body{padding:16px}.body>:first-child{margin-top:0}.body>:last-child{margin-bottom:0}
h3{font-size:1.25em;line-height:1.25;margin:24px 0 16px}p,table,details,pre,ul{margin:0 0 16px}ul{padding-left:2em}
table{border-collapse:collapse;display:block;width:max-content;max-width:100%;overflow:auto}th,td{padding:6px 13px;border:1px solid #d1d9e0}tr:nth-child(2n) td{background:#f6f8fa}
[align=right]{text-align:right}summary{cursor:pointer}
code{font:85% "DejaVu Sans Mono",monospace;background:#818b981f;border-radius:6px;padding:.2em .4em}pre{background:#f6f8fa;border-radius:6px;padding:16px;overflow:auto}pre code{background:none;padding:0;font-size:12px;line-height:1.45}
sub{font-size:75%}a{color:#0969da}.hljs-addition{color:#116329;background:#dafbe1}.hljs-deletion{color:#82071e;background:#ffebe9}.hljs-meta{color:#0550ae}`;

/** Fixture modules that stand beside the example in the job summary. */
const MORE = ["chardev", "proc-seq-file"];
const RUN = "https://github.com/OWNER/drivers/actions/runs/1";
const LINKS = { run: RUN, artifact: `${RUN}/artifacts/1` };

/** As the actions have it: a path in the repository, not on this machine. */
const placed = (report: Report, dir: string): Report => ({ ...report, module: { ...report.module, dir } });

function pageOf(markdown: string, by: string): string {
  hljs.registerLanguage("diff", diffLanguage);
  const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
  const body = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  }).replace(
    /(?<=<code class="language-diff">)[^<]*/g,
    (code) =>
      hljs.highlight(
        code.replace(/&(?:lt|gt|quot|amp);/g, (e) => entities[e] ?? e),
        { language: "diff" },
      ).value,
  );
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div class="box"><div class="by">${by}</div><div class="body">${body}</div></div>`;
}

/** @param open the start of each folded part's title that is to be open */
async function shoot(
  browser: Browser,
  html: string,
  name: string,
  box: { width: number; height?: number; open?: string[] },
): Promise<void> {
  const page = await browser.newPage({ viewport: { width: box.width, height: box.height ?? 100 } });
  await page.setContent(html);
  for (const title of box.open ?? [])
    await page
      .locator("details", { has: page.locator(":scope > summary", { hasText: title }) })
      .first()
      .evaluate((d) => d.setAttribute("open", ""));
  const png = path.join(IMAGES, `${name}.png`);
  await page.screenshot({ path: png, fullPage: box.height === undefined });
  await page.close();
}

async function checked(dir: string, out: string, root?: string): Promise<Checked[]> {
  if (existsSync(path.join(out, "report.json")))
    return [{ report: await readReport(path.join(out, "report.json")), dir: out }];
  return checkFolder(check, {
    dir,
    out,
    boot: true,
    headers: "helpers",
    kernel: "6.1",
    ...(root === undefined ? {} : { root }),
  });
}

async function main(): Promise<void> {
  await using temporary = await scratchFolder(path.join(os.tmpdir(), "kport-images-"));
  const scratch = path.resolve(process.argv[2] ?? temporary.dir);
  const browser = await chromium.launch({
    executablePath: process.env["KPORT_CHROMIUM"] ?? "/usr/bin/chromium",
    args: FLAGS,
  });
  try {
    const example = path.join(scratch, "ringdev");
    await mkdir(scratch, { recursive: true });
    await cp(path.join(projectRoot(), "examples", "ringdev"), example, { recursive: true });
    const before = await checked(path.join(example, "driver"), path.join(scratch, "before"), example);
    const file = path.join(example, "common", "ring.c");
    const c = await readFile(file, "utf8");
    if (!c.includes(BEFORE)) throw new Error(`${file} no longer holds the lines that the pictures' change replaces`);
    await writeFile(file, c.replace(BEFORE, AFTER));
    const after = await compareWithBase(
      before,
      await checked(path.join(example, "driver"), path.join(scratch, "after"), example),
      "main",
    );

    const changed = after.map((m) => placed(m.report, "examples/ringdev/driver"));
    const all = [...changed];
    for (const name of MORE)
      all.push(
        ...(await checked(path.join(projectRoot(), "test", "modules", name), path.join(scratch, name))).map((m) =>
          placed(m.report, `test/modules/${name}`),
        ),
      );
    const bad = all.find((r) => r.verdict !== "pass");
    if (bad !== undefined)
      throw new Error(
        `${bad.module.name} does not pass, so there are no pictures to make: ${bad.findings[0]?.message ?? ""}`,
      );
    await shoot(browser, renderHtml(changed), "report", { width: 1200, height: 1000 });
    await shoot(
      browser,
      pageOf(renderMarkdown(changed, { kind: "comment", links: LINKS }), "<b>github-actions</b> <i>bot</i> commented"),
      "comment",
      { width: WIDTH, open: ["What it does to the Rust", "src/ring.rs"] },
    );
    await shoot(
      browser,
      pageOf(renderMarkdown(all, { kind: "summary", links: LINKS }), "<b>Rust port</b> summary"),
      "summary",
      { width: 1160 },
    );
  } finally {
    await browser.close();
  }
}

await main();
