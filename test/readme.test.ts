/** What the documents say of this repository must be there. */
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { CONTROLS } from "../src/stages/boot/controls.ts";
import { projectRoot } from "../src/machine/project-root.ts";

const root = projectRoot();
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "docs/how-it-works.md",
  "docs/exercise.md",
  "docs/action.md",
  "test/modules/README.md",
];
const read = (file: string) => readFile(path.join(root, file), "utf8");

/** Targets of a document's links within the repository, relative to its root. */
function localLinks(file: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)#\s]+)/g)]
    .map((m) => m[1] as string)
    .filter((to) => !/^\w+:/.test(to))
    .map((to) => path.join(path.dirname(file), to));
}

describe("the documents", () => {
  for (const file of DOCUMENTS) {
    it(`${file} links to what is there`, async () => {
      for (const to of localLinks(file, await read(file)))
        await assert.doesNotReject(stat(path.join(root, to)), `${file} links to ${to}`);
    });
  }

  it("would be found out if they linked to something else", async () => {
    const [to] = localLinks("docs/a.md", "[x](../no-such-file.md), [y](https://example.org/z)");
    assert.equal(to, "no-such-file.md");
    await assert.rejects(stat(path.join(root, to)));
  });

  it("show a picture each of comment, summary and page, none over 250 kB", async () => {
    const pictures = localLinks("README.md", await read("README.md"))
      .filter((to) => to.endsWith(".png"))
      .sort();
    assert.deepEqual(pictures, ["docs/images/comment.png", "docs/images/report.png", "docs/images/summary.png"]);
    for (const p of pictures) assert.ok((await stat(path.join(root, p))).size < 250_000, p);
  });

  it("give the workflow's short form the rights of the whole one", async () => {
    type Workflow = {
      permissions: object;
      jobs: { kport: { permissions: object; steps: { uses: string; with?: object }[] } };
    };
    const short = parse(/```yaml\n([^]*?)```/.exec(await read("README.md"))?.[1] ?? "") as Workflow;
    const whole = parse(await read("examples/workflows/pull-request.yml")) as Workflow;
    assert.deepEqual(short.permissions, whole.permissions);
    assert.deepEqual(short.jobs.kport.permissions, whole.jobs.kport.permissions);
    assert.deepEqual(
      short.jobs.kport.steps.map((s) => [s.uses.replace(/@.*/, ""), s.with]),
      whole.jobs.kport.steps.map((s) => [s.uses.replace(/@.*/, ""), s.with]),
    );
  });

  it("count the boot check's controls", async () => {
    assert.match(await read("README.md"), new RegExp(`loads ${CONTROLS.length} modules`));
  });
});
