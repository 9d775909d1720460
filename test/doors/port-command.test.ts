/** `kport port DIR --dry-run`, as a person at a shell meets it. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { localBase } from "../../src/port/local-git.ts";
import { folderOf, planPort } from "../../src/port/plan.ts";
import { run } from "../../src/machine/process.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { FIRST, lines, portFiles } from "../e2e/port-scene.ts";

let dir: string;
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-port-"));
});
after(() => rm(dir, { recursive: true, force: true }));

async function kport(...args: string[]): Promise<{ status: number | undefined; out: string; err: string }> {
  const r = await run(process.execPath, [path.join(projectRoot(), "src", "doors", "cli.ts"), "port", ...args], {
    cwd: dir,
    allowFailure: true,
    timeout: 900_000,
    env: { KPORT_CACHE_DIR: process.env["KPORT_CACHE_DIR"] ?? "" },
  });
  return { status: r.exitCode, out: r.stdout, err: r.stderr };
}

async function git(...args: string[]): Promise<string> {
  return (
    await run("git", [
      "-c",
      "user.name=t",
      "-c",
      "user.email=t@example.com",
      "-c",
      "commit.gpgsign=false",
      "-C",
      path.join(dir, "repo"),
      ...args,
    ])
  ).stdout.trim();
}

async function commit(files: Record<string, string | Buffer>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, "repo", file)), { recursive: true });
    await writeFile(path.join(dir, "repo", file), content);
  }
  await git("add", "-A");
  await git("commit", "--quiet", "-m", "change");
}

describe("kport port", () => {
  before(async () => {
    await mkdir(path.join(dir, "repo"));
    await git("init", "--quiet", "--initial-branch=trunk");
    await commit({
      "tiny/Makefile": "obj-m := tiny.o\nall:\n\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules\n",
      "tiny/tiny.c":
        '#include <linux/module.h>\n\nstatic int __init tiny_init(void)\n{\n\treturn 0;\n}\n\nmodule_init(tiny_init);\nMODULE_LICENSE("GPL");\n',
    });
  });

  it("writes to GitHub only as the Action, and says so", async () => {
    const r = await kport("repo/tiny");
    assert.equal(r.status, 2);
    assert.match(r.err, /^kport: at a shell kport port only says what it would do: add --dry-run/m);
  });

  it("is refused for what is no commit, and outside of a repository", async () => {
    const bad = await kport("repo/tiny", "--dry-run", "--base", "--nope");
    assert.equal(bad.status, 2, bad.err);
    assert.match(bad.err, /--base --nope: not a commit/);
    await mkdir(path.join(dir, "outside"));
    assert.match((await kport("outside", "--dry-run")).err, /--base HEAD: not a commit of a repository that holds/);
  });

  it("prints the branch, the files, the title and the text, and writes only the check's results", async () => {
    const before = await git("rev-parse", "HEAD");
    const r = await kport("repo/tiny", "--dry-run", "--kernel", "6.1", "--no-boot", "--port-dir", "ports/{module}");
    assert.equal(r.status, 0, r.err);
    assert.match(r.out, /^branch {2}kport\/port\/trunk\/tiny\nbase {4}trunk\nfolder {2}ports\/tiny\n\d+ added\n/m);
    for (const file of ["Kbuild", "kport-generated.json", "src/tiny.rs"])
      assert.match(r.out, new RegExp(`^ {2}${file}$`, "m"));
    assert.match(r.out, /^title {3}Port tiny to Rust\n\nBrings the Rust port of `tiny` in `ports\/tiny`/m);
    assert.deepEqual(
      [await git("rev-parse", "HEAD"), await git("status", "--porcelain"), await git("branch", "--list")],
      [before, "", "* trunk"],
    );
  });
});

describe("a clone's base", () => {
  it("is merged with as on GitHub: texts, and what is none, by the names of its remote's branches", async () => {
    const first = await planPort(
      (await localBase(path.join(dir, "repo"), "HEAD")).commit,
      "ring",
      folderOf("rust/{module}", "ring"),
      portFiles(FIRST),
    );
    const binary = Buffer.from([1, 200, 255, 10]);
    for (const [file, entry] of first.listing)
      if (entry.mode !== "120000") await commit({ [`rust/ring/${file}`]: first.contents.get(entry.sha)! });
    await commit({ "rust/ring/src/ring.rs": lines("fn", 40, { 3: "by hand" }), "rust/ring/logo.bin": binary });
    await git("update-ref", "refs/remotes/origin/release/6.1", "HEAD");
    const base = await localBase(path.join(dir, "repo", "tiny"), "origin/release/6.1");
    assert.equal(base.name, "release/6.1");
    const plan = await planPort(
      base.commit,
      "ring",
      "rust/ring",
      portFiles({
        ...FIRST,
        "src/ring.rs": lines("fn", 40, { 30: "generated" }),
        "logo.bin": ["100644", Buffer.from([1, 201, 255, 10])],
      }),
    );
    assert.equal(
      plan.contents.get(plan.listing.get("src/ring.rs")!.sha)!.toString(),
      lines("fn", 40, { 3: "by hand", 30: "generated" }),
    );
    assert.deepEqual(
      plan.conflicts.map((c) => [c.path, c.why]),
      [["logo.bin", "is not text, and both sides changed it"]],
    );
    assert.deepEqual(await base.commit.blob("0".repeat(40)), undefined);
    await assert.rejects(
      planPort(base.commit, "ring", "rust/ring/src/ring.rs", portFiles(FIRST)),
      /it is a file in the repository/,
    );
  });
});
