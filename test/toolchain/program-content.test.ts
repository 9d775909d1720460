import assert from "node:assert/strict";
import { cp, readFile, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { contentOfFile, contentOfProgram } from "../../src/toolchain/program-content.ts";
import { put, putProgram, temporaryFolder } from "./fakes.ts";

test("a file is what it holds, wherever it lies", async (t) => {
  const dir = await temporaryFolder(t);
  await put(path.join(dir, "a/rlib"), "core");
  await put(path.join(dir, "b/copied"), "core");
  assert.equal(await contentOfFile(path.join(dir, "a/rlib")), await contentOfFile(path.join(dir, "b/copied")));
  assert.match(await contentOfFile(path.join(dir, "a/rlib")), /^[0-9a-f]{64}$/);
});

test("other bytes of the same number, under the same name and date, are another file", async (t) => {
  const file = path.join(await temporaryFolder(t), "tool");
  await putProgram(file, "echo 1");
  const before = await contentOfFile(file);
  const { atime, mtime } = await stat(file);
  await writeFile(file, (await readFile(file, "utf8")).replace("echo 1", "echo 2"));
  await utimes(file, atime, mtime);
  assert.notEqual(await contentOfFile(file), before);
});

test("a program is its libraries as well: what is linked is more than its file, a script is that alone", async (t) => {
  const dir = await temporaryFolder(t);
  await cp(process.execPath, path.join(dir, "node"));
  await putProgram(path.join(dir, "one"), "echo 1");
  await putProgram(path.join(dir, "two"), "echo 1");
  await putProgram(path.join(dir, "other"), "echo 2");
  assert.equal(await contentOfProgram(path.join(dir, "node")), await contentOfProgram(process.execPath));
  assert.equal(await contentOfProgram(path.join(dir, "one")), await contentOfProgram(path.join(dir, "two")));
  assert.notEqual(await contentOfProgram(path.join(dir, "one")), await contentOfProgram(path.join(dir, "other")));
});
