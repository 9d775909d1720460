/** One time for all programs of a piece of work, however many a stranger's sources start. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pLimit from "p-limit";
import { requireTime, within } from "../../src/machine/deadline.ts";
import { StageError } from "../../src/machine/errors.ts";
import { run, start } from "../../src/machine/process.ts";

const SANDBOX = { writable: [] };
const over = (e: unknown): boolean =>
  e instanceof StageError && e.check === "time" && /bound: time 0\.\d+ s/.test(e.message);

describe("a time that programs share", () => {
  it("ends the one that runs, whatever its own time, and starts no other, also where a failure is allowed", async () => {
    const started = performance.now();
    let ran = 0;
    const program = async (): Promise<void> => {
      await run("sleep", ["0.3"], { sandbox: SANDBOX, timeout: 60_000, allowFailure: true });
      ran++;
    };
    await assert.rejects(
      within(800, async () => {
        for (let i = 0; i < 100; i++) await program();
      }),
      over,
    );
    assert.ok(ran < 3 && performance.now() - started < 10_000, `${ran} programs`);
  });

  it("holds in work that waits for its turn, and for that work alone", async () => {
    const limit = pLimit(1);
    const other = limit(() => run("sleep", ["0.6"], { sandbox: SANDBOX }));
    const late = within(200, () => limit(() => run("true", [], { sandbox: SANDBOX, allowFailure: true })));
    await assert.rejects(late, over);
    assert.equal((await other).exitCode, 0);
    assert.equal((await limit(() => run("true", [], { sandbox: SANDBOX }))).exitCode, 0);
  });

  it("is not for this machine's own programs", async () => {
    await within(1, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal((await run("true", [])).exitCode, 0);
      assert.throws(requireTime, over);
      await assert.rejects(start("true", [], { sockets: 0, sandbox: SANDBOX }), over);
    });
  });

  it("is none where none was given", () => requireTime());
});
