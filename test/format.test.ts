/** The sources are formatted (biome.json); `npm run format` does it. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { run } from "../src/machine/process.ts";
import { projectRoot } from "../src/machine/project-root.ts";

const root = projectRoot();
const biome = path.join(root, "node_modules", "@biomejs", "biome", "bin", "biome");

describe("the formatter", () => {
  test("has nothing to change", async () => {
    const r = await run(process.execPath, [biome, "format", "--max-diagnostics=10"], { cwd: root, allowFailure: true });
    assert.equal(r.exitCode, 0, `npm run format\n${r.stderr}`);
    assert.match(r.stderr, /Checked [1-9]\d{2,} files/);
  });

  test("sees what is not formatted", async () => {
    const stdin = { cwd: root, input: "export const a = {b:1}\n" };
    const r = await run(process.execPath, [biome, "format", "--stdin-file-path=src/any.ts"], stdin);
    assert.equal(r.stdout, "export const a = { b: 1 };\n");
  });
});
