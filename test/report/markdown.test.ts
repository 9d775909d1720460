import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { deltaOf } from "../../src/report/delta.ts";
import { MARKDOWN_LIMITS } from "../../src/report/markdown-options.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import type { MarkdownLinks } from "../../src/report/markdown-options.ts";
import { HOSTILE_STRINGS, hostile, linkedText, nodesOf, parse, workflowCommands } from "./hostile.ts";
import {
  failingReport,
  hostileReport,
  hugeReport,
  sampleObject,
  sampleReport,
  sampleRun,
  unbuiltReport,
} from "./sample.ts";

const LINKS: MarkdownLinks = {
  artifact: "https://github.com/o/r/actions/runs/1/artifacts/2",
  run: "https://github.com/o/r/actions/runs/1",
  source: (_, file, line) => `https://github.com/o/r/blob/abc/${encodeURIComponent(file.toWellFormed())}#L${line}`,
};

const firstLine = (markdown: string) => markdown.slice(0, markdown.indexOf("\n"));
const summaries = (markdown: string) =>
  [...markdown.matchAll(/<summary>(.*?)<\/summary>/g)].map((match) => match[1]!.replace(/<[^>]*>/g, ""));

describe("the first line", () => {
  it("says that all is well and that there is nothing to do", () => {
    assert.equal(
      firstLine(renderMarkdown(sampleReport(), { kind: "comment" })),
      "### ✅ `ringdev`: the Rust port builds, boots and behaves like the C — nothing to do",
    );
  });

  it("says what is wrong and where to look", () => {
    assert.equal(
      firstLine(renderMarkdown(failingReport(), { kind: "comment" })),
      "### ❌ `ringdev`: the Rust module panics, the C one does not — look at `entry.c:120`",
    );
    assert.equal(
      firstLine(renderMarkdown(unbuiltReport(), { kind: "comment" })),
      "### ❌ `ringdev`: the C module does not build — look at `entry.c:57`",
    );
  });

  it("does not claim a boot that was not made", () => {
    assert.match(
      firstLine(renderMarkdown(sampleReport({ boot: undefined }), { kind: "comment" })),
      /^### 🔨 .*: built, not run: they were not booted — boot it to see whether it behaves like the C$/,
    );
  });

  it("does not blame the Rust for a C module that does not load", () => {
    const boot = {
      accelerator: "tcg" as const,
      c: sampleRun({ status: "load-failed" }),
      rust: sampleRun({ status: "load-failed" }),
    };
    assert.match(
      firstLine(renderMarkdown(failingReport({ boot, findings: [] }), { kind: "comment" })),
      /the C module does not load, so there is nothing to compare with/,
    );
  });

  it("tells a run that broke from a module that fails", () => {
    assert.match(
      firstLine(renderMarkdown(failingReport({ verdict: "error" }), { kind: "comment" })),
      /^### 💥 `ringdev`: the check itself could not finish/,
    );
  });

  it("counts over several modules and names the first that fails", () => {
    const other = failingReport({ module: { name: "other", dir: "other" } });
    assert.match(
      firstLine(renderMarkdown([sampleReport(), other], { kind: "comment" })),
      /^### ❌ 1 of 2 modules does not pass\. `other`: the Rust module panics/,
    );
    assert.equal(
      firstLine(renderMarkdown([sampleReport(), sampleReport()], { kind: "comment" })),
      "### ✅ 2 modules: every Rust port builds, boots and behaves like the C — nothing to do",
    );
  });

  it("asks for a module where there was none", () => {
    assert.match(renderMarkdown([], { kind: "comment" }), /^### ⚠️ No kernel module was found/);
  });
});

describe("what follows", () => {
  it("is one table, then folded parts", () => {
    const markdown = renderMarkdown(sampleReport(), { kind: "comment", links: LINKS });
    const root = parse(markdown);
    assert.deepEqual(
      root.children.slice(0, 3).map((node) => node.type),
      ["heading", "table", "html"],
    );
    assert.match(markdown, /\| Code \| 6\.21 kB \| 7\.11 kB \| ×1\.14 \|/);
    assert.match(markdown, /\| Boot \| ✅ ok, 4\.2 s \| ✅ ok, 4\.4 s \|/);
    assert.deepEqual(summaries(markdown), [
      "Findings: 1 note",
      "What it does to the Rust, against main: 1 file, +2 −1",
      "src/ring.rs +2 −1",
      "Boot in QEMU (tcg): C ok, Rust ok",
      "Sections and symbols that differ",
      "Stages and units: 24.1 s",
      "Stayed in C, behind a helper: 4",
    ]);
    assert.deepEqual(
      nodesOf(root, "link").map((node) => node.url),
      [LINKS.artifact, LINKS.run],
    );
  });

  it("shows the end of the kernel's log where a boot failed, and opens it", () => {
    const markdown = renderMarkdown(failingReport(), { kind: "comment" });
    assert.match(markdown, /<details open><summary>Boot in QEMU \(tcg\): C ok, Rust panics<\/summary>/);
    const log = nodesOf(parse(markdown), "code").find((node) => node.lang === "text");
    assert.match(log!.value, /^ ringdev_init\+0x4c\/0x90 \[ringdev\]$/m);
    assert.match(log!.value, /Kernel panic - not syncing: Fatal exception$/);
  });

  it("shows what a tool said below the finding, line by line", () => {
    const block = nodesOf(parse(renderMarkdown(unbuiltReport(), { kind: "comment" })), "code")[0];
    assert.equal(block?.value, "entry.c:57:9: error: use of undeclared identifier 'lenght'\n        if (lenght > 4)");
  });

  it("colours the Rust's changes", () => {
    const patch = nodesOf(parse(renderMarkdown(sampleReport(), { kind: "comment" })), "code").find(
      (node) => node.lang === "diff",
    );
    assert.match(patch!.value, /^\+\s+\(\*ring\)\.writes/m);
  });

  it("leaves the Rust's changes out of a pull request's body, which shows them itself", () => {
    assert.doesNotMatch(renderMarkdown(sampleReport(), { kind: "pr-body" }), /What it does to the Rust/);
  });

  it("says that nothing changed where nothing did", () => {
    assert.match(
      renderMarkdown(sampleReport({ diff: { base: "main", files: [], added: 0, removed: 0 } }), { kind: "comment" }),
      /The Rust is the same as in `main`\./,
    );
  });

  it("shows what changed since the base in a column of its own", () => {
    const head = sampleReport({
      objects: { c: sampleObject(), rust: sampleObject({ text: 8_105, imports: ["_printk", "kfree"] }) },
      findings: [],
    });
    head.delta = deltaOf(sampleReport(), head, "main");
    const markdown = renderMarkdown(head, { kind: "comment" });
    assert.match(markdown, /\| Rust \/ C \| since `main` \|/);
    assert.match(markdown, /\| Code \| 6\.21 kB \| 8\.11 kB \| ×1\.30 \| \+1 kB \(\+14 %\) \|/);
    assert.match(markdown, /New imports since `main`: `kfree`/);
    assert.match(markdown, /No findings \(since <code>main<\/code>: 0 new, 1 fixed\)/);
  });

  it("links the places of findings to the source", () => {
    const [link] = nodesOf(parse(renderMarkdown(failingReport(), { kind: "comment", links: LINKS })), "link");
    assert.equal(link?.url, "https://github.com/o/r/blob/abc/entry.c#L120");
  });

  it("follows no link that is not one of the web", () => {
    const markdown = renderMarkdown(sampleReport(), {
      kind: "comment",
      links: { artifact: "javascript:alert(1)", run: "not a link" },
    });
    assert.deepEqual(nodesOf(parse(markdown), "link"), []);
  });

  it("is one table with a row for each of several modules, and a folded part for each", () => {
    const markdown = renderMarkdown(
      [
        sampleReport(),
        failingReport({ module: { name: "other", dir: "other" } }),
        unbuiltReport({ module: { name: "third", dir: "third" } }),
      ],
      { kind: "comment" },
    );
    const [table] = nodesOf(parse(markdown), "table");
    assert.equal(table?.children.length, 4);
    assert.deepEqual(
      summaries(markdown)
        .filter((summary) => summary.includes(" on "))
        .map((summary) => summary.split(" on ")[0]),
      ["✅ ringdev", "❌ other", "❌ third"],
    );
    assert.match(markdown, /❌ <b>other on 6\.1\.0-44-amd64<\/b>/);
  });
});

describe("limits", () => {
  it("are kept, in bytes, by reports of every size and kind", () => {
    const wide = hugeReport({
      findings: hugeReport().findings.map((finding) => ({ ...finding, message: "漢".repeat(900) })),
    });
    for (const reports of [
      [hugeReport()],
      [wide],
      Array.from({ length: 300 }, (_, index) => failingReport({ module: { name: `module_${index}`, dir: "d" } })),
      [hostileReport("`|@x".repeat(20_000))],
    ]) {
      for (const kind of ["comment", "summary", "pr-body"] as const) {
        const markdown = renderMarkdown(reports, { kind, links: LINKS });
        assert.ok(Buffer.byteLength(markdown) <= MARKDOWN_LIMITS[kind], `${kind}: ${Buffer.byteLength(markdown)}`);
      }
    }
  });

  it("take parts in a fixed order, and say which and where they are", () => {
    let before = Number.POSITIVE_INFINITY;
    const kept: string[] = [];
    for (const limitBytes of [60_000, 40_000, 20_000, 10_000, 5_000, 2_000, 1_200, 600, 300]) {
      const markdown = renderMarkdown(hugeReport(), { kind: "comment", limitBytes, links: LINKS });
      const size = Buffer.byteLength(markdown);
      assert.ok(size <= limitBytes, `${size} > ${limitBytes}`);
      assert.match(markdown, /^### ❌ `ringdev`/);
      assert.match(markdown, /_Left out, .* \[the report's artifact\]\(<https:/);
      const parts = [
        "+150 −0",
        "Stayed in C",
        "Stages and units",
        "Sections and symbols",
        "structure `thing_30`",
        "What it does to the Rust",
        "Boot in QEMU",
        "Findings:",
      ].filter((part) => markdown.includes(part));
      // Whatever is shown with less room was shown with more.
      if (kept.length > 0)
        assert.deepEqual(
          parts.filter((part) => !kept.includes(part)),
          [],
        );
      kept.splice(0, kept.length, ...parts);
      assert.ok(size <= before);
      before = size;
    }
    assert.deepEqual(kept, []);
  });

  it("show as many patches as there is room for", () => {
    const markdown = renderMarkdown(hugeReport({ findings: [] }), { kind: "comment", links: LINKS });
    const said = /(\d+) of 40 patches/.exec(markdown);
    const shown = nodesOf(parse(markdown), "code").filter((node) => node.lang === "diff").length;
    assert.ok(shown > 0);
    assert.equal(Number(said?.[1]), 40 - shown);
  });

  it("take rows of the table last, and count them", () => {
    const modules = Array.from({ length: 300 }, (_, index) =>
      sampleReport({ module: { name: `module_${index}`, dir: "d" } }),
    );
    const markdown = renderMarkdown(modules, { kind: "comment", limitBytes: 5_000, links: LINKS });
    const [table] = nodesOf(parse(markdown), "table");
    const shown = table!.children.length - 1;
    assert.ok(shown > 0);
    assert.match(markdown, new RegExp(`… and ${300 - shown} more modules`));
  });

  it("leave nothing out of a file", () => {
    const markdown = renderMarkdown(hugeReport(), { kind: "file" });
    assert.doesNotMatch(markdown, /Left out/);
    assert.equal(nodesOf(parse(markdown), "code").filter((node) => node.lang === "diff").length, 40);
  });
});

describe("a stranger's text", () => {
  const OUR_TAGS = /<\/?(?:details|details open|summary|code|sub|b)>/g;
  const shape = (markdown: string) =>
    nodesOf(parse(markdown), "table").map((table) => table.children.map((row) => row.children.length));

  it("makes no link, mention, picture, element, table cell or workflow command anywhere in a comment", () => {
    const harmless = shape(renderMarkdown(hostileReport("x"), { kind: "comment", links: LINKS }));
    const harmlessSeveral = shape(
      renderMarkdown([hostileReport("x"), hostileReport("x")], { kind: "comment", links: LINKS }),
    );
    const check = (text: string) => {
      const report = hostileReport(text);
      for (const [reports, tables] of [
        [[report], harmless],
        [[report, report], harmlessSeveral],
      ] as const) {
        const markdown = renderMarkdown(reports, { kind: "comment", links: LINKS });
        const root = parse(markdown);
        assert.deepEqual(linkedText(root), []);
        assert.deepEqual(workflowCommands(markdown), []);
        for (const kind of ["image", "footnoteReference", "linkReference", "imageReference", "definition"] as const)
          assert.equal(nodesOf(root, kind).length, 0, kind);
        for (const node of nodesOf(root, "link")) assert.match(node.url, /^https:\/\/github\.com\/o\/r\//);
        for (const node of nodesOf(root, "html"))
          assert.doesNotMatch(node.value.replace(OUR_TAGS, ""), /[<>]/, node.value);
        assert.deepEqual(shape(markdown), tables);
      }
    };
    // Several of the known strings at a time: each is tried alone, in every place, in escape.test.ts.
    for (let at = 0; at < HOSTILE_STRINGS.length; at += 4) check(HOSTILE_STRINGS.slice(at, at + 4).join(" "));
    fc.assert(fc.property(hostile, check), { numRuns: 30 });
  });
});
