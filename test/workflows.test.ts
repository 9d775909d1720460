/** Every workflow and action file of this repository, by the tools that people check theirs with; all of them work offline. */
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { projectRoot } from "../src/machine/project-root.ts";
import { lacking, start } from "./e2e/tools.ts";

const root = projectRoot();
const ACTIONS = ["action.yml", "report/action.yml"];
const EXAMPLES = await listed("examples/workflows");
const WORKFLOWS = [...EXAMPLES, ...(await listed(".github/workflows"))];

async function listed(folder: string): Promise<string[]> {
  return (await readdir(path.join(root, folder))).filter((f) => f.endsWith(".yml")).map((f) => `${folder}/${f}`);
}

async function clean(name: Parameters<typeof start>[0], args: string[]): Promise<void> {
  const { exitCode, all } = await start(name, args, { cwd: root });
  assert.equal(exitCode, 0, all);
}

describe("workflows and action files", () => {
  it("are clean to actionlint", { skip: lacking("actionlint") ?? false }, () => clean("actionlint", WORKFLOWS));
  it("are clean to zizmor, pedantically", { skip: lacking("zizmor") ?? false }, () =>
    clean("zizmor", ["--offline", "--persona=pedantic", "--format=plain", ...WORKFLOWS, ...ACTIONS]),
  );
  it("fit GitHub's schemas", { skip: lacking("check-jsonschema") ?? false }, async () => {
    await clean("check-jsonschema", ["--builtin-schema", "vendor.github-workflows", ...WORKFLOWS]);
    await clean("check-jsonschema", ["--builtin-schema", "vendor.github-actions", ...ACTIONS]);
    await clean("check-jsonschema", ["--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"]);
  });

  it("would be found unclean if they were", { skip: lacking("zizmor") ?? false }, async () => {
    const { exitCode, all } = await start("zizmor", [
      "--offline",
      "--format=plain",
      "--no-config",
      path.join(root, "test/e2e/unclean-workflow.yml"),
    ]);
    assert.notEqual(exitCode, 0);
    assert.match(all, /unpinned-uses/);
    assert.match(all, /dangerous-triggers/);
  });

  for (const file of EXAMPLES) {
    it(`${file} grants nothing by default, limits time and runs one at a time`, async () => {
      const workflow = parse(await readFile(path.join(root, file), "utf8")) as {
        permissions: object;
        concurrency: object;
        jobs: Record<
          string,
          { permissions: Record<string, string>; "timeout-minutes": number; steps: { uses?: string }[] }
        >;
      };
      assert.deepEqual(workflow.permissions, {});
      assert.ok(workflow.concurrency);
      for (const job of Object.values(workflow.jobs)) {
        assert.ok(job["timeout-minutes"] <= 60);
        // What can change the repository runs nothing of the modules.
        const runsModules = job.steps.some((s) => /\/kport@/.test(s.uses ?? ""));
        assert.ok(!("contents" in job.permissions) || job.permissions["contents"] === "read" || !runsModules);
      }
    });
  }

  it("have problem matchers whose owners are their files' names", async () => {
    const folder = path.join(root, ".github", "problem-matchers");
    for (const file of await readdir(folder)) {
      const { problemMatcher } = JSON.parse(await readFile(path.join(folder, file), "utf8")) as {
        problemMatcher: { owner: string }[];
      };
      assert.deepEqual(
        problemMatcher.map((m) => m.owner),
        [`kport-${path.basename(file, ".json")}`],
      );
    }
  });
});
