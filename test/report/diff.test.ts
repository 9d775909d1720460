import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { diffPorts } from "../../src/report/diff.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "kport-diff-"));
});
afterEach(() => rm(root, { recursive: true }));

async function port(name: string, files: Record<string, string | Buffer>): Promise<string> {
  const dir = path.join(root, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
    await writeFile(path.join(dir, file), content);
  }
  return dir;
}

describe("diffPorts", () => {
  it("tells changed, new and gone files in the order of their names, with counts", async () => {
    const base = await port("base", { "src/a.rs": "one\n-- two\nthree\n", "src/gone.rs": "x\ny\n", Kbuild: "same\n" });
    const head = await port("head", { "src/a.rs": "one\nthree\n++ four\n", "src/new.rs": "z\n", Kbuild: "same\n" });
    const diff = await diffPorts(base, head, "main");
    assert.equal(diff.base, "main");
    assert.deepEqual(
      diff.files.map(({ file, added, removed }) => [file, added, removed]),
      [
        ["src/a.rs", 1, 1],
        ["src/gone.rs", 0, 2],
        ["src/new.rs", 1, 0],
      ],
    );
    assert.deepEqual([diff.added, diff.removed], [2, 3]);
    assert.equal(
      diff.files[0]?.patch,
      "--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1,3 +1,3 @@\n one\n--- two\n three\n+++ four\n",
    );
  });

  it("gives patches that git applies", async () => {
    const base = await port("base", { "src/a.rs": "one\ntwo\nthree\n", "b.rs": "no newline" });
    const head = await port("head", {
      "src/a.rs": "one\n2\nthree\nfour\n",
      "b.rs": "no newline at the end",
      "c.rs": "new\n",
    });
    const diff = await diffPorts(base, head, "main");
    await writeFile(path.join(root, "all.patch"), diff.files.map((file) => file.patch).join(""));
    await promisify(execFile)("git", ["apply", path.join(root, "all.patch")], {
      cwd: base,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: root },
    });
    for (const file of ["src/a.rs", "b.rs", "c.rs"])
      assert.equal(await readFile(path.join(base, file), "utf8"), await readFile(path.join(head, file), "utf8"));
  });

  it("is empty for the same port twice, and ignores what a build leaves", async () => {
    const base = await port("base", { "src/a.rs": "x\n", ".cargo/config.toml": "c\n" });
    const head = await port("head", {
      "src/a.rs": "x\n",
      ".cargo/config.toml": "c\n",
      "m.o": "o",
      "m.ko": "k",
      ".m.o.cmd": "cmd",
      "m.mod.c": "c",
      "target/x": "t",
      "Module.symvers": "s",
      "modules.order": "m",
    });
    assert.deepEqual((await diffPorts(base, head, "main")).files, []);
    assert.deepEqual(
      (
        await diffPorts(base, await port("other", { "src/a.rs": "x\n", ".cargo/config.toml": "d\n" }), "main")
      ).files.map((file) => file.file),
      [".cargo/config.toml"],
    );
  });

  it("counts a folder that is not there as empty", async () => {
    const head = await port("head", { "a.rs": "x\n" });
    assert.deepEqual(
      (await diffPorts(path.join(root, "none"), head, "main")).files.map(({ file, added }) => [file, added]),
      [["a.rs", 1]],
    );
  });

  it("only names files that are binary or too large, and never follows a link", async () => {
    const base = await port("base", { "a.bin": Buffer.from([0, 1]), "same.bin": Buffer.from([0, 9]), "big.txt": "x" });
    const head = await port("head", {
      "a.bin": Buffer.from([0, 2]),
      "same.bin": Buffer.from([0, 9]),
      "big.txt": "y\n".repeat(1_100_000),
    });
    await symlink("/etc/passwd", path.join(head, "link.rs"));
    await symlink("/etc", path.join(head, "folder"));
    const diff = await diffPorts(base, head, "main");
    assert.deepEqual(
      diff.files.map((file) => file.patch),
      [
        "a.bin: binary\n",
        "big.txt: 2200000 bytes, too large to compare line by line\n",
        "folder: not a regular file\n",
        "link.rs: not a regular file\n",
      ],
    );
  });

  it("gives up on lining up files that have nothing in common", { timeout: 240_000 }, async () => {
    const lines = (prefix: string) => Array.from({ length: 4000 }, (_, index) => `${prefix}${index}\n`).join("");
    const names = Array.from({ length: 30 }, (_, i) => `${String.fromCharCode(97 + (i % 26))}${i}.rs`).sort();
    const all = (prefix: string) => Object.fromEntries(names.map((name) => [name, lines(prefix)]));
    const diff = await diffPorts(await port("base", all("a")), await port("head", all("b")), "main");
    // Nor do thirty of them take thirty times as long.
    assert.deepEqual(
      diff.files,
      names.map((file) => ({
        file,
        added: 4000,
        removed: 4000,
        patch: `${file}: rewritten, too different to compare line by line\n`,
      })),
    );
  });

  it("lines up no more of a port than one file of the most edits takes", async () => {
    const lines = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}${index}\n`).join("");
    const all = (prefix: string) => ({ "a.rs": lines(prefix, 4000), "b.rs": lines(prefix, 10) });
    const diff = await diffPorts(await port("base", all("a")), await port("head", all("b")), "main");
    assert.deepEqual(
      diff.files.map((f) => f.patch),
      ["a.rs", "b.rs"].map((file) => `${file}: rewritten, too different to compare line by line\n`),
    );
  });
});
