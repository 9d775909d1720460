import assert from "node:assert/strict";
import { test } from "node:test";
import { readWarnings } from "../../../src/stages/gate/warnings.ts";

const span = (file: string, from: number, to: number, more: object = {}): object => ({
  file_name: file,
  byte_start: from,
  byte_end: to,
  is_primary: true,
  ...more,
});
const said = (code: string | null, spans: object[], children: object[] = [], level = "warning"): string =>
  JSON.stringify({ level, code: code === null ? null : { code }, spans, children });

test("places are those outside of all macros, within the crate", () => {
  const inner = span("/tmp/port/src/macros.rs", 5, 9, { expansion: { span: span("src/a.rs", 20, 30) } });
  assert.deepEqual(
    readWarnings(said("E0133", [inner, { ...span("src/a.rs", 1, 2), is_primary: false }]), "/tmp/port"),
    [{ lint: "E0133", places: [{ file: "src/a.rs", from: 20, to: 30 }], fixes: [] }],
  );
  assert.deepEqual(readWarnings(said("E0133", [span("/tmp/port/src/a.rs", 1, 2)]), "/tmp/port")[0]?.places, [
    { file: "src/a.rs", from: 1, to: 2 },
  ]);
});

test("only what rustc is sure of is a fix", () => {
  const fix = (sure: string): object => ({
    spans: [span("src/a.rs", 1, 2, { suggested_replacement: "", suggestion_applicability: sure })],
  });
  const warnings = readWarnings(
    said("unused_imports", [span("src/a.rs", 1, 2)], [fix("MachineApplicable"), fix("MaybeIncorrect")]),
    "/tmp/port",
  );
  assert.deepEqual(warnings[0]?.fixes, [{ file: "src/a.rs", from: 1, to: 2, text: "" }]);
});

test("errors, what has no name and other programs' lines are no warnings", () => {
  assert.deepEqual(
    readWarnings(
      [said("E0133", [span("src/a.rs", 1, 2)], [], "error"), said(null, []), "make: a line"].join("\n"),
      "/tmp/port",
    ),
    [],
  );
});
