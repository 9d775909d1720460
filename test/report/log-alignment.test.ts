import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alignLogs } from "../../src/report/log-alignment.ts";

describe("alignLogs", () => {
  it("puts what both say on one row, in each side's own words", () => {
    assert.deepEqual(
      alignLogs(
        ["a", "ring at 00000000a1b2c3d4", "[    1.2] CPU: 0 PID: 71 x"],
        ["a", "ring at 00000000ffffffff", "[    3.4] CPU: 1 PID: 9 x"],
      ),
      [
        { kind: "same", c: "a", rust: "a" },
        { kind: "same", c: "ring at 00000000a1b2c3d4", rust: "ring at 00000000ffffffff" },
        { kind: "same", c: "[    1.2] CPU: 0 PID: 71 x", rust: "[    3.4] CPU: 1 PID: 9 x" },
      ],
    );
  });

  it("pairs what differs, and leaves the other side empty where it ends", () => {
    assert.deepEqual(alignLogs(["a", "b", "z"], ["a", "c", "d", "z"]), [
      { kind: "same", c: "a", rust: "a" },
      { kind: "differs", c: "b", rust: "c" },
      { kind: "only-rust", c: undefined, rust: "d" },
      { kind: "same", c: "z", rust: "z" },
    ]);
    assert.deepEqual(alignLogs(["gone", "a"], ["a"]), [
      { kind: "only-c", c: "gone", rust: undefined },
      { kind: "same", c: "a", rust: "a" },
    ]);
  });

  it("keeps numbers that mean something apart", () => {
    assert.deepEqual(
      alignLogs(["12 writes"], ["13 writes"]).map((row) => row.kind),
      ["differs"],
    );
  });

  it("loses no line of logs that have nothing in common", () => {
    const log = (prefix: string) => Array.from({ length: 3000 }, (_, index) => `${prefix} ${index}`);
    const rows = alignLogs(log("c"), log("rust"));
    assert.deepEqual(
      rows.map((row) => row.c),
      log("c"),
    );
    assert.deepEqual(
      rows.map((row) => row.rust),
      log("rust"),
    );
  });
});
