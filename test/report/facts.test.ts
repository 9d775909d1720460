import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sidesOf } from "../../src/report/facts.ts";

const finding = (message: string, c: string | undefined, rust: string | undefined) =>
  sidesOf({ check: "imports", severity: "note", message, c, rust });

describe("the sides of a finding", () => {
  it("are left out where the message names all they hold", () => {
    assert.deepEqual(finding("Only the C module imports `a`, `b_c`: why", "a\nb_c", ""), {
      c: undefined,
      rust: undefined,
    });
  });

  it("stay where the message names only a part, or another name that contains theirs", () => {
    assert.deepEqual(finding("Only the C module imports `a`", "a\nb", "a"), { c: "a\nb", rust: "a" });
    assert.deepEqual(finding("Only the C module imports `ab`", "a", "b"), { c: "a", rust: "b" });
  });

  it("are one, where the other is empty and there are lines to show", () => {
    assert.deepEqual(finding("the logs differ", "one\ntwo", ""), { c: "one\ntwo", rust: undefined });
    assert.deepEqual(finding("the licence differs", "GPL", ""), { c: "GPL", rust: "" });
  });
});
