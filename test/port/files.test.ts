/** What the half that writes takes as a port, and what it refuses. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { packPort, unpackPort } from "../../src/port/files.ts";
import { treeId } from "../../src/port/git-objects.ts";
import { listingOf } from "../../src/port/merge-port.ts";
import { branchOf, folderOf } from "../../src/port/plan.ts";
import { readPort } from "../../src/port/read-port.ts";
import { FIRST, portFiles } from "../e2e/port-scene.ts";

describe("a port's files", () => {
  it("come out of the artifact as they went in, modes, links and bytes", () => {
    assert.deepEqual(unpackPort(packPort("ring", portFiles(FIRST))), portFiles(FIRST));
  });

  const bad: [string, RegExp][] = [
    ["../x", /inside the port's folder/],
    ["a/../../x", /inside the port's folder/],
    ["/etc/passwd", /inside the port's folder/],
    ["a//b", /inside the port's folder/],
    ["./a", /inside the port's folder/],
    ["", /inside the port's folder/],
    [".git/config", /git's own/],
    ["a/.GIT/hooks/x", /git's own/],
    ["a/git~1/x", /git's own/],
    ["a/.git./x", /git's own/],
    [".g\u200cit/config", /cannot hold/],
    [".github/workflows/x.yml", /GitHub's own/],
    ["a/.GitHub/workflows/x.yml", /GitHub's own/],
    ["a\\b", /cannot hold/],
    ["c:x", /cannot hold/],
    ["a\nb", /cannot hold/],
    ["a\u0000b", /cannot hold/],
    ["\u202egnp.exe", /cannot hold/],
    ["x".repeat(300), /too long/],
    ["x/".repeat(600) + "x", /too long/],
  ];
  for (const [file, why] of bad) {
    it(`cannot be at ${JSON.stringify(file).slice(0, 60)}`, () => {
      const port = { module: "ring", files: [{ path: file, mode: "100644" as const, size: 1, content: "YQ==" }] };
      assert.throws(() => unpackPort(port), why);
    });
  }

  for (const target of ["/etc/passwd", "../x", "../../x", "a/../../x", "", "b\\c"]) {
    it(`cannot be a link to ${JSON.stringify(target)}`, () => {
      assert.throws(() => packPort("ring", portFiles({ link: ["120000", target] })), /is a link/);
    });
  }

  it("cannot lead out through another link", () => {
    const through = { "a/b/up": ["120000", "../.."], c: ["120000", "a/b/up/../.."] } as const;
    assert.throws(() => packPort("ring", portFiles(through)), /"c" is a link that leads out/);
    assert.throws(() => packPort("ring", portFiles({ ...through, c: ["120000", "a/x/.."] })), /leads out/);
    // Up from where it lies, and down again: a link there is one of the port's own.
    assert.doesNotThrow(() =>
      packPort("ring", portFiles({ ...through, c: ["120000", "a/b/up"], "d/e": ["120000", "../a/b/up"] })),
    );
  });

  it("can be a link to another of them, and up to the port's own folder", () => {
    assert.doesNotThrow(() => packPort("ring", portFiles({ "a/b/link": ["120000", "../../c/x"] })));
    assert.throws(() => packPort("ring", portFiles({ "a/b/link": ["120000", "../../../x"] })), /leads out/);
  });

  it("cannot be there twice, in two cases, as file and folder, too large, too many, or not as long as said", () => {
    const entry = (file: string, size = 1) => ({ path: file, mode: "100644" as const, size, content: "YQ==" });
    assert.throws(() => unpackPort({ module: "ring", files: [entry("a"), entry("a")] }), /twice/);
    assert.throws(
      () => unpackPort({ module: "ring", files: [entry("Makefile"), entry("makefile")] }),
      /case does not count/,
    );
    assert.throws(() => unpackPort({ module: "ring", files: [entry("a"), entry("a/b")] }), /a file and a folder/);
    assert.throws(() => unpackPort({ module: "ring", files: [entry("a", 2)] }), /has 1 bytes, and its entry says 2/);
    assert.throws(() => unpackPort({ module: "ring", files: [] }), /no file/);
    assert.throws(() => packPort("ring", portFiles({ a: "x".repeat(9 << 20) })), /at most/);
    const many = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`f${i}`, "x".repeat(7 << 20)]));
    assert.throws(() => packPort("ring", portFiles(many)), /and a port has at most/);
    assert.throws(
      () => packPort("ring", portFiles(Object.fromEntries(Array.from({ length: 5001 }, (_, i) => [`f${i}`, ""])))),
      /5001 files/,
    );
  });

  it("are read from a folder with their modes, without what a build leaves there", async (t) => {
    const dir = await mkdtemp(path.join(os.tmpdir(), "kport-port-"));
    t.after(() => rm(dir, { recursive: true }));
    await mkdir(path.join(dir, "src"));
    for (const [file, text] of [
      ["Kbuild", "k"],
      ["src/a.rs", "a"],
      ["build.sh", "#!/bin/sh"],
      ["src/a.o", "object"],
      ["Module.symvers", ""],
    ] as const)
      await writeFile(path.join(dir, file), text);
    await chmod(path.join(dir, "build.sh"), 0o755);
    await symlink("src/a.rs", path.join(dir, "latest.rs"));
    assert.deepEqual(
      await readPort(dir),
      portFiles({
        Kbuild: "k",
        "build.sh": ["100755", "#!/bin/sh"],
        "latest.rs": ["120000", "src/a.rs"],
        "src/a.rs": "a",
      }),
    );
    execFileSync("mkfifo", [path.join(dir, "pipe")]);
    await assert.rejects(readPort(dir), /"pipe" is neither a file nor a link/);
  });
});

describe("a tree's name", () => {
  it("is git's", async (t) => {
    const dir = await mkdtemp(path.join(os.tmpdir(), "kport-tree-"));
    t.after(() => rm(dir, { recursive: true }));
    const git = (...args: string[]) => execFileSync("git", ["-C", dir, ...args], { encoding: "utf8" }).trim();
    git("init", "--quiet");
    const texts = { ...FIRST, "a.b": "1", "a/b": "2", "a-b": "3", "ä/ö": "4", "src.rs": "5" };
    for (const [file, { mode, content }] of portFiles(texts)) {
      await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
      if (mode === "120000") await symlink(content.toString(), path.join(dir, file));
      else await writeFile(path.join(dir, file), content, { mode: mode === "100755" ? 0o755 : 0o644 });
    }
    git("add", "-A");
    assert.equal(treeId(listingOf(portFiles(texts))), git("write-tree"));
    assert.equal(treeId(new Map()), undefined);
  });
});

describe("where a port goes", () => {
  it("is a folder of the repository's and a branch of the base's", () => {
    assert.equal(folderOf("rust/{module}", "ring"), "rust/ring");
    assert.equal(folderOf("./rust/{module}/port/", "ring"), "rust/ring/port");
    assert.equal(branchOf("release/6.1", "ring"), "kport/port/release/6.1/ring");
    for (const pattern of ["", ".", "./", "/rust", "../rust", "rust/../..", ".github/workflows", ".git/x", "a\\b"])
      assert.throws(() => folderOf(pattern, "ring"), /input "port-dir"/, pattern);
  });
});
