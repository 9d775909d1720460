/**
 * What kport itself does with a stranger's text, outside of any sandbox and its bounds, takes time in proportion to it: sources and makefiles,
 * what a build prints, what a guest's kernel says. A pattern that goes back, or is tried again from each character, takes minutes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeEquals, lex } from "../../src/c/lexer.ts";
import { printable } from "../../src/machine/log.ts";
import { usefulLines } from "../../src/machine/tool-failure.ts";
import { compareLines, lineKey, withoutNumbers } from "../../src/stages/boot/hunks.ts";
import { parseKmsg } from "../../src/stages/boot/kmsg.ts";
import { globMatcher } from "../../src/stages/boot/module-index.ts";
import { normalise } from "../../src/stages/boot/normalise.ts";
import { findSplats, foldSplats, withoutAddresses } from "../../src/stages/boot/splat.ts";
import { findTraces } from "../../src/stages/boot/trace.ts";
import { warningsIn } from "../../src/stages/build/index.ts";
import { compileErrors } from "../../src/stages/gate/diagnostics.ts";
import { readCode } from "../../src/stages/inspect/code.ts";
import { gccErrors } from "../../src/stages/capture/other-kernel.ts";
import { namedInC, namedInMakefile } from "../../src/stages/capture/reach.ts";
import { forPeople, rustErrors } from "../../src/stages/build/rust-errors.ts";

const LENGTH = 30_000;
/** Milliseconds for one text on a busy machine; what is quadratic takes ten times as long on an idle one. */
const ENOUGH = 1500;
/** Repeated to the length, behind and in front of a few ends. */
const UNITS = [
  "/* ",
  "/*",
  "*/",
  "#",
  "# /* ",
  "`",
  " ",
  "x ",
  "\n",
  "\n  ",
  "\t",
  "\r",
  '"',
  "'",
  "\\",
  "\\\n",
  "//",
  "../",
  "a/",
  "/block/",
  "$(",
  "${",
  "a:1:2: error: ",
  "a/b.c:1:2: error: x\n",
  "warning: ",
  "error",
  "note\n",
  "0x",
  "0",
  "00",
  "5 ",
  "1.",
  "ffff",
  "[",
  "]",
  "(",
  "{",
  "}\n",
  '{"reason":',
  "+0x1/0x2 ",
  "::",
  ":",
  ": ",
  ",",
  ";",
  "  | ",
  "*",
  "\u001b[",
  "a=",
  "= ",
  "@",
  ".",
  "_",
  "_ZN",
  "17h",
  "<",
  ">",
  "-",
  "%rip",
  "\n-->",
  "call foo\n",
  "CPU",
  "CPU: ",
  "pid ",
  "PID: ",
  "é",
];
const ENDS = [
  ["", ""],
  ["x", "y"],
  ["#", "\n"],
  ["4,1,1,-;", ""],
  ["{", "}"],
] as const;

const onLines =
  (work: (lines: string[]) => unknown) =>
  (text: string): unknown => [work([text.replaceAll("\n", " ")]), work(text.split("\n"))];
const WORK: Record<string, (text: string) => unknown> = {
  lex,
  beforeEquals,
  namedInC,
  namedInMakefile,
  printable,
  usefulLines,
  warningsIn,
  gccErrors,
  rustErrors,
  forPeople,
  readCode,
  normalise,
  withoutAddresses,
  withoutNumbers,
  lineKey,
  parseKmsg,
  compileErrors: (text) => compileErrors(text, "/tmp"),
  findSplats: onLines(findSplats),
  foldSplats: onLines((lines) => foldSplats(lines)),
  findTraces: onLines(findTraces),
  aliases: (text) => ["pci:v0*d*sv*sd*i*x", "*a*b*c*d*e"].map((pattern) => globMatcher(pattern)(`pci:v0${text}`)),
};

for (const [name, work] of Object.entries(WORK)) {
  test(`${name} takes its time in proportion`, { timeout: 120_000 }, () => {
    for (const unit of UNITS) {
      for (const [before, after] of ENDS) {
        const started = performance.now();
        work(before + unit.repeat(Math.ceil(LENGTH / unit.length)) + after);
        const took = performance.now() - started;
        assert.ok(took < ENOUGH, `${JSON.stringify(before + unit)}…: ${Math.round(took)} ms`);
      }
    }
  });
}

test("a hundred thousand comments that nothing closes are looked for once", { timeout: 60_000 }, () => {
  const started = performance.now();
  assert.equal(lex("/*a".repeat(100_000)).length, 300_000);
  assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
});

test("two logs of twenty thousand lines that have nothing in common are compared", { timeout: 120_000 }, () => {
  const words = (side: string): string[] =>
    Array.from({ length: 20_000 }, (_, i) =>
      [...String(i)].map((digit) => side + "klmnopqrst".charAt(Number(digit))).join(""),
    );
  const logs = ["c", "r"].map((side) => foldSplats(["first", ...words(side), side, "last"]));
  const started = performance.now();
  const { hunks, equal } = compareLines(logs[0] ?? [], logs[1] ?? []);
  assert.ok(performance.now() - started < 60_000, `${performance.now() - started} ms`);
  assert.deepEqual(equal, [
    [0, 0],
    [20_002, 20_002],
  ]);
  assert.equal(
    hunks.reduce((sum, h) => sum + h.removed.length, 0),
    20_001,
  );
});

test("a name that no path has room for is none", () => {
  const up = "../".repeat(100_000);
  assert.deepEqual(namedInC(`#include "${up}a.h"\n#include "../b.h"\n`), [".."]);
  assert.deepEqual(namedInMakefile(`a-y := ${up}a.o ../b.o\n`), [".."]);
});
