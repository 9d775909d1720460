/** The renderings of matrix.json: grid, page, badge, plan. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { mergeCommand } from "../../src/doors/commands/matrix.ts";
import { badgeJson, badgeOf, badgeSvg } from "../../src/report/matrix/badge.ts";
import { gridOf } from "../../src/report/matrix/grid.ts";
import { renderMatrixHtml } from "../../src/report/matrix/html.ts";
import { renderMatrixMarkdown } from "../../src/report/matrix/markdown.ts";
import { type JudgedCell, matrixReport } from "../../src/report/matrix/schema.ts";
import { renderMatrixSummary } from "../../src/report/matrix/summary.ts";
import { passing } from "../e2e/canned-reports.ts";
import { aCell, aMatrix, aResult, judged } from "../matrix/cell.ts";
import { HOSTILE_STRINGS, nodesOf, parse } from "./hostile.ts";

const cells: JudgedCell[] = [
  judged(aCell({ folder: "a", kernel: "6.1" }), "pass", { origin: "reused" }),
  judged(aCell({ folder: "a", kernel: "7.2" }), "new-failure", {
    culprit: {
      kind: "axis",
      axes: [{ axis: "kernel", lastGood: "6.1", firstBad: "7.2", untold: [] }],
      probes: [{ values: aResult(aCell(), 1, "pass").values, answer: "gone" }],
    },
  }),
  judged(aCell({ folder: "b", kernel: "6.1" }), "unknown"),
];
const report = aMatrix(cells);

describe("a matrix", () => {
  it("is a grid with a row for each module and its tools, and a hole where kport.yml leaves a combination out", () => {
    const grid = gridOf(cells);
    assert.deepEqual(grid.kernels, ["6.1", "7.2"]);
    assert.deepEqual(
      grid.rows.map((r) => [r.module, ...r.cells.map((c) => c?.state)]),
      [
        ["a", "pass", "new-failure"],
        ["b", "unknown", undefined],
      ],
    );
  });

  it("says the same in every rendering: the failure, its culprit, the command, what was reused, what has no result", () => {
    for (const text of [renderMatrixHtml(report), renderMatrixMarkdown(report), renderMatrixSummary(report)]) {
      const plain = text.replaceAll(/&#(\d+);/g, (_, n: string) => String.fromCodePoint(Number(n)));
      for (const part of [
        "the port does not build",
        "kernel 7.2 (last good: 6.1)",
        "kport check a --kernel 7.2",
        "no kernel 6.1 here",
      ])
        assert.ok(plain.includes(part), `${part} in ${plain}`);
    }
    assert.match(renderMatrixMarkdown(report), /♻️[^]*1 cell was not run again/);
  });

  it("holds nothing that a module's text could do harm with", () => {
    const hostile = HOSTILE_STRINGS.map((text, i) => {
      const cell = aCell({ folder: text, kernel: "7.2", rustc: `1.${i}` }, { id: `c${i}` });
      return judged(cell, "new-failure", {
        note: text,
        result: aResult(cell, 1, "fail", { message: text, fingerprint: `f${i}` }),
      });
    });
    const page = renderMatrixHtml({ ...aMatrix(hostile), notes: [...HOSTILE_STRINGS] });
    assert.doesNotMatch(page, /<script|<img|<iframe|onerror="|javascript:[^&]*"/i);
    assert.match(page, /default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/);
    const markdown = renderMatrixMarkdown({ ...aMatrix(hostile), notes: [...HOSTILE_STRINGS] });
    const root = parse(markdown);
    assert.ok(
      nodesOf(root, "html").every((n) => /^<\/?sub>$/.test(n.value)),
      "raw HTML",
    );
    assert.deepEqual(
      [nodesOf(root, "link").length, nodesOf(root, "image").length, nodesOf(root, "table").length],
      [0, 0, 1],
    );
    for (const { value } of nodesOf(root, "text")) assert.doesNotMatch(value, /(?<!\w)@\w|(?<!\w)#\d/);
    assert.doesNotMatch(markdown, /^\s*::(?:error|set-output)/m);
    assert.doesNotMatch(renderMatrixSummary(aMatrix(hostile)), /\u001b|^::error/m);
  });
});

describe("the badge", () => {
  const of = (...states: JudgedCell["state"][]) =>
    badgeOf(aMatrix(states.map((s, i) => judged(aCell({ folder: `m${i}` }), s))));
  it("counts what fails, else what passes", () => {
    assert.deepEqual(
      [of("pass", "pass"), of("pass", "new-failure"), of("pass", "unknown"), of("unknown")].map(
        (b) => `${b.message} ${b.color}`,
      ),
      ["2 of 2 pass brightgreen", "1 of 2 failing red", "1 of 2 pass yellow", "no result lightgrey"],
    );
    assert.equal(
      badgeOf(aMatrix([judged(aCell(), "pass"), judged(aCell({ folder: "b" }, { allowFailure: true }), "new-failure")]))
        .message,
      "1 of 1 pass",
      "what may fail does not count",
    );
  });

  it("is an SVG with a text alternative, and what shields.io's endpoint takes", () => {
    assert.match(badgeSvg(report), /^<svg [^>]*role="img" aria-label="Rust port: 1 of 3 failing"[^]*<\/svg>\n$/);
    assert.deepEqual(JSON.parse(badgeJson(report)), {
      schemaVersion: 1,
      label: "Rust port",
      message: "1 of 3 failing",
      color: "red",
    });
  });
});

describe("kport merge", () => {
  it("writes matrix.json and its renderings, and says what is broken", async (t) => {
    const dir = await mkdtemp(path.join(os.tmpdir(), "kport-merge-command-"));
    t.after(() => rm(dir, { recursive: true }));
    await writeFile(path.join(dir, "one.json"), JSON.stringify(passing("ring")));
    await writeFile(path.join(dir, "two.json"), "{");
    const written = t.mock.method(process.stdout, "write", () => true);
    assert.equal(
      await mergeCommand([path.join(dir, "one.json"), path.join(dir, "two.json")], { out: path.join(dir, "out") }),
      0,
    );
    assert.match(String(written.mock.calls[0]?.arguments[0]), /^PASS {2}1 pass/);
    const merged = matrixReport.parse(JSON.parse(await readFile(path.join(dir, "out", "matrix.json"), "utf8")));
    assert.match(merged.notes.join(), /1 report could not be read: .*two\.json \(not JSON/);
    for (const file of ["matrix.md", "matrix.html", "badge.svg", "badge.json"])
      assert.ok((await readFile(path.join(dir, "out", file), "utf8")).length > 50, file);
  });
});
