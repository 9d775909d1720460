/** A forged report does not hold up the half that writes: whatever its texts are, rendering takes time in proportion to them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { annotationsOf } from "../../src/report/annotations.ts";
import { fitted, parseBounded } from "../../src/report/bounds.ts";
import { fence, inlineCode, inlineText, oneLine, plainText, visible } from "../../src/report/escape.ts";
import { alignLogs } from "../../src/report/log-alignment.ts";
import { highlighted } from "../../src/report/html/highlight.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { matrixReport } from "../../src/report/matrix/schema.ts";
import { markdownOf, messageParts, phraseOf, textOf } from "../../src/report/phrase.ts";
import { parseReport } from "../../src/report/read.ts";
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

describe("a JSON text", () => {
  const many = 8_000_000;
  for (const [what, text] of Object.entries({
    "that opens lists alone": "[".repeat(many) + "]".repeat(many),
    "that opens objects alone": `${'{"":'.repeat(many / 4)}0${"}".repeat(many / 4)}`,
    "of empty objects": `[${"{},".repeat(many)}{}]`,
    "of empty lists in a report's": `{"schemaVersion":1,"stages":[${"[],".repeat(many)}[]]}`,
    "of zeros behind a text that ends in a backslash": `["\\\\",${"0,".repeat(many)}0]`,
  }))
    test(`${what} is refused before it is made into values`, () => {
      const before = process.memoryUsage().heapUsed;
      within(what, () => assert.throws(() => parseBounded(text), /^SyntaxError: more than /));
      assert.throws(() => parseReport(text, "report.json"), /not JSON: more than/);
      assert.ok(process.memoryUsage().heapUsed - before < 64 * 1024 * 1024);
    });

  test("that holds brackets and commas in its texts, and one like a report's, is read: the control", () => {
    const text = `{"a":"${"[{,".repeat(many / 4)}\\"[[","b":[[{}],-0,1e999]}`;
    assert.deepEqual(parseBounded(text), JSON.parse(text));
    const report = JSON.stringify(sampleReport());
    assert.deepEqual(parseBounded(report), JSON.parse(report));
  });

  test("with numbers that are none is no report", () => {
    for (const number of ["1e999", "-1e999", "null", '"1"'])
      assert.throws(
        () =>
          parseReport(JSON.stringify(sampleReport()).replace(/"seconds":[\d.]+/, `"seconds":${number}`), "report.json"),
        /not a report of kport's: stages\[0\]\.seconds/,
      );
  });
});

describe("the texts of a report", () => {
  /** A number, a flag and one of a few words are nobody's text. */
  function textsIn(schema: Json, at: string, found: Set<string>): void {
    if (
      schema.type === "string" &&
      schema.enum === undefined &&
      schema.const === undefined &&
      schema.format === undefined
    )
      found.add(at);
    for (const part of [...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) textsIn(part, at, found);
    for (const [key, part] of Object.entries(schema.properties ?? {})) textsIn(part, `${at}.${key}`, found);
    if (typeof schema.items === "object") textsIn(schema.items, `${at}[]`, found);
    if (typeof schema.additionalProperties === "object") textsIn(schema.additionalProperties, `${at}{}`, found);
  }
  /** Where a text or a list of a schema has no bound of its own. */
  function endless(schema: Json, at: string, found: Set<string>): void {
    if (schema.type === "array" && schema.maxItems === undefined) found.add(at);
    if (schema.type === "string" && schema.maxLength === undefined) found.add(at);
    if (schema.enum !== undefined || schema.const !== undefined || schema.format !== undefined) found.delete(at);
    for (const part of [...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) endless(part, at, found);
    for (const [key, part] of Object.entries(schema.properties ?? {})) endless(part, `${at}.${key}`, found);
    if (typeof schema.items === "object") endless(schema.items, `${at}[]`, found);
    if (typeof schema.additionalProperties === "object") endless(schema.additionalProperties, `${at}{}`, found);
  }
  interface Json {
    type?: string;
    maxItems?: number;
    maxLength?: number;
    enum?: unknown;
    const?: unknown;
    format?: string;
    anyOf?: Json[];
    allOf?: Json[];
    properties?: Record<string, Json>;
    items?: Json;
    additionalProperties?: Json | boolean;
  }

  test("are all a stranger's in the report that the tests of the renderings use", () => {
    const marked = "\u0001marked";
    const found = new Set<string>();
    textsIn(z.toJSONSchema(schema, { io: "input" }) as Json, "", found);
    const filled = new Set<string>();
    const walk = (value: unknown, at: string): void => {
      if (typeof value === "string" && value.includes(marked)) filled.add(at);
      else if (Array.isArray(value)) for (const item of value) walk(item, `${at}[]`);
      else if (typeof value === "object" && value !== null)
        for (const [key, item] of Object.entries(value)) {
          walk(item, `${at}.${key}`);
          walk(item, `${at}{}`);
        }
    };
    walk(hostileReport(marked), "");
    assert.ok(found.size > 60, `${found.size} texts`);
    assert.deepEqual([...found].filter((at) => !filled.has(at)).sort(), []);
  });

  test("have an end in all that is read, and so have its lists", () => {
    for (const whole of [schema, matrixReport]) {
      const found = new Set<string>();
      endless(z.toJSONSchema(whole, { io: "input" }) as Json, "", found);
      assert.deepEqual([...found], []);
    }
    const found = new Set<string>();
    endless(z.toJSONSchema(z.object({ a: z.array(z.string()), b: z.enum(["x"]) })) as Json, "", found);
    assert.deepEqual([...found], [".a", ".a[]"], "the control");
  });
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
