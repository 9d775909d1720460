import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { run } from "../../src/machine/process.ts";
import { cpioArchive } from "../../src/stages/boot/cpio.ts";

test("an archive is what cpio reads", async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-cpio-"));
  try {
    const archive = cpioArchive([
      { kind: "folder", name: "a" },
      { kind: "file", name: "a/odd", mode: 0o755, data: Buffer.from("12345") },
      { kind: "file", name: "a/empty", mode: 0o600, data: Buffer.alloc(0) },
      { kind: "link", name: "a/link", target: "odd" },
    ]);
    await run("cpio", ["-id", "--quiet"], { cwd: dir, input: archive });
    assert.equal(await readFile(path.join(dir, "a/link"), "utf8"), "12345");
    assert.equal((await stat(path.join(dir, "a/odd"))).mode & 0o777, 0o755);
    assert.equal((await stat(path.join(dir, "a/empty"))).size, 0);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("a device node is written without being root", async () => {
  const listed = await run("cpio", ["-tv", "--quiet"], {
    input: cpioArchive([{ kind: "device", name: "dev/console", major: 5, minor: 1 }]),
  });
  assert.match(listed.stdout, /^crw-------.* 5, +1 .*dev\/console/);
});

test("a second archive after the first is at a 512-byte boundary, where the kernel looks for it", () => {
  for (const size of [0, 1, 511, 513])
    assert.equal(cpioArchive([{ kind: "file", name: "f", mode: 0o644, data: Buffer.alloc(size) }]).length % 512, 0);
});
