import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { constructsPage } from "../docs/constructs.ts";
import { projectRoot } from "../src/machine/project-root.ts";
import { CONSTRUCTS, isFixture } from "./modules/constructs.ts";

const FIXTURES = path.join(projectRoot(), "test", "modules");

async function sourcesOf(fixture: string): Promise<string> {
  const files = await readdir(path.join(FIXTURES, fixture), { recursive: true }).catch(() => []);
  return (
    await Promise.all(
      files
        .filter((f) => /\.[ch]$/.test(f))
        .sort()
        .map((f) => readFile(path.join(FIXTURES, fixture, f), "utf8")),
    )
  ).join("\n");
}

test("every construct has a fixture that uses it", async () => {
  const unused: string[] = [];
  for (const { construct, shown } of CONSTRUCTS) {
    assert.ok(Object.keys(shown).length > 0, construct);
    for (const [fixture, use] of Object.entries(shown))
      if (!use.test(await sourcesOf(fixture))) unused.push(`${construct} in ${fixture}`);
  }
  assert.deepEqual(unused, []);
});

test("a fixture that is not there, or does not use the construct, would be found", async () => {
  assert.equal(await sourcesOf("no-such-fixture"), "");
  assert.doesNotMatch(await sourcesOf("vla"), /_Generic\s*\(/);
});

test("every fixture shows a construct", async () => {
  const folders = (await readdir(FIXTURES)).filter(isFixture).sort();
  const named = new Set(CONSTRUCTS.flatMap((c) => Object.keys(c.shown)));
  assert.deepEqual(
    folders.filter((f) => !named.has(f)),
    [],
  );
});

test("docs/constructs.md is what `npm run docs` makes of the list", async () => {
  assert.equal(await readFile(path.join(projectRoot(), "docs", "constructs.md"), "utf8"), constructsPage());
});
