/** git works on this machine, outside of every sandbox, in folders whose files are a stranger's: none of them says what it starts. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { git } from "../../src/machine/git.ts";
import { run } from "../../src/machine/process.ts";
import { projectRoot } from "../../src/machine/project-root.ts";

/** A checkout in which the module's folder is laid out as a repository of its own, whose configuration starts a program. */
async function checkout(dir: string): Promise<{ module: string; started: string }> {
  const [module, started] = [path.join(dir, "drivers/evil"), path.join(dir, "started")];
  await run("git", ["init", "--quiet", dir]);
  for (const folder of ["objects", "refs"]) await mkdir(path.join(module, folder), { recursive: true });
  await writeFile(path.join(module, "HEAD"), "ref: refs/heads/main\n");
  await writeFile(path.join(module, "Makefile"), "obj-m := evil.o\n");
  const program = `touch ${started}; false`;
  await writeFile(
    path.join(module, "config"),
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = "${program}"\n[filter "evil"]\n\tclean = "${program}"\n`,
  );
  await writeFile(path.join(module, ".gitattributes"), "* filter=evil\n");
  return { module, started };
}

describe("a module's folder that git would take for a repository", () => {
  it("starts nothing", async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-git-"));
    const { module, started } = await checkout(scratch.dir);
    const status = await git(module, ["status", "--porcelain", "--", "."]);
    await git(module, ["add", "-A"]);
    assert.equal(existsSync(started), false);
    assert.match(status.stderr, /cannot use bare repository/);
  });

  it("would without a word: the control", async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-git-"));
    const { module, started } = await checkout(scratch.dir);
    await run("git", ["-C", module, "status", "--porcelain", "--", "."], { allowFailure: true });
    assert.equal(existsSync(started), true);
  });

  it("is asked about in one place", async () => {
    const sources = (await readdir(path.join(projectRoot(), "src"), { recursive: true })).filter((f) =>
      f.endsWith(".ts"),
    );
    const starting: string[] = [];
    for (const file of sources)
      if ((await readFile(path.join(projectRoot(), "src", file), "utf8")).includes('run("git"')) starting.push(file);
    assert.deepEqual(starting, ["machine/git.ts"]);
  });
});
