import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { actionPage } from "../docs/action.ts";
import { projectRoot } from "../src/project-root.ts";

describe("docs/action.md", () => {
  it("is what `npm run docs` makes of the action files", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "action.md"), "utf8"), await actionPage());
  });
});
