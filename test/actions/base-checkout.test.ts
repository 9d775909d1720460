import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { checkoutBase } from "../../src/actions/base-checkout.ts";
import { canned, passing } from "../e2e/canned-reports.ts";
import { Workspace } from "../e2e/workflow-run.ts";

/** main with two commits, a topic from the first of them, and GitHub's merge commit of both checked out. */
async function merged(): Promise<{ workspace: Workspace; old: string; main: string; head: string }> {
  const workspace = await Workspace.create();
  const old = await workspace.commit({ a: canned(passing()) });
  await workspace.git("checkout", "--quiet", "-b", "topic");
  await writeFile(path.join(workspace.dir, "topic"), "");
  const head = await workspace.commitAll();
  await workspace.git("checkout", "--quiet", "main");
  await writeFile(path.join(workspace.dir, "newer"), "");
  const main = await workspace.commitAll();
  await workspace.git("merge", "--quiet", "--no-ff", "-m", "merge", "topic");
  return { workspace, old, main, head };
}

describe("checkoutBase", () => {
  it("takes the merge commit's first parent, where the event's base is older", async (t) => {
    const { workspace, old, main, head } = await merged();
    t.after(() => workspace.remove());
    const into = path.join(workspace.dir, ".base");
    assert.deepEqual(await checkoutBase(workspace.dir, { baseSha: old, headSha: head }, into), {
      sha: main,
      tree: into,
    });
    assert.equal(await readFile(path.join(into, "newer"), "utf8"), "");
  });

  it("takes the event's base where the checkout is not the merge of this head", async (t) => {
    const { workspace, old } = await merged();
    t.after(() => workspace.remove());
    const into = path.join(workspace.dir, ".base");
    assert.equal((await checkoutBase(workspace.dir, { baseSha: old, headSha: "f".repeat(40) }, into)).sha, old);
  });

  it("runs no hook of the checkout's", async (t) => {
    const { workspace, old } = await merged();
    t.after(() => workspace.remove());
    await mkdir(path.join(workspace.dir, ".git", "hooks"), { recursive: true });
    await writeFile(path.join(workspace.dir, ".git", "hooks", "post-checkout"), "#!/bin/sh\ntouch owned\n", {
      mode: 0o755,
    });
    const into = path.join(workspace.dir, ".base");
    await checkoutBase(workspace.dir, { baseSha: old, headSha: old }, into);
    for (const at of [workspace.dir, into]) await assert.rejects(readFile(path.join(at, "owned")));
    // The control: with hooks allowed, git does run it.
    await workspace.git("worktree", "add", "--detach", "--force", `${into}-2`, old);
    await readFile(path.join(`${into}-2`, "owned"));
  });

  it("says what to do where the commit cannot be had", async (t) => {
    const { workspace } = await merged();
    t.after(() => workspace.remove());
    await workspace.git("remote", "set-url", "origin", path.join(workspace.dir, "nowhere"));
    await assert.rejects(
      checkoutBase(workspace.dir, { baseSha: "e".repeat(40), headSha: "f".repeat(40) }, path.join(workspace.dir, "x")),
      /fetch-depth: 2/,
    );
  });
});
