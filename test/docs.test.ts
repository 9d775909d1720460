import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { actionPage } from "../docs/action.ts";
import { defencesPage } from "../docs/defences.ts";
import { fidelityPage } from "../docs/fidelity.ts";
import { printingPage } from "../docs/printing.ts";
import { RULES } from "../src/stages/print/rules/table.ts";
import { projectRoot } from "../src/machine/project-root.ts";

describe("docs/action.md", () => {
  it("is what `npm run docs` makes of the action files", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "action.md"), "utf8"), await actionPage());
  });
});

describe("docs/printing.md", () => {
  it("is what `npm run docs` makes of the printer's rules", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "printing.md"), "utf8"), printingPage());
  });

  it("names a module of test/modules for each", () => {
    for (const r of RULES) assert.ok(existsSync(path.join(projectRoot(), "test/modules", r.fixture)), r.fixture);
  });
});

describe("docs/c2rust.md", () => {
  it("names an input that is there for each fault, and files that are there for what is done about it", async () => {
    const rows = (await readFile(path.join(projectRoot(), "docs", "c2rust.md"), "utf8"))
      .split("\n")
      .filter((l) => /^\| (?!fault|-)/.test(l));
    assert.ok(rows.length > 15);
    for (const row of rows) {
      const [, fault = "", shown = "", safe = ""] = row.split(/(?<!\\)\|/);
      const linked = (cell: string): string[] => [...cell.matchAll(/\]\((\.\.\/[^)#]+)\)/g)].map((m) => m[1] as string);
      assert.ok(linked(shown).length > 0, fault);
      for (const to of linked(shown)) assert.match(to, /^\.\.\/test\//, fault);
      for (const to of [...linked(shown), ...linked(safe)])
        assert.ok(existsSync(path.join(projectRoot(), "docs", to)), `${fault}: ${to}`);
    }
  });
});

describe("docs/defences.md", () => {
  it("is what `npm run docs` makes of the defences and their tests", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "defences.md"), "utf8"), defencesPage());
  });
});

describe("docs/fidelity.md", () => {
  it("is what `npm run docs` makes of the checks and their controls", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "fidelity.md"), "utf8"), fidelityPage());
  });
});
