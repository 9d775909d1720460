import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Answer, findCulprit } from "../../src/regression/culprit.ts";
import { knownVersions, versionsBetween } from "../../src/regression/versions.ts";
import { emptyHistory } from "../../src/history/schema.ts";
import { AXES, type Axis, type Values } from "../../src/report/matrix/schema.ts";
import { describeCulprit } from "../../src/report/matrix/words.ts";
import { aCell } from "../matrix/cell.ts";

const GOOD: Values = { kernel: "00", c2rust: "00", rustc: "00", source: "00" };

/** Versions are two digits; the first bad one of an axis is `breaks`. */
function searching(bad: Values, shows: (v: Values) => Answer) {
  const asked: Values[] = [];
  const between = async (axis: Axis, good: string, to: string): Promise<string[]> =>
    axis === "source"
      ? []
      : Array.from({ length: Math.max(0, Number(to) - Number(good) - 1) }, (_, i) =>
          String(Number(good) + i + 1).padStart(2, "0"),
        );
  const probe = async (v: Values): Promise<Answer> => {
    asked.push(v);
    return shows(v);
  };
  return { search: { good: GOOD, bad, between, probe }, asked };
}

const version = fc.integer({ min: 0, max: 40 }).map((n) => String(n).padStart(2, "0"));

describe("the search for a culprit", () => {
  it("names the one axis that broke it and the first bad version, in few probes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ kernel: version, c2rust: version, rustc: version, source: version }),
        fc.constantFrom(...AXES),
        fc.integer({ min: 1, max: 40 }),
        async (bad, axis, at) => {
          fc.pre(Number(bad[axis]) >= at);
          const { search, asked } = searching(bad, (v) => (Number(v[axis]) >= at ? "shows" : "gone"));
          const found = await findCulprit(search);
          assert.equal(found.kind, "axis");
          assert.equal(found.axes[0]!.axis, axis);
          assert.deepEqual(
            [found.axes[0]!.firstBad, found.axes[0]!.lastGood],
            axis === "source" ? [bad.source, "00"] : [String(at).padStart(2, "0"), String(at - 1).padStart(2, "0")],
          );
          assert.ok(asked.length <= 1 + AXES.length + Math.ceil(Math.log2(41)), `${asked.length} probes`);
          assert.equal(new Set(asked.map((v) => JSON.stringify(v))).size, asked.length, "nothing is asked twice");
        },
      ),
    );
  });

  it("never names a version it has no proof for, whatever gives no result", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.func(fc.boolean()),
        async (to, at, lost) => {
          fc.pre(to >= at);
          const bad = { ...GOOD, kernel: String(to).padStart(2, "0") };
          const { search } = searching(bad, (v) =>
            v.kernel !== "00" && v.kernel !== bad.kernel && lost(v.kernel)
              ? "unknown"
              : Number(v.kernel) >= at
                ? "shows"
                : "gone",
          );
          const {
            axes: [found],
          } = await findCulprit(search);
          assert.ok(Number(found!.lastGood) < at && Number(found!.firstBad) >= at);
          assert.equal(
            Number(found!.firstBad) - Number(found!.lastGood),
            found!.untold.length + 1,
            "what is not told is named",
          );
        },
      ),
    );
  });

  it("tells two that break it together from two that each do", async () => {
    const bad = { ...GOOD, kernel: "01", rustc: "01" };
    const both = searching(bad, (v) => (v.kernel === "01" && v.rustc === "01" ? "shows" : "gone"));
    const together = await findCulprit(both.search);
    assert.deepEqual([together.kind, together.axes.map((a) => a.axis)], ["together", ["kernel", "rustc"]]);
    const either = searching(bad, (v) => (v.kernel === "01" || v.rustc === "01" ? "shows" : "gone"));
    const each = await findCulprit(either.search);
    assert.deepEqual([each.kind, each.axes.map((a) => a.axis)], ["each", ["kernel", "rustc"]]);
    assert.match(describeCulprit(each), /each by itself/);
  });

  it("does not blame a version for what the last good ones show too", async () => {
    const { search, asked } = searching({ ...GOOD, kernel: "05" }, () => "shows");
    const found = await findCulprit(search);
    assert.deepEqual([found.kind, asked.length], ["outside", 1]);
    assert.match(describeCulprit(found), /machine/);
  });

  it("says that it does not know where there are no results", async () => {
    const { search } = searching({ ...GOOD, kernel: "05" }, () => "unknown");
    assert.equal((await findCulprit(search)).kind, "unclear");
  });
});

describe("versions between two", () => {
  it("come in the order from the good one to the bad one", () => {
    const kernels = [
      "6.12.95+deb13-amd64",
      "6.1.0-56-amd64",
      "7.2.13+deb14-amd64",
      "6.12.117+deb13-amd64",
      "/usr/src/mine",
    ];
    assert.deepEqual(versionsBetween("kernel", "6.1.0-56-amd64", "7.2.13+deb14-amd64", kernels), [
      "6.12.95+deb13-amd64",
      "6.12.117+deb13-amd64",
    ]);
    assert.deepEqual(versionsBetween("kernel", "7.2.13+deb14-amd64", "6.1.0-56-amd64", kernels), [
      "6.12.117+deb13-amd64",
      "6.12.95+deb13-amd64",
    ]);
    assert.deepEqual(versionsBetween("c2rust", "0.9.0", "0.22.1", ["0.10.0", "0.21.0", "0.22.1"]), [
      "0.10.0",
      "0.21.0",
    ]);
    assert.deepEqual(versionsBetween("rustc", "tools/rustc", "1.97.1", ["1.96.0"]), []);
    assert.deepEqual(
      [...knownVersions([aCell({ kernel: "6.1" }), aCell({ kernel: "7.2" })], emptyHistory()).kernel],
      ["6.1", "7.2"],
    );
  });
});
