/** A forged report does not hold up the half that writes: whatever its texts are, rendering takes time in proportion to them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { annotationsOf } from "../../src/report/annotations.ts";
import { fitted } from "../../src/report/bounds.ts";
import { fence, inlineCode, inlineText, oneLine, plainText, visible } from "../../src/report/escape.ts";
import { alignLogs } from "../../src/report/log-alignment.ts";
import { highlighted } from "../../src/report/html/highlight.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { markdownOf, messageParts, phraseOf, textOf } from "../../src/report/phrase.ts";
import { report as schema } from "../../src/report/schema.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { hostileReport, sampleReport } from "../report/sample.ts";

const LENGTH = 400_000;
/** Each is repeated to the length; what a pattern that goes back would be tried on again and again. */
const UNITS = [
  "`",
  " ",
  "\n",
  "\t",
  "\r",
  "\r\n",
  "\u2028",
  "x ",
  "` ",
  "\n ",
  "|",
  "a|",
  "~",
  "\\",
  "#",
  "@",
  ":",
  "::",
  "a-",
  "a:",
  "A",
  "-",
  "f",
  "0",
  "<",
  "&",
  "\u001b",
  "\u001b[",
  "\u001b[0;",
  "\u001b]",
  "\u001b];",
  ";?",
  "\u009d",
  "\u009b0",
  "\u0090a",
  "| ",
  "www.",
  "[",
  "(",
  "_",
  "*",
  ".",
  "\ud800",
  "é",
  "\u202e",
];
/** In front of and behind the run. */
const ENDS: readonly [string, string][] = [
  ["", ""],
  ["\u001b", "x:"],
];
/** Milliseconds for 400,000 characters on a busy machine; what is quadratic takes minutes. */
const ENOUGH = 3000;

const texts = UNITS.flatMap((unit) =>
  ENDS.map(([before, after]) => before + unit.repeat(Math.ceil(LENGTH / unit.length)) + after),
);

/** For some fifty such texts in all places of a report. */
const ENOUGH_FOR_ALL = 20_000;

function within(what: string, work: () => unknown, enough = ENOUGH): void {
  const started = performance.now();
  work();
  const took = performance.now() - started;
  assert.ok(took < enough, `${what}: ${Math.round(took)} ms`);
}

for (const [name, work] of Object.entries({
  visible,
  plainText,
  oneLine,
  inlineText,
  inlineCode,
  fence: (t: string) => fence("text", t),
  messageParts,
  phrase: (t: string) => [markdownOf(phraseOf(t, LENGTH)), textOf(phraseOf(t, LENGTH))],
  markdownOf: (t: string) => markdownOf([t, { code: t }], "cell"),
  long: (t: string) => inlineText(t, LENGTH),
})) {
  test(`${name} takes its time in proportion`, () => {
    for (const t of texts)
      within(`${name} of ${JSON.stringify(t.slice(0, 6))}… ${JSON.stringify(t.slice(-4))}`, () => work(t));
  });
}

test("colouring code takes its time in proportion, up to where it is left out", () => {
  for (const unit of [
    ...UNITS,
    "/*",
    "//\\\n",
    "#define a\\\n",
    "#include <",
    'R"x(',
    'r#"',
    "r#",
    "'a",
    "b'",
    "a::",
    "a<",
    "(",
    "a (",
    "int a(",
    "fn a<",
    "struct ",
    "{",
    "1'",
    "0x1p",
    "0b",
    "_Generic(",
    "std::",
    "a b ",
    "unsigned ",
    "[[",
    "! [",
  ]) {
    const line = unit.repeat(Math.ceil(9900 / unit.length));
    for (const text of [line, line.replaceAll(/.{450}/gs, "$&\n")])
      for (const language of ["c", "rust"] as const)
        within(`${language} ${JSON.stringify(unit)}`, () => highlighted(text, language));
  }
});

test("a long log beside another is lined up by numbers, not by its text", () => {
  const lines = (end: string): string[] => Array.from({ length: 2500 }, (_, i) => `${"x".repeat(20_000)}${i}${end}`);
  within("alignLogs", () => alignLogs(lines("c"), lines("rust")), ENOUGH_FOR_ALL);
});

describe("a whole report", () => {
  for (const unit of ["`", " ", "\n", "\u001b", ";?", "a|", "\u009d", "\ud800"]) {
    test(`of ${JSON.stringify(unit)} alone renders in all forms`, () => {
      const forged = fitted(schema, hostileReport(unit.repeat(Math.ceil(LENGTH / unit.length))));
      for (const kind of ["comment", "summary", "file"] as const)
        within(kind, () => renderMarkdown([forged], { kind, limitBytes: 65_000 }), ENOUGH_FOR_ALL);
      within("annotations", () => annotationsOf(forged, "drivers"), ENOUGH_FOR_ALL);
      within("html", () => renderHtml([forged]), ENOUGH_FOR_ALL);
      within("summary", () => renderSummary(forged, { color: false }), ENOUGH_FOR_ALL);
    });
  }
});

describe("bounds", () => {
  test("a text, a list and a table beyond them are refused by the reader, and cut by the writer", () => {
    const long = "x".repeat(5_000_000);
    const many = Array.from({ length: 100_001 }, (_, i) => `s${i}`);
    const report = sampleReport({
      module: { name: long, dir: "d" },
      findings: [{ check: "c", severity: "error", message: long }],
    });
    const object = {
      ...report.objects.c!,
      imports: many,
      modinfo: { ...Object.fromEntries(many.map((m) => [m, ""])) },
    };
    const forged = { ...report, objects: { c: object } };
    assert.equal(schema.safeParse(forged).success, false);
    const cut = fitted(schema, forged);
    assert.deepEqual(
      [
        cut.module.name.length,
        cut.findings[0]?.message.length,
        cut.objects.c?.imports.length,
        Object.keys(cut.objects.c?.modinfo ?? {}).length,
      ],
      [4096, 4 * 1024 * 1024, 100_000, 100_000],
    );
    assert.ok(cut.module.name.endsWith("…"));
    assert.deepEqual(schema.parse(cut), cut);
  });

  test("what fits is not changed, and what is wrong otherwise is still refused", () => {
    const report = sampleReport();
    assert.deepEqual(fitted(schema, report), schema.parse(report));
    assert.throws(() => fitted(schema, { ...report, verdict: "fine" as "pass" }));
  });

  test("a cut never leaves half a character", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4090, max: 4100 }), (n) =>
        fitted(
          schema,
          sampleReport({ module: { name: `${"x".repeat(n)}${"😀".repeat(50)}`, dir: "" } }),
        ).module.name.isWellFormed(),
      ),
    );
  });
});
