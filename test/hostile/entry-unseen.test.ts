/** What is made to be overlooked in a stranger's text ("Trojan source") can be seen wherever kport shows it, and is no command to the runner. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { annotationsOf } from "../../src/report/annotations.ts";
import { printable, stepLine, withoutCommands } from "../../src/machine/log.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { renderPortBody } from "../../src/report/port-body.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { rustComment } from "../../src/stages/print/comments.ts";
import { hostileReport } from "../report/sample.ts";
import { workflowCommands } from "../report/hostile.ts";

const UNSEEN = {
  "a bidirectional override": "\u202e",
  "an isolate": "\u2066",
  "an Arabic letter mark": "\u061c",
  "a zero-width joiner": "\u200d",
  "a word joiner": "\u2060",
  "a soft hyphen": "\u00ad",
  "a filler that may stand in a name": "\u3164",
  "a filler of old Hangul": "\u115f",
  "a filler of half width": "\uffa0",
  "a combining joiner": "\u034f",
  "a variation selector": "\ufe01",
  "a selector that carries a byte": "\u{e0141}",
  "a tag": "\u{e0041}",
  "a blank Braille pattern": "\u2800",
  "a private character": "\ue000",
  "a line separator": "\u2028",
  "a bell": "\u0007",
};

/** Every place that shows a text, with a text in it. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  "the comment": (t) => renderMarkdown([hostileReport(t)], { kind: "comment", limitBytes: 65_000 }),
  "the file": (t) => renderMarkdown([hostileReport(t)], { kind: "file", limitBytes: 1_000_000 }),
  "the page": (t) => renderHtml([hostileReport(t)]),
  // Their path is the name of a file to GitHub, and shown by it.
  "the annotations": (t) =>
    annotationsOf(hostileReport(t), "drivers")
      .map((a) => a.title + a.message)
      .join("\n"),
  "a port's pull request": (t) =>
    renderPortBody(
      {
        module: t,
        folder: t,
        base: t,
        first: false,
        added: 1,
        changed: 0,
        removed: 0,
        kept: [t],
        conflicts: [{ path: t, why: t, places: [{ line: 1, last: [t], now: [t], theirs: [t] }] }],
        startsNoChecks: true,
      },
      [hostileReport(t)],
      65_000,
    ),
  "the terminal's summary": (t) => renderSummary(hostileReport(t), { color: false }),
  "the log": printable,
  "a comment of the Rust": (t) =>
    [`/* ${t} */`, `// ${t}`, `/** ${t} */`].flatMap((c) => [rustComment(c, true), rustComment(c, false)]).join("\n"),
};

describe("shows what is in a text", () => {
  for (const [place, shown] of Object.entries(PLACES))
    it(`shows what is in a text: in ${place}`, () => {
      for (const [what, character] of Object.entries(UNSEEN)) {
        // What a place has of its own is in a text without it as well.
        assert.equal(count(shown(`if (is${character}root)`), character), count(shown("if (isroot)"), character), what);
      }
    });

  it("leaves what can be seen: the control", () => {
    for (const text of ["größe 变量 نص שלום ⚠️ ✅ 💥 é ñ", "a\tb"]) assert.equal(printable(text), text);
    assert.equal(rustComment("/* größe 变量 ⚠️ */", false).join(""), "/* größe 变量 ⚠️ */");
  });
});

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

it("no line of a stranger's is a command to the runner", () => {
  for (const text of [
    "::error::x",
    ":::error::x",
    " ::::add-path::/tmp",
    "x::y:::z",
    "##[error]x",
    "###[[##[command]x",
  ]) {
    const inert = withoutCommands(text);
    assert.doesNotMatch(inert, /::|##\[/, text);
    assert.deepEqual(workflowCommands(inert), [], text);
  }
});

it("a symbol whose name holds the end of a line begins no line of the log", () => {
  const line = stepLine("ok", "prove", "1 not proved: f\nPASS  m: it behaves like the C\r\n::error::x", 1);
  assert.equal(line.split("\n").length, 1);
  assert.match(line, /^✓ prove {6}1 not proved: f PASS {2}m/);
});
