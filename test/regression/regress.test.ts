import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addedBy } from "../../src/history/added.ts";
import { emptyHistory, type History, joinHistories } from "../../src/history/schema.ts";
import type { Merged } from "../../src/matrix/merge.ts";
import type { Plan } from "../../src/matrix/plan.ts";
import { answerOf } from "../../src/regression/probe.ts";
import { nextRun, regress } from "../../src/regression/regress.ts";
import type { Cell, MatrixReport, Result, Values } from "../../src/report/matrix/schema.ts";
import { aCell, aResult } from "../matrix/cell.ts";

/** A repository whose cells come out as a test says, run after run. */
class Story {
  history: History = emptyHistory();
  sequence = 0;
  /** What running a cell comes to; asked again for a second run and for probes. */
  shows: (cell: Cell, values: Values, again: boolean) => Result["outcome"];
  asked: Values[] = [];
  constructor(shows: Story["shows"]) {
    this.shows = shows;
  }

  async run(cells: Cell[], plan: Partial<Record<string, "leave" | "missing">> = {}): Promise<MatrixReport> {
    const run = {
      id: `r${++this.sequence}`,
      sequence: this.sequence,
      at: "2026-01-01T00:00:00Z",
      commit: `c${this.sequence}`,
    };
    const result = (cell: Cell, values: Values, again: boolean): Result => ({
      ...aResult(cell, run.sequence, this.shows(cell, values, again)),
      run,
      values,
    });
    const merged: Merged = { cells: new Map(), broken: [], reports: 0 };
    const planned: Plan["cells"] = cells.map((cell) => ({
      cell,
      what: plan[cell.id] === "leave" ? "leave" : "run",
      shard: 0,
      estimate: 1,
      why: "",
    }));
    for (const cell of cells)
      if (plan[cell.id] === undefined)
        merged.cells.set(cell.id, { cell, result: result(cell, aResult(cell, 1, "pass").values, false) });
    this.asked = [];
    const report = await regress({
      merged,
      plan: { schemaVersion: 1, run, cells: planned },
      history: this.history,
      again: async (cell, values) => {
        this.asked.push(values);
        return result(cell, values, true);
      },
      between: async () => [],
      searches: 2,
    });
    this.history = joinHistories(this.history, addedBy(report));
    return report;
  }
}

const states = (report: MatrixReport): string[] => report.cells.map((c) => c.state);

describe("judging", () => {
  const cell = aCell();

  it("goes from pass to new failure, still failing, fixed and pass", async () => {
    let broken = false;
    const story = new Story(() => (broken ? "fail" : "pass"));
    const seen: string[] = [];
    for (broken of [false, true, true, false, false]) seen.push(...states(await story.run([cell])));
    assert.deepEqual(seen, ["pass", "new-failure", "still-failing", "fixed", "pass"]);
  });

  it("runs a new failure again before it believes it, and an old one not", async () => {
    const story = new Story((_, __, again) =>
      story.sequence === 2 && !again ? "fail" : story.sequence > 2 ? "fail" : "pass",
    );
    await story.run([cell]);
    const flaky = await story.run([cell]);
    assert.deepEqual([states(flaky), flaky.verdict, story.asked.length], [["flaky"], "pass", 1]);
    assert.deepEqual(states(await story.run([cell])), ["new-failure"]);
    await story.run([cell]);
    assert.deepEqual(story.asked, [], "it is known already");
  });

  it("never takes trouble of the machine for a regression, nor for its end", async () => {
    const outcomes: Result["outcome"][] = ["pass", "unknown", "pass", "fail", "unknown", "fail", "unknown", "pass"];
    const story = new Story(() => outcomes[story.sequence - 1]!);
    const seen: string[] = [];
    for (const _ of outcomes) seen.push(...states(await story.run([cell])));
    assert.deepEqual(seen, ["pass", "unknown", "pass", "new-failure", "unknown", "still-failing", "unknown", "fixed"]);
  });

  it("takes a failure whose second run had no machine for unknown", async () => {
    const story = new Story((_, __, again) => (story.sequence === 1 ? "pass" : again ? "unknown" : "fail"));
    await story.run([cell]);
    assert.deepEqual(states(await story.run([cell])), ["unknown"]);
  });

  it("says of a cell that has no report that it has none, and of one left out what it was", async () => {
    const story = new Story(() => "fail");
    await story.run([cell]);
    const missing = await story.run([cell], { [cell.id]: "missing" });
    assert.deepEqual([states(missing), missing.verdict], [["unknown"], "error"]);
    assert.match(missing.cells[0]!.note!, /no report/);
    const left = await story.run([cell], { [cell.id]: "leave" });
    assert.deepEqual(
      [states(left), left.verdict],
      [["left-out"], "fail"],
      "what fails fails still, also when nobody looks",
    );
    assert.deepEqual(states(await story.run([cell])), ["still-failing"]);
  });

  it("does not fail for what may fail", async () => {
    const story = new Story(() => "fail");
    const report = await story.run([aCell({}, { allowFailure: true })]);
    assert.deepEqual([states(report), report.verdict], [["new-failure"], "pass"]);
  });

  it("of a run that ends late counts those before it only", async () => {
    const story = new Story(() => (story.sequence === 1 ? "pass" : "fail"));
    await story.run([cell]);
    story.sequence = 8;
    await story.run([cell]);
    story.sequence = 4;
    assert.deepEqual(states(await story.run([cell])), ["new-failure"], "run 9 failed, but run 5 came after run 1");
    assert.deepEqual(
      story.history.cells[cell.id]!.results.map((r) => r.run.sequence),
      [1, 5, 9],
    );
  });

  it("gives runs at a shell numbers that grow, whatever the clock says", async () => {
    const story = new Story(() => "pass");
    await story.run([cell]);
    await story.run([cell]);
    assert.equal(nextRun(story.history, new Date(0)).sequence, 3);
  });
});

describe("whose fault", () => {
  it("is the axis that changed since the cell's own last pass", async () => {
    const story = new Story((_, v) => (v.kernel === "6.13" ? "fail" : "pass"));
    const at = (kernel: string, rustc: string): Cell => ({
      ...aCell(),
      kernel: { asked: "newest", resolved: kernel },
      rustc: { asked: "newest", resolved: rustc },
    });
    await story.run([at("6.12", "1.96.0")]);
    const report = await story.run([at("6.13", "1.97.0")]);
    assert.deepEqual(report.cells[0]!.culprit?.axes, [
      { axis: "kernel", lastGood: "6.12", firstBad: "6.13", untold: [] },
    ]);
    assert.match(
      report.cells[0]!.reproduce,
      /^kport check ring --kernel 6\.13 --c2rust 0\.22\.1 --rustc 1\.97\.0 --no-boot$/,
    );
  });

  it("is remembered as long as the failure is the same, and looked for when an earlier run had no time", async () => {
    const story = new Story((_, v) => (v.kernel === "6.13" ? "fail" : "pass"));
    const at = (kernel: string): Cell => ({ ...aCell(), kernel: { asked: "newest", resolved: kernel } });
    await story.run([at("6.12")]);
    await story.run([at("6.13")]);
    const later = await story.run([at("6.13")]);
    assert.deepEqual(
      [later.cells[0]!.state, later.cells[0]!.culprit?.axes[0]?.firstBad, story.asked.length],
      ["still-failing", "6.13", 0],
    );
    for (const r of story.history.cells[aCell().id]!.results) delete r.culprit;
    const again = await story.run([at("6.13")]);
    assert.deepEqual(
      [again.cells[0]!.state, again.cells[0]!.culprit?.axes[0]?.firstBad, story.asked.length > 0],
      ["still-failing", "6.13", true],
    );
  });

  it("of a cell that never passed is told by the nearest one of its module that does", async () => {
    const story = new Story((c) => (c.module.folder === "ring" && c.rustc.asked === "1.98" ? "fail" : "pass"));
    const all = ["ring", "other"].flatMap((folder) =>
      ["6.1", "6.12"].flatMap((kernel) => ["1.96", "1.98"].map((rustc) => aCell({ folder, kernel, rustc }))),
    );
    story.shows = (c, v) => (c.module.folder === "ring" && v.rustc === "1.98" ? "fail" : "pass");
    const report = await story.run(all);
    const failing = report.cells.filter((c) => c.state === "new-failure");
    assert.equal(failing.length, 2);
    for (const c of failing)
      assert.deepEqual(
        c.culprit?.axes.map((a) => a.axis),
        ["rustc"],
        "one search is for all cells of the failure",
      );
    assert.equal(story.asked.filter((v) => v.rustc === "1.96").length, 1);
  });

  it("is not put on a cell that has the last good version", async () => {
    const story = new Story((c, v) =>
      v.kernel === "7.2" || (c.module.folder === "b" && v.rustc === "1.98") ? "fail" : "pass",
    );
    await story.run([
      aCell({ folder: "a", kernel: "6.12" }),
      aCell({ folder: "a", kernel: "7.2", source: "old" }),
      aCell({ folder: "b", kernel: "6.12" }),
    ]);
    const report = await story.run([
      aCell({ folder: "a", kernel: "6.12" }),
      aCell({ folder: "a", kernel: "7.2" }),
      aCell({ folder: "b", kernel: "6.12" }),
      aCell({ folder: "b", kernel: "6.12", rustc: "1.98" }),
    ]);
    const of = (folder: string, rustc: string) =>
      report.cells.find(
        (c) => c.cell.module.folder === folder && c.cell.rustc.asked === rustc && c.result?.outcome === "fail",
      );
    assert.equal(of("a", "1.96.0")?.culprit?.axes[0]?.axis, "kernel");
    assert.notEqual(of("b", "1.98")?.culprit?.axes[0]?.axis, "kernel");
  });

  it("is looked for in so many failures a run, and the rest is named", async () => {
    const story = new Story((_, v) => (v.kernel === "6.12" ? "fail" : "pass"));
    const all = ["a", "b", "c"].flatMap((folder) => ["6.1", "6.12"].map((kernel) => aCell({ folder, kernel })));
    const report = await regressWithPrints(story, all);
    assert.deepEqual(
      report.cells.filter((c) => c.state === "new-failure").map((c) => c.culprit !== undefined),
      [true, true, false],
    );
    assert.match(report.notes.join(), /was not looked for/);
  });

  it("is not told from a failure that comes before it could show", () => {
    const failure = { fingerprint: "f", stage: "build" };
    const result = (outcome: Result["outcome"], more: Partial<Result> = {}): Result => ({
      ...aResult(aCell(), 1, outcome),
      ...more,
    });
    assert.equal(answerOf(result("fail", { fingerprint: "f", stage: "build" }), failure), "shows");
    assert.equal(answerOf(result("fail", { fingerprint: "g", stage: "boot" }), failure), "gone");
    assert.equal(answerOf(result("fail", { fingerprint: "g", stage: "lower" }), failure), "unknown");
    assert.equal(answerOf(result("unknown"), failure), "unknown");
    assert.equal(answerOf(result("pass"), failure), "gone");
  });
});

/** Each module fails in its own way. */
async function regressWithPrints(story: Story, cells: Cell[]): Promise<MatrixReport> {
  const run = { id: "r1", sequence: 1, at: "2026-01-01T00:00:00Z" };
  const result = (cell: Cell, values: Values): Result => ({
    ...aResult(cell, 1, story.shows(cell, values, true)),
    values,
    fingerprint: cell.module.folder,
  });
  const merged: Merged = {
    cells: new Map(cells.map((cell) => [cell.id, { cell, result: result(cell, aResult(cell, 1, "pass").values) }])),
    broken: [],
    reports: 0,
  };
  return regress({
    merged,
    plan: {
      schemaVersion: 1,
      run,
      cells: cells.map((cell) => ({ cell, what: "run", shard: 0, estimate: 1, why: "" })),
    },
    history: emptyHistory(),
    again: async (cell, values) => result(cell, values),
    between: async () => [],
    searches: 2,
  });
}
