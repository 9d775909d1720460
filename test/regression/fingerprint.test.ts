import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureOf, normaliseMessage } from "../../src/regression/fingerprint.ts";
import type { Report } from "../../src/report/schema.ts";
import { failing, passing } from "../e2e/canned-reports.ts";

function build(message: string, name = "ring"): Report {
  const report = failing([{ check: "build", severity: "error", message }], name);
  return {
    ...report,
    boot: undefined,
    stages: report.stages.map((s) =>
      s.name === "build"
        ? { ...s, status: "failed" }
        : s.name === "boot" || s.name === "compare" || s.name === "inspect"
          ? { ...s, status: "skipped" }
          : s,
    ),
  } as Report;
}

const print = (report: Report): string => failureOf(report).fingerprint;

describe("a fingerprint", () => {
  const one =
    "the port does not build\n  | error[E0308]: mismatched types at /tmp/kport-check-Ab12Cd/module-ring/build/src/ring.rs:12:4\n  command: make -C /tmp/kport-check-Ab12Cd KDIR=/usr/src/linux-headers-6.1.0-56-amd64";
  it("is the same in another folder, at another line, on another kernel, in another module", () => {
    const other =
      "the port does not build\n  | error[E0308]: mismatched types at /home/runner/_temp/kport-check-Zz98Yy/module-tone_gen/build/src/tone_gen.rs:99:1\n  command: make -C /x KDIR=/usr/src/linux-headers-7.2";
    assert.equal(print(build(one)), print(build(other, "tone-gen")));
  });

  it("is another for another error, another stage and another crash", () => {
    assert.notEqual(print(build(one)), print(build(one.replace("mismatched types", "cannot find value"))));
    assert.notEqual(print(build(one)), print(build(one.replace("E0308", "E0425"))));
    const elsewhere = build(one);
    assert.notEqual(
      print(build(one)),
      print({
        ...elsewhere,
        stages: elsewhere.stages.map((s) => ({
          ...s,
          status: s.name === "lower" ? "failed" : s.name === "build" ? "skipped" : s.status,
        })),
      } as Report),
    );
  });

  it("of a crash is the crash's own, whatever the log says", () => {
    const crash = (fingerprint: string, message: string): Report => {
      const report = passing("ring", { verdict: "fail" });
      return {
        ...report,
        boot: {
          accelerator: "tcg",
          c: report.boot!.c!,
          rust: { ...report.boot!.rust!, status: "oops", fingerprint, message },
        },
      };
    };
    assert.equal(print(crash("abc", "at ffff8880")), print(crash("abc", "at ffff9990")));
    assert.notEqual(print(crash("abc", "")), print(crash("abd", "")));
    assert.equal(failureOf(crash("abc", "oops in ring_read")).stage, "boot");
  });

  it("keeps the words that tell errors apart", () => {
    assert.equal(
      normaliseMessage("implicit declaration of function 'del_timer_sync'", "ring"),
      "implicit declaration of function 'del_timer_sync'",
    );
    assert.equal(
      normaliseMessage("ring_main.rs:4: ring failed after 1.5 s", "ring"),
      "FILE:LINE: MODULE failed after AMOUNT",
    );
  });

  it("says what the tool said, and not that it failed, nor where on the machine", () =>
    assert.match(
      failureOf(build(one)).message,
      /^the port does not build: error\[E0308\]: mismatched types at module-ring\/build\/src\/ring\.rs:12:4$/,
    ));
});
