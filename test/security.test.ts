/** SECURITY.md: each promise names the tests that hold it, and those are there. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";
import { describe, it } from "node:test";
import { projectRoot } from "../src/machine/project-root.ts";
import { DEFENCES } from "./hostile/defences.ts";
import { takenOut, timesIn } from "./hostile/taken-out.ts";

const text = await readFile(path.join(projectRoot(), "SECURITY.md"), "utf8");
const promises = text.split("\n").filter((l) => l.startsWith("- **"));
const testsOf = (line: string): string[] => [...line.matchAll(/\]\((test\/[^)]+)\)/g)].map((m) => m[1] as string);

describe("SECURITY.md", () => {
  it("names tests that are there", () => {
    const named = testsOf(text);
    assert.ok(named.length > 20);
    for (const file of named) assert.ok(existsSync(path.join(projectRoot(), file)), file);
  });

  for (const promise of promises) {
    it(`names what holds "${/\*\*(.*?)\*\*/.exec(promise)?.[1]}"`, () => assert.ok(testsOf(promise).length > 0));
  }

  it("has promises", () => assert.ok(promises.length > 12));
});

describe("a defence that can be taken out", () => {
  it("stands in the sources once, and names tests of a file that is there", async () => {
    for (const d of DEFENCES) {
      const source = await readFile(path.join(projectRoot(), d.file), "utf8");
      assert.equal(timesIn(source, d), 1, `${d.name}: ${d.file}`);
      assert.doesNotThrow(() => stripTypeScriptTypes(takenOut(source, d)), `${d.name}: ${d.file}`);
      assert.ok(existsSync(path.join(projectRoot(), d.test)) && d.fails.length > 0, d.name);
    }
  });
});
