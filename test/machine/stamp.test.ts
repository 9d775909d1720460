/** What a folder is told by: another text with each change of what lies in it. */
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { lookAgain, stampOf } from "../../src/machine/seen-files.ts";

let dir: string;
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-stamp-"));
  await mkdir(path.join(dir, "deep/er"), { recursive: true });
  await writeFile(path.join(dir, "deep/er/header.h"), "one\n");
});
after(() => rm(dir, { recursive: true, force: true }));

const stamp = (...places: string[]): Promise<string | undefined> => {
  lookAgain(dir);
  return stampOf(places.length > 0 ? places : [dir]);
};

test("the same as long as nothing changes", async () => {
  const first = await stamp();
  assert.match(first ?? "", /^[0-9a-f]{64}$/);
  await readFile(path.join(dir, "deep/er/header.h"));
  assert.equal(await stamp(), first);
});

test("another one with each change, and never one that was there before", async () => {
  const header = path.join(dir, "deep/er/header.h");
  const changes: (() => Promise<unknown>)[] = [
    () => writeFile(header, "two\n"),
    // Its contents and times as they were: the time of the change is not to be set.
    async () => {
      await writeFile(header, "six\n");
      await utimes(header, 1, 1);
    },
    () => chmod(header, 0o755),
    () => writeFile(path.join(dir, "deep/another.h"), ""),
    () => symlink("header.h", path.join(dir, "deep/er/link.h")),
    () => rename(header, path.join(dir, "deep/er/a name\nof two lines.h")),
    () => rm(path.join(dir, "deep/another.h")),
  ];
  const seen = new Set([await stamp()]);
  for (const change of changes) {
    await change();
    const now = await stamp();
    assert.ok(now !== undefined && !seen.has(now), String(change));
    seen.add(now);
  }
});

test("another one with each change in a folder that is looked at in parts, and of a file that is named itself", async () => {
  const whole = path.join(dir, "parts");
  const file = path.join(whole, "b/file");
  for (const name of ["a", "b", "c d"]) {
    await mkdir(path.join(whole, name), { recursive: true });
    await writeFile(path.join(whole, name, "file"), "one\n");
  }
  const [places, files] = [new Set([await stamp(whole)]), new Set([await stamp(file)])];
  const changes: [change: () => Promise<unknown>, ofFile: boolean][] = [
    [() => writeFile(file, "two\n").then(() => utimes(file, 1, 1)), true],
    [() => chmod(file, 0o755), true],
    [() => writeFile(`${file}.new`, "two\n").then(() => rename(`${file}.new`, file)), true],
    [() => writeFile(path.join(whole, "beside"), ""), false],
    [() => chmod(path.join(whole, "beside"), 0o700), false],
    [() => chmod(whole, 0o700), false],
    // The folder stays what it was.
    [() => writeFile(path.join(whole, "a/file"), "two\n"), false],
    [() => writeFile(path.join(whole, "c d/file"), "two\n"), false],
    [() => mkdir(path.join(whole, "e")), false],
    [() => rename(path.join(whole, "a"), path.join(whole, "f")), false],
    [() => symlink("b", path.join(whole, "a")), false],
  ];
  for (const [change, ofFile] of changes) {
    await change();
    const [place, one] = [await stamp(whole), await stamp(file)];
    assert.ok(place !== undefined && !places.has(place), String(change));
    assert.equal(one !== undefined && !files.has(one), ofFile, String(change));
    places.add(place);
    files.add(one);
  }
  assert.equal(await stamp(whole), await stamp(whole));
});

test("none where there is nothing, or where find cannot tell", async () => {
  assert.equal(await stamp(path.join(dir, "is not there")), undefined);
  const { PATH } = process.env;
  const bin = path.join(dir, "bin");
  await mkdir(bin);
  for (const body of ["kill -9 $$", "echo one; exit 3", "echo 'find: it is broken' >&2; exit 1", "exit 1"]) {
    await writeFile(path.join(bin, "find"), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    process.env["PATH"] = `${bin}:${PATH}`;
    try {
      assert.equal(await stamp(), undefined, body);
    } finally {
      process.env["PATH"] = PATH;
    }
  }
  assert.notEqual(await stamp(), undefined);
});
