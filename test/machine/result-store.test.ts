import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, test } from "node:test";
import { serialize } from "node:v8";
import { zstdCompressSync } from "node:zlib";
import { execa } from "execa";
import { contentKey } from "../../src/machine/cache.ts";
import {
  cachedResult,
  keepResult,
  keptResult,
  replaceBytes,
  resultsFolder,
  useKeptResults,
} from "../../src/machine/result-store.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { temporaryFolder } from "../toolchain/fakes.ts";

beforeEach(async (t) => {
  process.env["KPORT_CACHE_DIR"] = path.join(
    await temporaryFolder(t as Parameters<typeof temporaryFolder>[0]),
    "cache",
  );
});

const key = contentKey(["input"]);
const STORE = path.join(projectRoot(), "src/machine/result-store.ts");

test("what is kept comes back, with its maps, sets and bytes, under its own key alone", async () => {
  const value = { map: new Map([["a", new Set([1])]]), bytes: Buffer.from([0, 255]), nothing: undefined };
  const id = await keepResult("kind", key, "/tmp/run-1", value);
  const kept = await keptResult<typeof value>("kind", key, "/tmp/run-1");
  assert.ok(kept);
  assert.deepEqual([kept.value.map, [...kept.value.bytes], kept.id], [value.map, [0, 255], id]);
  assert.ok(kept.at instanceof Date);
  assert.equal(await keptResult("other", key, "/tmp/run-1"), undefined);
  assert.equal(await keptResult("kind", contentKey(["other"]), "/tmp/run-1"), undefined);
  assert.equal(
    await keptResult("kind", key, "/tmp/longer-run"),
    undefined,
    "a folder of another length cannot be written over",
  );
});

test("a run's folder is this run's in all that comes back: in plain texts, wide ones and files", async () => {
  await keepResult("kind", key, "/tmp/run-1", {
    plain: "/tmp/run-1/a.c",
    wide: "\u2713 /tmp/run-1/b.c",
    bytes: Buffer.from("\0/tmp/run-1/c.c\0"),
  });
  const kept = await keptResult<{ plain: string; wide: string; bytes: Buffer }>("kind", key, "/tmp/run-2");
  assert.deepEqual(
    [kept?.value.plain, kept?.value.wide, kept?.value.bytes.toString()],
    ["/tmp/run-2/a.c", "\u2713 /tmp/run-2/b.c", "\0/tmp/run-2/c.c\0"],
  );
  assert.throws(() => replaceBytes(Buffer.from("ab"), "a", "long"), RangeError);
});

test("an entry that nobody made so is none: of another form, a link, a pipe; and none is believed in a folder that others can write in", async () => {
  const file = async (): Promise<string> => path.join(resultsFolder(), (await readdir(resultsFolder()))[0] as string);
  const forged = async (body: Buffer): Promise<void> =>
    writeFile(await file(), Buffer.concat([createHash("sha256").update(body).digest(), body]));
  for (const body of [
    Buffer.from("no zstd"),
    zstdCompressSync(Buffer.from("no v8")),
    zstdCompressSync(serialize({ workDir: "", value: 1 })),
    zstdCompressSync(serialize(null)),
    zstdCompressSync(serialize({ at: 1, workDir: 7 })),
  ]) {
    await keepResult("kind", key, "/tmp/run-1", "value");
    await forged(body);
    assert.equal(await keptResult("kind", key, "/tmp/run-1"), undefined);
  }
  for (const make of [["ln", "-s", "/dev/zero"], ["mkfifo"]]) {
    await keepResult("kind", key, "/tmp/run-1", "value");
    const at = await file();
    await rm(at);
    await execa(make[0] as string, [...make.slice(1), at]);
    assert.equal(await keptResult("kind", key, "/tmp/run-1"), undefined);
    await rm(at, { force: true });
  }
  await keepResult("kind", key, "/tmp/run-1", "value");
  await chmod(resultsFolder(), 0o777);
  assert.equal(await keptResult("kind", key, "/tmp/run-1"), undefined);
  await chmod(resultsFolder(), 0o755);
  assert.equal((await keptResult("kind", key, "/tmp/run-1"))?.value, "value", "the control");
});

test("a damaged entry, and half of one, is none", async () => {
  const file = async (): Promise<string> => path.join(resultsFolder(), (await readdir(resultsFolder()))[0] as string);
  await keepResult("kind", key, "/tmp/run-1", "value");
  const bytes = await readFile(await file());
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  await writeFile(await file(), bytes);
  assert.equal(await keptResult("kind", key, "/tmp/run-1"), undefined);
  await keepResult("kind", key, "/tmp/run-1", "value");
  await truncate(await file(), 40);
  assert.equal(await keptResult("kind", key, "/tmp/run-1"), undefined);
  await keepResult("kind", key, "/tmp/run-1", "value");
  assert.equal((await keptResult("kind", key, "/tmp/run-1"))?.value, "value", "the control");
});

test("without the cache nothing is used and nothing is kept", async (t) => {
  await keepResult("kind", key, "/tmp/run-1", "before");
  t.after(() => useKeptResults(true));
  useKeptResults(false);
  assert.equal(await keptResult("kind", key, "/tmp/run-1"), undefined);
  await keepResult("kind", key, "/tmp/run-1", "after");
  let made = 0;
  const produce = async (dir: string): Promise<void> => writeFile(path.join(dir, "value"), String(++made));
  assert.equal((await cachedResult("kind", key, produce)).hit, false);
  assert.equal((await cachedResult("kind", key, produce)).hit, true, "within a run");
  useKeptResults(true);
  assert.equal((await keptResult("kind", key, "/tmp/run-1"))?.value, "before");
  assert.equal((await cachedResult("kind", key, produce)).hit, false);
});

/** Another process, which keeps entries without end. */
function keeping(script: string, env: Record<string, string> = {}) {
  return execa(
    process.execPath,
    [
      "--input-type=module-typescript",
      "-e",
      `import { keepResult, keptResult } from ${JSON.stringify(STORE)};\n${script}`,
    ],
    { env, reject: false },
  );
}

test("processes that are killed while they keep, and others at the same time, leave whole entries or none", async () => {
  const value = "x".repeat(3_000_000);
  const script = `for (let i = 0; ; i++) { await keepResult("kind", String(i % 3).padStart(40, "0"), "/tmp/run-1", { i: i % 3, text: ${JSON.stringify("x")}.repeat(3_000_000) }); console.log("kept"); }`;
  for (let round = 0; round < 3; round++) {
    const both = [keeping(script), keeping(script)];
    await Promise.all(
      both
        .map(async (p) => {
          for await (const line of p) if (line === "kept") break;
        })
        .map((p, i) => p.then(() => both[i]?.kill("SIGKILL"))),
    );
    await Promise.all(both);
  }
  const found = await Promise.all(
    [0, 1, 2].map((i) => keptResult<{ i: number; text: string }>("kind", String(i).padStart(40, "0"), "/tmp/run-1")),
  );
  assert.ok(found.some((f) => f !== undefined));
  for (const [i, f] of found.entries()) if (f) assert.ok(f.value.i === i && f.value.text === value);
});

test("there is a bound, and what was used the longest ago goes first", async () => {
  const r = await keeping(
    `import { randomBytes } from "node:crypto";
     const put = (k) => keepResult("kind", k.padStart(40, "0"), "/tmp/run-1", randomBytes(100_000));
     for (let i = 0; i < 8; i++) { await put(String(i)); await new Promise((r) => setTimeout(r, 20)); await keptResult("kind", "0".padStart(40, "0"), "/tmp/run-1"); }
     for (let i = 8; i < 12; i++) await put(String(i));
     const there = await Promise.all(Array.from({ length: 12 }, (_, i) => keptResult("kind", String(i).padStart(40, "0"), "/tmp/run-1")));
     console.log(JSON.stringify(there.map((k) => k !== undefined)));`,
    { KPORT_RESULTS_BYTES: "850000" },
  );
  const there = JSON.parse(r.stdout) as boolean[];
  assert.equal(there[0], true, "it was used again and again");
  assert.equal(there[1], false);
  assert.equal(there[11], true);
  assert.ok(there.filter(Boolean).length <= 9);
});
