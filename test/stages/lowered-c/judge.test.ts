import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Finding } from "../../../src/report/schema.ts";
import { nameStages } from "../../../src/stages/lowered-c/judge.ts";

const error = (check: string, message: string, rust = ""): Finding => ({ check, severity: "error", message, rust });
const stages = (named: readonly Finding[]): (string | undefined)[] => named.map((f) => f.stage);

describe("which stage made it", () => {
  test("lower, where the lowered C shows the same difference", () => {
    const f = error("modinfo", "modinfo `license` differs", "BSD");
    assert.deepEqual(stages(nameStages([f], [f], [])), ["lower"]);
  });

  test("the same means the same but for what differs from boot to boot", () => {
    const at = (address: string): Finding =>
      error(
        "boot-splat",
        "only the Rust module makes the kernel report: BUG",
        `RIP: 0010:f+0x1/0x2 [m]\nCR2: ${address}`,
      );
    assert.deepEqual(
      stages(nameStages([at("ffffffffc0001000")], [at("ffffffffc0402000")], [error("boot-splat", "another")])),
      ["lower"],
    );
  });

  test("transpile, where the lowered C shows none by that check", () => {
    assert.deepEqual(stages(nameStages([error("boot-dmesg", "differs")], [], [error("boot-dmesg", "differs")])), [
      "transpile",
    ]);
  });

  test("both, where it shows another one", () => {
    assert.deepEqual(
      stages(
        nameStages(
          [error("boot-dmesg", "differs: 2 lines")],
          [error("boot-dmesg", "differs: 1 line")],
          [error("boot-dmesg", "differs: 1 line")],
        ),
      ),
      ["both"],
    );
  });

  test("lower, where it shows it in other words and Rust and lowered C agree", () => {
    assert.deepEqual(
      stages(nameStages([error("boot-status", "oops: f")], [error("boot-status", "oops: f.cold")], [])),
      ["lower"],
    );
  });

  test("each of several differences by one check has its own", () => {
    const [a, b] = [error("symbols", "`a` is gone"), error("symbols", "`b` is gone")];
    assert.deepEqual(stages(nameStages([a, b], [a], [b])), ["lower", "transpile"]);
  });

  test("Rust that does not build is transpile's only where the lowered C is like the C", () => {
    const build = error("build", "the port does not build");
    assert.deepEqual(stages(nameStages([build], [], [])), ["transpile"]);
    const named = nameStages([build], [error("modinfo", "license differs")], []);
    assert.deepEqual(stages(named), ["both", "lower"]);
    assert.deepEqual([named[1]?.check, named[1]?.severity], ["lowered", "warning"]);
  });

  test("warnings and notes are not asked about, and of the lowered C's only errors count", () => {
    const warning: Finding = { check: "size", severity: "warning", message: "larger" };
    assert.deepEqual(nameStages([warning], [{ ...warning, check: "imports" }], []), [warning]);
  });

  test("what only the lowered C does otherwise is told as a warning, with the lines", () => {
    assert.deepEqual(nameStages([], [error("boot-dmesg", "the kernel log differs", "sum 43")], []), [
      {
        check: "lowered",
        severity: "warning",
        stage: "lower",
        message:
          "the lowered C differs from the C, by the check `boot-dmesg` (which calls it the Rust module)\nthe kernel log differs\nsum 43",
      },
    ]);
  });
});
