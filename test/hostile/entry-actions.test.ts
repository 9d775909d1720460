/** What a checkout can hold against the action that reads it, before anything is built. */
import assert from "node:assert/strict";
import { mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { outFolder } from "../../src/actions/check.ts";
import { readMatrixFile } from "../../src/matrix/file.ts";
import { checkTree } from "../../src/actions/check-tree.ts";
import { discoverModules } from "../../src/actions/discover-modules.ts";
import { jobId } from "../../src/actions/job-matrix.ts";
import type { CheckRequest } from "../../src/check/check-request.ts";
import { writeResults } from "../../src/check/results.ts";
import type { CheckInputs } from "../../src/doors/inputs.ts";
import type { RunContext } from "../../src/github/run-context.ts";
import { filesOf } from "../../src/github/upload.ts";
import { UserError } from "../../src/machine/errors.ts";
import { sampleReport } from "../report/sample.ts";
import { temporaryFolder } from "../toolchain/fakes.ts";
import { put, SECRET } from "./entry.ts";

/** Check the one folder of a workspace against a committed port, with a pipeline that only writes a report. */
async function compared(workspace: string, baseline: string): Promise<{ patch: string; requests: CheckRequest[] }> {
  const requests: CheckRequest[] = [];
  const inputs = {
    baseline,
    modules: [],
    kernel: [],
    boot: false,
    headers: "helpers",
    names: [],
    make: "",
  } as unknown as CheckInputs;
  const tree = await checkTree(
    inputs,
    { workspace, pull: undefined } as unknown as RunContext,
    ["mod"],
    path.join(workspace, "out"),
    async (request) => {
      requests.push(request);
      await mkdir(path.join(request.out, "port"), { recursive: true });
      return [await writeResults(sampleReport({ module: { name: "m", dir: "mod" } }), request.out)];
    },
    AbortSignal.timeout(60_000),
  );
  return { patch: JSON.stringify(tree.checked[0]?.report.diff), requests };
}

test("a committed port is compared with; one that a link leads out of the repository is refused, whole or a module's", async (t) => {
  const base = await temporaryFolder(t);
  const workspace = path.join(base, "repo");
  await put(base, {
    "keys/id": SECRET,
    "repo/mod/Makefile": "obj-m := m.o\n",
    "repo/ports/m/src/lib.rs": "// as it was\n",
    "repo/evil/other": "",
  });
  const { patch, requests } = await compared(workspace, "ports");
  assert.match(patch, /as it was/);
  assert.deepEqual(
    requests.map((r) => r.root),
    [workspace],
  );
  await symlink("../keys", path.join(workspace, "linked"));
  await symlink("../../keys", path.join(workspace, "evil/m"));
  await symlink("ports", path.join(workspace, "within"));
  assert.match((await compared(workspace, "within")).patch, /as it was/);
  for (const baseline of ["linked", "evil"])
    await assert.rejects(
      compared(workspace, baseline),
      (e) => e instanceof UserError && /leads out of the repository by a symbolic link/.test(e.message),
    );
  assert.equal(await readFile(path.join(base, "keys/id"), "utf8"), SECRET);
});

test("looking for modules neither follows links nor waits for a device", { timeout: 20_000 }, async (t) => {
  const base = await temporaryFolder(t);
  await put(base, {
    "repo/a/Makefile": "obj-m := a.o\n",
    "repo/b/Makefile": "obj-m := b.o\n",
    "keys/Makefile": "obj-m := secret.o\n",
  });
  await symlink("/dev/zero", path.join(base, "repo/a/provenance.json"));
  await symlink("../../keys", path.join(base, "repo/b/keys"));
  assert.deepEqual(
    (await discoverModules(path.join(base, "repo"))).map((m) => m.dir),
    ["a", "b"],
  );
});

test("looking for modules takes its time in proportion, and names no more than there is", {
  timeout: 600_000,
}, async (t) => {
  const root = await temporaryFolder(t);
  await put(root, {
    "a/Makefile": `obj-m := a.o${" #".repeat(200_000)}\rx\n`,
    "b/dkms.conf": `PACKAGE_NAME=${"b".repeat(400_000)}\nBUILT_MODULE_NAME[0]=${"$PACKAGE_NAME".repeat(40_000)}\nBUILT_MODULE_NAME[1]=b\n`,
  });
  const started = performance.now();
  assert.deepEqual(
    (await discoverModules(root)).map((m) => m.names),
    [["a"], ["b"]],
  );
  assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
});

test("no folder's results take the place of another's, whatever a pull request calls its own", () => {
  for (const folder of [".", "drivers/a", "a b", "../x", "é", `${"x".repeat(80)}/y`]) {
    // A folder that is called as this one's results, and one that is called as that one's.
    const folders = [folder];
    for (let i = 0; i < 3; i++) folders.push(jobId(folders.at(-1) as string, undefined));
    for (const kernel of [undefined, "6.1"])
      assert.equal(new Set(folders.map((f) => jobId(f, kernel))).size, folders.length, folders.join(", "));
  }
  assert.equal(jobId("plain", undefined), "plain");
});

test("results do not go through a link of the checkout's", async (t) => {
  const base = await temporaryFolder(t);
  await mkdir(path.join(base, "repo/deep"), { recursive: true });
  await symlink("..", path.join(base, "repo/deep/out"));
  await assert.rejects(
    outFolder(path.join(base, "repo"), "deep/out/x"),
    (e) => e instanceof UserError && /"deep\/out" is a symbolic link/.test(e.message),
  );
});

test("what is uploaded is what lies there, and nothing that a link of the checkout's leads to", async (t) => {
  const base = await temporaryFolder(t);
  await put(base, { "keys/id": SECRET, "repo/out/report.json": "{}", "repo/out/.hidden/file": "" });
  await symlink("../../keys/id", path.join(base, "repo/out/id"));
  await symlink("../../keys", path.join(base, "repo/out/keys"));
  await symlink("report.json", path.join(base, "repo/out/within"));
  const out = path.join(base, "repo/out");
  assert.deepEqual((await filesOf(out)).map((f) => path.relative(out, f)).sort(), [".hidden/file", "report.json"]);
});

test("kport.yml is a file with an end, whatever a checkout has of that name", { timeout: 60_000 }, async (t) => {
  const dir = await temporaryFolder(t);
  await put(dir, { "good.yml": "modules: [m]\n", "long.yml": `# ${"x".repeat(2 * 1024 * 1024)}\nmodules: [m]\n` });
  await symlink("/dev/zero", path.join(dir, "endless.yml"));
  assert.equal((await readMatrixFile(path.join(dir, "good.yml"))).modules.length, 1);
  for (const name of ["long.yml", "endless.yml"])
    await assert.rejects(
      readMatrixFile(path.join(dir, name)),
      (e) => e instanceof UserError && e.message.includes(name),
    );
});
