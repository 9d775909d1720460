import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { actionPage } from "../docs/action.ts";
import { fidelityPage } from "../docs/fidelity.ts";
import { projectRoot } from "../src/machine/project-root.ts";

describe("docs/action.md", () => {
  it("is what `npm run docs` makes of the action files", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "action.md"), "utf8"), await actionPage());
  });
});

describe("docs/fidelity.md", () => {
  it("is what `npm run docs` makes of the checks and their controls", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "fidelity.md"), "utf8"), fidelityPage());
  });
});
