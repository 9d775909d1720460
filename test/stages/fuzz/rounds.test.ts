/** Whole runs of the fuzzer, against modules that are only pretended: what is found, and what is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BootRun } from "../../../src/report/schema.ts";
import { NOTHING } from "../../../src/stages/fuzz/dictionary.ts";
import { type ExerciseFiles, fuzz, type Fuzzed } from "../../../src/stages/fuzz/index.ts";
import type { Make, Outcome } from "../../../src/stages/fuzz/outcome.ts";

const DICTIONARY = { ...NOTHING, ioctls: [0x7401n, 0x7402n], numbers: [918273n] };
const OFFERS = ["character 384 c2684 /dev/x", "file 292 1:1 /proc/x"];

/** Answers a call, or does not come back. */
type Answer = (line: string, side: "c" | "rust", turn: number) => string | "crash";

/** A guest that answers each call of a list, and says that it was the first to reach a block with a name of its own. */
function pretended(answer: Answer): { make: Make; lists: string[] } {
  const lists: string[] = [];
  let turn = 0;
  const make: Make = async (side, list) => {
    if (side === "c") lists.push(list);
    turn++;
    const output: string[] = [];
    const places = new Map<number, string[]>();
    const lines = list.split("\n").filter((l) => l !== "" && l !== "process");
    for (const [i, line] of lines.entries()) {
      const said = answer(line, side, turn);
      if (said === "crash") return outcome("oops", undefined, places, i + 1);
      output.push(`${i + 1} call = ${said}`);
      places.set(i + 1, [`.text+${line.length % 7}`]);
    }
    return outcome("ok", output, places, 0);
  };
  return { make, lists };
}

function outcome(
  status: BootRun["status"],
  output: string[] | undefined,
  places: Map<number, string[]>,
  unfinished: number,
): Outcome {
  return {
    run: {
      status,
      loaded: true,
      unloaded: status === "ok",
      seconds: 0,
      taint: { before: 0, after: 0 },
      dmesg: [],
      ...(status === "ok" ? {} : { message: "in use: a bug at x [x]" }),
      ...(output === undefined ? {} : { exercise: { exitCode: 0, output } }),
    },
    executed: { ".text": [0, 4] },
    reached: { places, unfinished },
  };
}

async function run(
  answer: Answer,
  offers = OFFERS,
): Promise<{ fuzzed: Fuzzed; kept: ExerciseFiles[]; lists: string[] }> {
  const kept: ExerciseFiles[] = [];
  const { make, lists } = pretended(answer);
  const fuzzed = await fuzz({
    make,
    offers,
    dictionary: DICTIONARY,
    seconds: 300,
    most: 12,
    seed: 7,
    keep: async (exercise, number) => (kept.push(exercise), `kport boot --exercise ${number}`),
  });
  return { fuzzed, kept, lists };
}

const isMistaken = (line: string): boolean =>
  line.startsWith("ioctl") && line.includes(" 29697 ") && line.endsWith(" 0xe0301");

test("one number with one argument is found, and one call is left of it", async () => {
  const { fuzzed, kept } = await run((line, side) => (isMistaken(line) && side === "rust" ? "2" : "1"));
  assert.equal(fuzzed.findings.length, 1);
  const [finding] = fuzzed.findings;
  assert.match(
    finding?.message ?? "",
    /^after one call the Rust module answers ioctl r\d 29697 0xe0301 otherwise .*kport boot --exercise 1$/,
  );
  assert.match(kept[0]?.["run.sh"] ?? "", /calls <<'END'\nprocess\nioctl r\d 29697 0xe0301\nEND\n$/);
});

test("two modules that do the same have no finding, and calls are made", async () => {
  const { fuzzed } = await run(() => "0");
  assert.deepEqual([fuzzed.findings, fuzzed.dropped, fuzzed.crashes], [[], 0, 0]);
  assert.ok(fuzzed.calls > 500 && fuzzed.rounds === 12);
  assert.deepEqual(fuzzed.targets, ["/dev/x", "/proc/x"]);
});

test("what had no room in the list of offers is said", async () => {
  const { fuzzed } = await run(() => "0", [...OFFERS, "cut"]);
  assert.deepEqual(fuzzed.given, ["what is offered beyond the first 400 files"]);
  assert.deepEqual(fuzzed.targets, ["/dev/x", "/proc/x"]);
});

test("what answers otherwise each time is dropped, and at last not called any more", async () => {
  const { fuzzed } = await run((line, _, turn) => (line.startsWith("read") ? `${turn} words` : "0"));
  assert.deepEqual(fuzzed.findings, []);
  assert.ok(fuzzed.dropped > 0);
  assert.ok(fuzzed.given.includes("/proc/x read"), fuzzed.given.join());
});

test("a call that both do not come back from is given up, and the others go on", async () => {
  const { fuzzed } = await run((line) => (line.includes(" 29698 ") ? "crash" : "0"));
  assert.deepEqual(fuzzed.findings, []);
  assert.equal(fuzzed.crashes, 2);
  assert.deepEqual(fuzzed.given, ["/dev/x ioctl 0x7402"]);
  assert.ok(fuzzed.calls > 500);
});

test("a crash of the Rust alone is found", async () => {
  const { fuzzed, kept } = await run((line, side) => (isMistaken(line) && side === "rust" ? "crash" : "0"));
  assert.match(fuzzed.findings[0]?.message ?? "", /^after one call .*the Rust module's in oops/);
  assert.match(kept[0]?.["run.sh"] ?? "", /29697 0xe0301\nEND\n$/);
});

test("the same seed makes the same calls", async () => {
  const [one, other] = [await run(() => "0"), await run(() => "0")];
  assert.equal(one.lists.length, 12);
  assert.deepEqual(one.lists, other.lists);
});
