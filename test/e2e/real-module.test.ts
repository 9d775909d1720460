/**
 * The example workflow with nothing replaced: the committed bundle, the real pipeline, a small module, a change to its C, two boots of each commit.
 * Runs with `npm run e2e` only.
 */
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { cacheDir } from "../../src/machine/cache.ts";
import { GitHubServer, OWNER, REPO } from "./server/github-server.ts";
import { lacking } from "./tools.ts";
import { Workspace, releasedFolder, runWorkflow } from "./workflow-run.ts";

const MAKEFILE = `obj-m := greeter.o
KDIR ?= /lib/modules/$(shell uname -r)/build
all:
\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules
clean:
\t$(MAKE) -C $(KDIR) M=$(CURDIR) clean
`;

const SOURCE = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

static int times = 3;
module_param(times, int, 0444);
MODULE_PARM_DESC(times, "how often to greet");

static int __init greeter_init(void)
{
\tint i;

\tWARN_ON_ONCE(times > 100);
\tfor (i = 0; i < times; i++)
\t\tpr_info("hello number %d of %d\\n", i + 1, times);
\treturn 0;
}

static void __exit greeter_exit(void)
{
\tpr_info("bye\\n");
}

module_init(greeter_init);
module_exit(greeter_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("greets");
`;

const skip = process.env["KPORT_E2E"] ? (lacking("act") ?? false) : "npm run e2e runs it";

describe("a pull request on a real module", { skip }, () => {
  it("is ported with its base, booted and reported", async (t) => {
    const server = await GitHubServer.start();
    const workspace = await Workspace.create();
    const action = await releasedFolder();
    t.after(async () => {
      await server.stop();
      await workspace.remove();
      await rm(action, { recursive: true });
    });
    const at = path.join(workspace.dir, "drivers", "greeter");
    await mkdir(at, { recursive: true });
    await writeFile(path.join(at, "Makefile"), MAKEFILE);
    await writeFile(path.join(at, "greeter.c"), SOURCE);
    const baseSha = await workspace.commitAll();
    await writeFile(path.join(at, "greeter.c"), SOURCE.replace("hello number", "greeting number"));
    const headSha = await workspace.commitAll();
    const pull = await server.openPull({ headSha, baseSha });
    const repo = { full_name: `${OWNER}/${REPO}` };
    const payload = { action: "synchronize", number: pull.number, pull_request: { number: pull.number, head: { sha: headSha, ref: pull.headBranch, repo }, base: { sha: baseSha, ref: "main", repo } }, repository: { ...repo, name: REPO, owner: { login: OWNER } } };
    const ran = await runWorkflow(server, { example: "pull-request.yml", event: "pull_request", payload, workspace, run: { id: 1, number: 1 }, action, env: { KPORT_CACHE_DIR: cacheDir() }, edit: (w) => `${w}        with:\n          cache: false\n` });
    assert.ok(ran.ok, ran.log);
    const [comment, ...others] = await server.comments(pull.number);
    assert.deepEqual(others, []);
    assert.match(comment!.body, /\n### (✅|⚠️) `greeter`: the Rust port builds, boots and behaves like the C/);
    assert.match(comment!.body, /What it does to the Rust, against <code>[0-9a-f]{12}<\/code>: 1 file, \+1 −1/, "a port depends on the C alone, not on where and when it was made");
    assert.match(comment!.body, /```diff\n[^`]*\+[^\n]*greeting/);
    assert.equal((await server.checkRuns(headSha))[0]?.conclusion, "success");
    const files = server.results.artifactsOf(1).find((a) => a.name === "kport-report-files");
    for (const name of ["report.html", "port/Kbuild"]) assert.ok(files?.bytes.includes(name), name);
    assert.doesNotMatch(ran.log, /ghs_writes/);
    assert.deepEqual(server.invalid, []);
  });
});
