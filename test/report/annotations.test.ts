import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { annotationRequests, annotationsOf } from "../../src/report/annotations.ts";
import type { Finding } from "../../src/report/schema.ts";
import { failingReport, hostileReport, hugeReport, sampleReport } from "./sample.ts";
import { workflowCommands } from "./hostile.ts";

const finding = (over: Partial<Finding>): Finding => ({
  check: "layout",
  severity: "error",
  message: "m",
  file: "a.c",
  line: 1,
  ...over,
});

describe("annotationsOf", () => {
  it("places findings in the repository, with GitHub's levels", () => {
    const report = sampleReport({
      findings: [
        finding({ severity: "note", line: 9 }),
        finding({ severity: "warning", file: "../common/ring.c", line: 7 }),
        finding({ message: "`x` is wrong", c: "1", rust: "2" }),
      ],
    });
    assert.deepEqual(annotationsOf(report, "examples/ringdev/module"), [
      {
        path: "examples/ringdev/module/a.c",
        start_line: 1,
        end_line: 1,
        annotation_level: "failure",
        title: "ringdev: layout",
        message: "x is wrong\nC:    1\nRust: 2",
      },
      {
        path: "examples/ringdev/common/ring.c",
        start_line: 7,
        end_line: 7,
        annotation_level: "warning",
        title: "ringdev: layout",
        message: "m",
      },
      {
        path: "examples/ringdev/module/a.c",
        start_line: 9,
        end_line: 9,
        annotation_level: "notice",
        title: "ringdev: layout",
        message: "m",
      },
    ]);
  });

  it("leaves out what has no place in the repository", () => {
    const report = sampleReport({
      findings: [
        finding({ file: undefined }),
        finding({ file: "../../etc/passwd" }),
        finding({ file: "../../../x.c" }),
        finding({ file: "a\0.c" }),
        finding({ file: "../ok.c" }),
      ],
    });
    assert.deepEqual(
      annotationsOf(report, "module").map((annotation) => annotation.path),
      ["ok.c"],
    );
  });

  it("gives a finding without a line the file's first", () => {
    assert.equal(annotationsOf(sampleReport({ findings: [finding({ line: undefined })] }), ".")[0]?.start_line, 1);
  });

  it("keeps within GitHub's limits, in bytes", () => {
    const [annotation] = annotationsOf(
      sampleReport({
        module: { name: "漢".repeat(400), dir: "." },
        findings: [finding({ message: "漢".repeat(100_000), c: "漢".repeat(100_000) })],
      }),
      ".",
    );
    assert.ok(Buffer.byteLength(annotation!.message) <= 64 * 1024);
    assert.ok(annotation!.title.length <= 255);
    assert.ok(annotation!.message.isWellFormed());
  });

  it("has a message even where the finding has none, for GitHub refuses an empty one", () => {
    assert.equal(
      annotationsOf(sampleReport({ findings: [finding({ message: " \n" })] }), ".")[0]?.message,
      "(no message)",
    );
  });

  it("carries no terminal sequence and no workflow command", () => {
    for (const annotation of annotationsOf(hostileReport("\n::error::x\n##[error]y\u001b[31m\u202e"), ".")) {
      assert.deepEqual(workflowCommands(`${annotation.title}\n${annotation.message}`), []);
      assert.doesNotMatch(annotation.title + annotation.message, /[\u001b\u202e]/);
    }
  });
});

describe("annotationRequests", () => {
  it("never holds more than 50, loses none, and keeps the order", () => {
    const annotations = annotationsOf(hugeReport(), "m");
    const requests = annotationRequests(annotations);
    assert.deepEqual(
      requests.map((request) => request.length),
      [50, 50, 20],
    );
    assert.deepEqual(requests.flat(), annotations);
    assert.equal(annotations[0]?.annotation_level, "failure");
  });

  it("is one empty request where there is nothing to annotate: the check run is still made", () => {
    assert.deepEqual(annotationRequests([]), [[]]);
    assert.equal(annotationRequests(annotationsOf(failingReport(), ".")).length, 1);
  });
});
