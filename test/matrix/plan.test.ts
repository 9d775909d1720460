import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { UserError } from "../../src/machine/errors.ts";
import { emptyHistory, type History } from "../../src/history/schema.ts";
import { cellId, cellsOf, namesOf, type Resolved } from "../../src/matrix/cells.ts";
import { parseMatrixFile } from "../../src/matrix/file.ts";
import { estimateOf, MOST_SHARDS, planRun, strategyMatrix } from "../../src/matrix/plan.ts";
import type { Cell } from "../../src/report/matrix/schema.ts";
import { aCell, aResult } from "./cell.ts";

function cells(text: string): Cell[] {
  const file = parseMatrixFile(text, "kport.yml");
  const names = namesOf(file);
  const map = (all: string[]) => new Map(all.map((n) => [n, { asked: n, resolved: n }]));
  const resolved: Resolved = { kernels: map(names.kernel), c2rust: map(names.c2rust), rustc: map(names.rustc) };
  return cellsOf(file, resolved, (folder) => `hash of ${folder}`, "kport 1");
}

const AXES = 'modules: [a, b]\nkernels: ["6.1", "6.12"]\nc2rust: ["0.21.0", "0.22.1"]\nrustc: ["1.96", "1.97"]\n';

describe("cells", () => {
  it("are the product, less what is excluded, and what is included besides", () => {
    assert.equal(cells(AXES).length, 16);
    assert.equal(cells(`${AXES}exclude: [{kernel: "6.1", rustc: ["1.97"]}]\n`).length, 12);
    const more = cells(`${AXES}include: [{module: c, kernel: "7.2", c2rust: "0.22.1", rustc: "1.97"}]\n`);
    assert.deepEqual(
      more.filter((c) => c.kernel.asked === "7.2").map((c) => c.module.folder),
      ["c"],
    );
    assert.equal(cells(`${AXES}include: [{kernel: "6.1"}]\n`).length, 16, "what is there already is there once");
  });

  it("may be allowed to fail", () => {
    const all = cells(`${AXES}allow-failure: [{module: b, kernel: "6.12"}]\n`);
    assert.deepEqual(
      [
        all.filter((c) => c.allowFailure).length,
        all.filter((c) => c.allowFailure).every((c) => c.module.folder === "b" && c.kernel.asked === "6.12"),
      ],
      [4, true],
    );
  });

  it("that a pattern was meant for and do not exist are a slip of the pen", () => {
    for (const key of ["exclude", "allow-failure"])
      assert.throws(
        () => cells(`${AXES}${key}: [{kernel: "6.2"}]\n`),
        (e) => e instanceof UserError && e.message.includes(`${key}[1]`),
      );
    assert.throws(() => cells(`${AXES}exclude: [{module: [a, b]}]\n`), /nothing is left/);
  });

  it("have names that are fit for a folder, and each its own", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.array(fc.string({ minLength: 1 }), { minLength: 4, maxLength: 4 }), {
          minLength: 2,
          maxLength: 20,
          selector: (a) =>
            a
              .filter((p) => p !== "default")
              .map((p) => (p === "." ? "module" : p))
              .join("_"),
        }),
        (all) => {
          const ids = all.map((parts) => cellId(parts));
          assert.ok(
            ids.every((id) => /^[\w][\w.-]{0,95}$/.test(id)),
            ids.join(),
          );
          assert.equal(new Set(ids).size, ids.length);
        },
      ),
    );
  });

  it("have a key that changes with each thing that can change the outcome", () => {
    const [first] = cells(AXES);
    const again = cells(AXES)[0]!;
    assert.equal(first!.key, again.key);
    for (const changed of [
      AXES.replace('"6.1"', '"6.2"'),
      AXES.replace("0.21.0", "0.20.0"),
      AXES.replace("1.96", "1.95"),
      `${AXES}boot: false\n`,
      `${AXES}headers: translate\n`,
    ])
      assert.notEqual(cells(changed)[0]!.key, first!.key, changed);
  });
});

const HOUR = 3600_000;
const now = Date.UTC(2026, 0, 10);
const run = { id: "9", sequence: 9, at: new Date(now).toISOString() };
const limits = { shard: 600, reuse: 24 * HOUR, now };

function remembering(...all: [Cell, number, "pass" | "fail" | "flaky" | "unknown", object?][]): History {
  const history = emptyHistory();
  for (const [cell, sequence, outcome, more] of all)
    (history.cells[cell.id] ??= { folder: cell.module.folder, results: [] }).results.push(
      aResult(cell, sequence, outcome, more),
    );
  return history;
}

describe("a plan", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((folder) => aCell({ folder })) as [Cell, Cell, Cell, Cell];
  const at = (ms: number) => ({ run: { id: "8", sequence: 8, at: new Date(ms).toISOString() } });

  it("does not run again what did not change, until it is too old", () => {
    const plan = planRun(
      [a, b, c, d],
      remembering(
        [a, 8, "pass", at(now - HOUR)],
        [b, 8, "fail", at(now - HOUR)],
        [c, 8, "pass", at(now - 48 * HOUR)],
        [d, 8, "pass", { ...at(now - HOUR), key: "other" }],
      ),
      run,
      limits,
    );
    assert.deepEqual(
      plan.cells.map((p) => p.what),
      ["reuse", "reuse", "run", "run"],
    );
    assert.equal(plan.cells[0]!.reused?.run.id, "8");
  });

  it("runs a failure again whose cause is not known yet, where there is a way back", () => {
    const history = remembering([a, 8, "fail", at(now - HOUR)]);
    history.cells[a.id]!.lastGood = aResult(a, 3, "pass");
    assert.equal(planRun([a], history, run, limits).cells[0]!.what, "run");
    history.cells[a.id]!.results[0]!.culprit = { kind: "outside", axes: [], probes: [] };
    assert.equal(planRun([a], history, run, limits).cells[0]!.what, "reuse");
  });

  it("does not believe a result that was flaky, unknown, or of a clock that runs ahead", () => {
    const plan = planRun(
      [a, b, c],
      remembering([a, 8, "flaky", at(now - HOUR)], [b, 8, "unknown", at(now - HOUR)], [c, 8, "pass", at(now + HOUR)]),
      run,
      limits,
    );
    assert.deepEqual(
      plan.cells.map((p) => p.what),
      ["run", "run", "run"],
    );
  });

  it("spends its budget on what is most likely to fail: what failed, what is new, what changed, what did not run for longest", () => {
    const [long, older] = [aCell({ folder: "long" }), aCell({ folder: "older" })];
    const history = remembering(
      [a, 8, "fail", { key: "changed" }],
      [c, 8, "pass", { key: "changed", values: { ...aResult(c, 8, "pass").values, kernel: "6.0" } }],
      [long, 7, "pass", { run: { ...aResult(long, 7, "pass").run } }],
      [older, 3, "pass"],
    );
    const order = [long, older, c, b, a];
    const left = (budget: number): string[] =>
      planRun(order, history, run, { ...limits, reuse: 0, budget })
        .cells.filter((p) => p.what === "run")
        .map((p) => p.cell.module.folder)
        .sort();
    assert.deepEqual(left(60), ["a"]);
    assert.deepEqual(left(120), ["a", "b"]);
    assert.deepEqual(left(180), ["a", "b", "c"]);
    assert.deepEqual(left(240), ["a", "b", "c", "older"]);
    assert.deepEqual(left(300), ["a", "b", "c", "long", "older"]);
    assert.deepEqual(left(1), ["a"], "one cell is always run");
    assert.match(
      planRun(order, history, run, { ...limits, reuse: 0, budget: 180 }).cells.find((p) => p.cell === long)!.why,
      /budget/,
    );
    assert.match(planRun([c], history, run, limits).cells[0]!.why, /kernel 6\.0 → 6\.1/);
  });

  it("expects of a cell what it took, else what its module took", () => {
    const history = remembering(
      [a, 1, "pass", { seconds: 100 }],
      [a, 2, "unknown", { seconds: 1 }],
      [aCell({ folder: "b", kernel: "6.12" }), 1, "pass", { seconds: 30 }],
    );
    assert.deepEqual([estimateOf(a, history), estimateOf(b, history), estimateOf(a, emptyHistory())], [100, 30, 240]);
  });

  it("makes of any number of cells at most 256 jobs, each cell in one of them", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 600 }), (seconds) => {
        const many = seconds.map((_, i) => aCell({ folder: `m${i}` }));
        const plan = planRun(
          many,
          remembering(
            ...many.map(
              (m, i) => [m, 1, "pass", { seconds: seconds[i]!, key: "old" }] as [Cell, number, "pass", object],
            ),
          ),
          run,
          limits,
        );
        const { include } = strategyMatrix(plan);
        assert.ok(include.length <= MOST_SHARDS);
        assert.equal(
          include.reduce((n, i) => n + i.cells, 0),
          many.length,
        );
        assert.deepEqual(
          include.map((i) => i.shard),
          include.map((_, i) => i),
          "no job is without cells",
        );
      }),
      { numRuns: 50 },
    );
  });
});
