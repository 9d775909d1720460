import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { UserError } from "../../src/machine/errors.ts";
import { loadFolder, saveFolder } from "../../src/history/folder-store.ts";
import { readHistory, writeHistory } from "../../src/history/read.ts";
import { emptyHistory, type History, joinHistories, KEPT, lastSequence } from "../../src/history/schema.ts";
import { aCell, aResult } from "../matrix/cell.ts";

const outcome = fc.constantFrom("pass" as const, "fail" as const, "flaky" as const, "unknown" as const);
/** One run's history: a run has one result a cell, whatever its clock says. */
const runs = fc.uniqueArray(
  fc.record({
    sequence: fc.integer({ min: 1, max: 60 }),
    id: fc.constantFrom("x", "y"),
    skew: fc.integer({ min: -1e9, max: 1e9 }),
    outcomes: fc.dictionary(fc.constantFrom("a", "b", "c"), outcome),
  }),
  { selector: (r) => `${r.sequence} ${r.id}`, maxLength: 50 },
);

function historyOf(
  list: {
    sequence: number;
    id: string;
    skew: number;
    outcomes: Record<string, "pass" | "fail" | "flaky" | "unknown">;
  }[],
): History {
  return list
    .map((r) => {
      const history = emptyHistory();
      for (const [folder, o] of Object.entries(r.outcomes)) {
        const cell = aCell({ folder });
        const result = aResult(cell, r.sequence, o, {
          run: { id: r.id, sequence: r.sequence, at: new Date(1.7e12 + r.skew).toISOString() },
        });
        history.cells[cell.id] = { folder, results: [result], ...(o === "pass" ? { lastGood: result } : {}) };
      }
      return history;
    })
    .reduce(joinHistories, emptyHistory());
}

describe("histories", () => {
  it("join in any order, any number of times, to the same", () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), (all, cut, overlap) => {
        const [a, b] = [historyOf(all.slice(0, cut)), historyOf(all.slice(Math.max(0, cut - overlap)))];
        const whole = writeHistory(historyOf(all));
        assert.equal(writeHistory(joinHistories(a, b)), whole);
        assert.equal(writeHistory(joinHistories(b, a)), whole);
        assert.equal(writeHistory(joinHistories(joinHistories(a, b), b)), whole);
        assert.equal(writeHistory(historyOf([...all].reverse())), whole);
      }),
    );
  });

  it("keep the last results by the runs' order, whatever the clocks said, and the last pass for ever", () => {
    fc.assert(
      fc.property(runs, (all) => {
        const history = historyOf(all);
        for (const { results, lastGood } of Object.values(history.cells)) {
          assert.ok(results.length <= KEPT);
          assert.deepEqual(
            results.map((r) => r.run.sequence),
            results.map((r) => r.run.sequence).sort((x, y) => x - y),
          );
          const folder = Object.values(history.cells).find((c) => c.results === results)!.folder;
          const passes = all.filter((r) => r.outcomes[folder] === "pass").map((r) => r.sequence);
          assert.equal(lastGood?.run.sequence, passes.length === 0 ? undefined : Math.max(...passes));
        }
      }),
    );
  });

  it("come back from their text as they were", () => {
    fc.assert(
      fc.property(runs, (all) => {
        const history = historyOf(all);
        assert.deepEqual(readHistory(writeHistory(history), "h").history, history);
      }),
    );
  });

  it("keep the older of two issues", () => {
    assert.deepEqual(
      joinHistories({ ...emptyHistory(), issues: { f: 7, g: 2 } }, { ...emptyHistory(), issues: { f: 3 } }).issues,
      { f: 3, g: 2 },
    );
  });
});

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-history-"));
  t.after(() => rm(dir, { recursive: true }));
  return path.join(dir, "history");
}

function one(sequence: number, id = "x"): History {
  return historyOf([{ sequence, id, skew: 0, outcomes: { a: "pass" } }]);
}

describe("a history in a folder", () => {
  it("begins empty, and is what was saved", async (t) => {
    const dir = await folder(t);
    assert.deepEqual((await loadFolder(dir)).history, emptyHistory());
    await saveFolder(dir, one(1));
    assert.deepEqual((await loadFolder(dir)).history, one(1));
  });

  it("loses nothing of ten runs that end at once", async (t) => {
    const dir = await folder(t);
    await Promise.all(Array.from({ length: 10 }, (_, i) => saveFolder(dir, one(i + 1))));
    const { history } = await loadFolder(dir);
    assert.deepEqual(
      Object.values(history.cells)[0]!.results.map((r) => r.run.sequence),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    assert.deepEqual(
      (await readdir(dir)).filter((f) => f.startsWith(".")),
      [],
      "and leaves nothing behind",
    );
  });

  for (const [what, text] of [
    ["cut off", '{"schemaVersion":1,"cells":{"a"'],
    ["empty", ""],
    ["another file", '{"name":"x"}'],
    ["a list", "[1]"],
  ] as const) {
    it(`that is ${what} is kept aside and named; the generation before it counts`, async (t) => {
      const dir = await folder(t);
      await saveFolder(dir, one(1));
      await saveFolder(dir, one(2));
      const newest = path.join(dir, (await readdir(dir)).sort().at(-1)!);
      await writeFile(newest, text);
      const loaded = await loadFolder(dir);
      assert.deepEqual(loaded.history, one(1));
      assert.match(loaded.notes[0]!, /\.corrupt/);
      assert.equal(await readFile(`${newest}.corrupt`, "utf8"), text);
      await saveFolder(dir, one(3));
      assert.equal(lastSequence((await loadFolder(dir)).history), 3);
      assert.equal(await readFile(`${newest}.corrupt`, "utf8"), text, "and what was put aside stays");
    });
  }

  it("of a newer kport is left alone", async (t) => {
    const dir = await folder(t);
    await saveFolder(dir, one(1));
    const file = path.join(dir, (await readdir(dir))[0]!);
    await writeFile(file, '{"schemaVersion":2}');
    await assert.rejects(saveFolder(dir, one(2)), (e) => e instanceof UserError && /newer kport/.test(e.message));
    assert.equal(await readFile(file, "utf8"), '{"schemaVersion":2}');
  });

  it("is whole when a run is cancelled while it writes", async (t) => {
    const dir = await folder(t);
    await saveFolder(dir, one(1));
    // What a killed run leaves: the file beside, never linked.
    await writeFile(path.join(dir, ".new-0000"), '{"schemaVersion":1,"ce');
    assert.deepEqual((await loadFolder(dir)).history, one(1));
  });
});
