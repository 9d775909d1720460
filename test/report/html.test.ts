import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { deltaOf } from "../../src/report/delta.ts";
import { renderHtml } from "../../src/report/html.ts";
import { HOSTILE_STRINGS } from "./hostile.ts";
import { failingReport, hostileReport, hugeReport, sampleReport, unbuiltReport } from "./sample.ts";

/** Debian's package `chromium`, which the set-up installs; a GitHub-hosted runner has Chrome under another name. */
const EXECUTABLE = process.env["KPORT_CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe("report.html", () => {
  let browser: Browser;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "kport-html-"));
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens a page as a reader does, from a file; `problems` collects what the console says and what the page asks of the network. */
  async function open(
    html: string,
    options: { theme?: "light" | "dark"; width?: number; script?: boolean } = {},
  ): Promise<{ page: Page; problems: string[] }> {
    const file = path.join(folder, "report.html");
    await writeFile(file, html);
    const context = await browser.newContext({
      colorScheme: options.theme ?? "light",
      viewport: { width: options.width ?? 1200, height: 800 },
      javaScriptEnabled: options.script ?? true,
    });
    const page = await context.newPage();
    const problems: string[] = [];
    const url = pathToFileURL(file).href;
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== url) problems.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return { page, problems };
  }

  const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  it("says everything, without a word in the console", async () => {
    const { page, problems } = await open(renderHtml([failingReport()]));
    assert.equal(await page.title(), "❌ ringdev · kport");
    assert.match(
      await page.locator("h1").innerText(),
      /ringdev: the Rust module panics, the C one does not — look at entry\.c:120/,
    );
    assert.deepEqual(await page.locator("section > h2").allInnerTexts(), [
      "C and Rust",
      "Findings",
      "Stages",
      "What changed in the Rust",
      "Functions side by side",
      "Boots",
      "Sizes",
      "Symbols",
      "Module information",
      "Units",
      "Tools",
    ]);
    assert.equal(await page.locator(".finding").count(), 4);
    assert.equal(
      await page
        .locator(".finding.error .dim")
        .first()
        .innerText()
        .then((text) => text.length > 20),
      true,
    );
    assert.equal(await page.locator("#m0-functions .sides").count(), 3);
    assert.ok((await page.locator("#m0-functions .hljs-keyword").count()) > 3);
    assert.deepEqual(problems, []);
    await page.context().close();
  });

  it("takes parameters in another order for the same, and nothing else", async () => {
    const report = sampleReport();
    const rust = report.objects.rust!;
    const reordered = {
      ...report,
      objects: {
        ...report.objects,
        rust: {
          ...rust,
          modinfo: { ...report.objects.c!.modinfo, parm: "verbose:say more\nsize:bytes in the ring", license: "MIT" },
        },
      },
    };
    const { page } = await open(renderHtml([reordered]));
    assert.deepEqual(await page.locator("#m0-modinfo tr.differs td:first-child").allInnerTexts(), ["license"]);
    await page.context().close();
  });

  it("shows a function of a shared header once, without the preprocessor's blanks", async () => {
    const [first] = sampleReport().functions!;
    const c = 'static   int used(void)\n{\n return   say("two  blanks");\n}';
    const other = { ...first!, c, name: "used", file: "../common/ring.h", line: 5 };
    const { page } = await open(renderHtml([sampleReport({ functions: [other, other, { ...other, line: 6 }] })]));
    assert.equal(await page.locator("#m0-functions .sides").count(), 2);
    assert.equal(
      await page.locator("#m0-functions .sides pre").first().innerText(),
      'static int used(void)\n{\n return say("two  blanks");\n}',
    );
    await page.context().close();
  });

  it("aligns the two kernel logs", async () => {
    const { page } = await open(renderHtml([failingReport()]));
    const rows = page.locator("#m0-boots .log").first().locator("tbody tr");
    assert.equal(await rows.first().getAttribute("class"), "same");
    assert.match(await rows.nth(2).innerText(), /registered, minor 125\s+kport: panicked at/);
    await page.context().close();
  });

  it("applies its own style and script under its policy, and refuses others", async () => {
    const html = renderHtml([sampleReport()]);
    const { page } = await open(html);
    assert.equal(await page.evaluate(() => document.documentElement.classList.contains("js")), true);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector("header")!).position), "static");
    await page.context().close();
    // Negative control: the policy is what stops a script that got in.
    const { page: attacked, problems } = await open(
      html.replace("</main>", '<script>document.title="owned"</script><img src="https://evil.example/x"></main>'),
    );
    assert.equal(await attacked.title(), "✅ ringdev · kport");
    assert.equal(problems.filter((problem) => /Content Security Policy/.test(problem)).length, 2, problems.join("\n"));
    await attacked.context().close();
  });

  it("moves by keys, opens, filters and explains them", async () => {
    const { page, problems } = await open(renderHtml([failingReport()]));
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await page.keyboard.press("j");
    assert.equal(await focused(), "C and Rust");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.match(await focused(), /the Rust module panics in/);
    await page.keyboard.press("k");
    assert.equal(await focused(), "Findings");

    const second = page.locator("#m0-functions details").nth(1);
    assert.equal(await second.getAttribute("open"), null);
    await second.locator("summary").focus();
    await page.keyboard.press("o");
    assert.notEqual(await second.getAttribute("open"), null);
    await page.keyboard.press("c");
    assert.equal(await page.locator("details[open]").count(), 0);
    await page.keyboard.press("e");
    assert.equal(await page.locator("details:not([open])").count(), 0);

    await page.keyboard.press("/");
    await page.keyboard.type("ioctl");
    assert.deepEqual(await page.locator("#m0-functions details:visible summary code").allInnerTexts(), [
      "ringdev_ioctl",
    ]);
    assert.equal(await page.locator("#count").innerText(), "1 of 8");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#m0-functions details:visible").count(), 3);

    await page.keyboard.press("?");
    assert.equal(await page.locator("#help").isVisible(), true);
    await page.locator("#help button").click();
    assert.equal(await page.locator("#help").isVisible(), false);
    assert.deepEqual(problems, []);
    await page.context().close();
  });

  it("is dark where the system is, and where the reader says so, and remembers it", async () => {
    const html = renderHtml([sampleReport()]);
    const { page: light } = await open(html);
    assert.equal(await background(light), "rgb(255, 255, 255)");
    await light.keyboard.press("t");
    assert.equal(await background(light), "rgb(13, 17, 23)");
    await light.reload();
    assert.equal(await background(light), "rgb(13, 17, 23)");
    await light.context().close();
    const { page: dark } = await open(html, { theme: "dark" });
    assert.equal(await background(dark), "rgb(13, 17, 23)");
    await dark.locator("#theme").click();
    assert.equal(await background(dark), "rgb(255, 255, 255)");
    await dark.context().close();
  });

  it("can be read without its script", async () => {
    const { page, problems } = await open(renderHtml([failingReport()]), { script: false });
    assert.equal(await page.locator("#filter").isVisible(), false);
    const block = page.locator("#m0-functions details").nth(1);
    await block.locator("summary").click();
    assert.equal(await block.locator(".sides").isVisible(), true);
    assert.deepEqual(problems, []);
    await page.context().close();
  });

  it("fits a narrow window: only code and tables scroll sideways", async () => {
    for (const report of [failingReport(), hostileReport("a_very_long_name_without_any_place_to_break_".repeat(8))]) {
      const { page } = await open(renderHtml([report]), { width: 360 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 360, `${wide} px`);
      await page.context().close();
    }
  });

  it("keeps enough contrast in both themes", async () => {
    for (const theme of ["light", "dark"] as const) {
      const { page } = await open(renderHtml([failingReport()]), { theme });
      const worst = await page.evaluate(() => {
        const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
        const luminance = (color: string) => {
          const [r, g, b] = channels(color)
            .slice(0, 3)
            .map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
        };
        const behind = (element: Element | null): string => {
          for (let at = element; at !== null; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if (channels(color)[3] !== 0) return color;
          }
          return "rgb(255, 255, 255)";
        };
        let found = { ratio: 21, text: "" };
        for (const element of document.querySelectorAll("body *")) {
          if (
            ![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== "") ||
            element.getClientRects().length === 0
          )
            continue;
          const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
          const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
          if (ratio < found.ratio) found = { ratio, text: element.textContent!.slice(0, 40) };
        }
        return found;
      });
      assert.ok(worst.ratio >= 4.5, `${theme}: ${worst.ratio.toFixed(2)} at ${worst.text}`);
      await page.context().close();
    }
  });

  it("shows several modules, one that never built and what changed since the base", async () => {
    const head = sampleReport({ findings: [] });
    head.delta = deltaOf(failingReport(), head, "main");
    const { page, problems } = await open(
      renderHtml([head, unbuiltReport({ module: { name: "other", dir: "other" } })]),
    );
    assert.deepEqual(
      (await page.locator("nav .module").allInnerTexts()).map((text) => text.replace(/^\S+ /, "")),
      ["ringdev", "other"],
    );
    assert.equal(await page.locator("#m0 .finding.fixed").count(), 4);
    assert.equal(await page.locator("#m1 section").count(), 3);
    assert.deepEqual(problems, []);
    await page.context().close();
  });

  it("is not moved by a stranger's text", async () => {
    // Many at a time, as one page is as good as another: each is in every place of a report.
    const { page, problems } = await open(renderHtml(HOSTILE_STRINGS.map(hostileReport)));
    assert.deepEqual(problems, []);
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(await page.locator("img, iframe, object, embed, link, base").count(), 0);
    assert.deepEqual(
      await page.evaluate(() =>
        [...document.querySelectorAll("a")]
          .map((link) => link.getAttribute("href")!)
          .filter((href) => !/^#m\d+(?:-[a-z]+)?$/.test(href)),
      ),
      [],
    );
    assert.deepEqual(
      await page.evaluate(() =>
        [...document.querySelectorAll("*")]
          .flatMap((element) => [...element.attributes].map((attribute) => attribute.name))
          .filter((name) => name.startsWith("on") || name === "style"),
      ),
      [],
    );
    assert.equal(
      await page.evaluate(() => /[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/.test(document.documentElement.outerHTML)),
      false,
    );
    await page.context().close();
  });

  it("stays openable with far more than usual", async () => {
    const functions = Array.from({ length: 3000 }, (_, index) => ({
      name: `function_${index}`,
      file: "big.c",
      line: index + 1,
      c: "int x;\n".repeat(400),
      rust: "let x: i32;\n".repeat(400),
    }));
    const html = renderHtml([hugeReport({ functions })]);
    assert.ok(Buffer.byteLength(html) < 40_000_000);
    assert.match(html, /more functions, left out because of the size of this page/);
  });
});
