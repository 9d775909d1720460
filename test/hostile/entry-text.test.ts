/**
 * What kport itself does with a stranger's text, outside of any sandbox and its bounds, takes time in proportion to it: sources and makefiles,
 * what a build prints, what a guest's kernel says. A pattern that goes back, or is tried again from each character, takes minutes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeEquals, lex } from "../../src/c/lexer.ts";
import { printable, stepLine } from "../../src/machine/log.ts";
import { usefulLines } from "../../src/machine/tool-failure.ts";
import { Chance, settleChance } from "../../src/stages/boot/chance.ts";
import { compareLines, lineKey, withoutNumbers } from "../../src/stages/boot/hunks.ts";
import { parseKmsg } from "../../src/stages/boot/kmsg.ts";
import { globMatcher } from "../../src/stages/boot/module-index.ts";
import { normalise } from "../../src/stages/boot/normalise.ts";
import { findSplats, foldSplats, withoutAddresses } from "../../src/stages/boot/splat.ts";
import { findTraces } from "../../src/stages/boot/trace.ts";
import { warningsIn } from "../../src/stages/build/index.ts";
import { compileErrors } from "../../src/stages/gate/diagnostics.ts";
import { symbolPath } from "../../src/stages/gate/symbol-path.ts";
import { isOfCore, plainName, readCode } from "../../src/stages/inspect/code.ts";
import { gccErrors } from "../../src/stages/capture/other-kernel.ts";
import { namedInC, namedInMakefile } from "../../src/stages/capture/reach.ts";
import type { BootRun } from "../../src/report/schema.ts";
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

/** An assembler takes any name between quotes, and a reader of objects prints it as it is. */
const NAMES: Record<string, string> = {
  blanks: `x${" ".repeat(150_000)}\ry`,
  comments: `x${" #".repeat(75_000)}\r`,
  suffixes: `${".llvm".repeat(30_000)}\n`,
  digits: `_R${"1".repeat(150_000)}`,
  crates: `_R${"C".repeat(150_000)}`,
};
for (const [of, name] of Object.entries(NAMES)) {
  test(`a symbol whose name is ${of} is read in time`, { timeout: 600_000 }, () => {
    const started = performance.now();
    readCode(`0000000000000000 <a>:\n       0:\tcallq\t0x5 <${name}>\n`);
    plainName(name);
    isOfCore(name);
    symbolPath(name);
    stepLine("failed", "compare", name);
    assert.ok(performance.now() - started < ENOUGH, `${performance.now() - started} ms`);
  });
}

const runOf = (dmesg: string[], splats = findSplats(dmesg)): BootRun => ({
  status: "ok",
  loaded: true,
  unloaded: true,
  seconds: 1,
  taint: { before: 0, after: 0 },
  dmesg,
  splats,
});

const inLetters = (n: number): string => [...String(n)].map((digit) => "klmnopqrst".charAt(Number(digit))).join("");

test("eight thousand reports of the kernel's, others in each run, are told apart", { timeout: 900_000 }, async () => {
  const reports = (run: number) =>
    runOf([], findSplats(Array.from({ length: 8000 }, (_, i) => `WARNING: ${inLetters(i * 3 + run + 10_000)}`)));
  const [c, rust, again] = [0, 1, 2].map(reports) as [BootRun, BootRun, BootRun];
  const started = performance.now();
  const findings = await settleChance(c, rust, c, async () => again);
  assert.equal(findings.length, 16_000);
  assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
});

test("reports in the same words, each of other functions of the module's, are told apart", { timeout: 900_000 }, () => {
  const log = Array.from({ length: 10_000 }, (_, i) => ["BUG: KASAN: x", `RIP: 0010:f${i}+0x1/0x2 [m]`]).flat();
  const started = performance.now();
  assert.ok(new Set(foldSplats(log).map((l) => l.text)).size > 9800);
  assert.ok(performance.now() - started < 20_000, `${performance.now() - started} ms`);
});

test("a log of heads alone is one report", { timeout: 600_000 }, () => {
  const started = performance.now();
  assert.equal(findSplats(Array.from({ length: 20_000 }, () => "Oops: 0000 [#1]")).length, 1);
  assert.ok(performance.now() - started < ENOUGH, `${performance.now() - started} ms`);
});

test("places of a log that differs in every line are looked up", { timeout: 900_000 }, () => {
  const lines = (run: number): string[] => Array.from({ length: 2000 }, (_, i) => inLetters(i * 3 + run + 10_000));
  const [c, again] = [runOf(lines(0)), runOf(lines(1))];
  const chance = new Chance(c);
  chance.learn(again);
  const started = performance.now();
  for (const [at, line] of lines(2).entries())
    assert.equal(chance.explains("boot-dmesg", { removed: [c.dmesg[at] ?? ""], at, added: [line] }, c), true);
  assert.equal(chance.explains("boot-dmesg", { removed: [], at: 2000, added: ["z"] }, again), false);
  assert.ok(performance.now() - started < ENOUGH, `${performance.now() - started} ms`);
});
