import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { boot } from "../../docs/boot.ts";
import { CONTROLS } from "../../src/stages/boot/controls.ts";

test("docs/boot.md lists every control as it is", async () => {
  const text = await readFile(path.join(import.meta.dirname, "../../docs/boot.md"), "utf8");
  assert.equal(text, await boot(), "run node docs/boot.ts");
  for (const c of CONTROLS) assert.ok(text.includes(`| ${c.name} | ${c.expected} |`), c.name);
});
