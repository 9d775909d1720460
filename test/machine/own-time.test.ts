/** What kport itself does with a stranger's text is ended when it takes too long at one go, whatever it is that it is doing. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { build } from "rolldown";
import { bundles } from "../../rolldown.config.ts";
import { scratchFolder } from "../../src/machine/cache.ts";
import { run } from "../../src/machine/process.ts";
import { projectRoot } from "../../src/machine/project-root.ts";

const MACHINE = path.join(projectRoot(), "src/machine");
const BEGIN = `
import { readFile } from "node:fs/promises";
import { boundOwnTime } from "${MACHINE}/own-time.ts";
import { run } from "${MACHINE}/process.ts";
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
await boundOwnTime({ most: 1000, beat: 50 });
`;

/** How a program that uses kport's sources ended. */
async function ended(script: string, prepare: (file: string) => Promise<string> = async (f) => f) {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-own-time-"));
  const file = path.join(scratch.dir, "program.ts");
  await writeFile(file, `${BEGIN}${script}\nconsole.log("done");`);
  return await run(process.execPath, [await prepare(file)], { timeout: 120_000, allowFailure: true });
}

/** In a bundle it has the watching thread as text. */
async function bundled(file: string): Promise<string> {
  const dir = path.join(path.dirname(file), "dist");
  await build(bundles({ program: file }, dir));
  return path.join(dir, "program.js");
}

const ENDLESS: Record<string, string> = {
  "a loop at once": "for (;;);",
  "a loop behind a program": 'await run("true", []); for (;;);',
  "a loop in what reads a program's lines":
    'await run("sh", ["-c", "echo a; sleep 60"], { onLine: () => { for (;;); } });',
  "a regular expression": 'await readFile("/etc/passwd"); /^(a+)+$/.test("a".repeat(100) + "b");',
  "promises that are kept at once": "for (;;) await undefined;",
  "what catches everything": "for (;;) try { JSON.parse('[1,'); } catch {}",
};

describe("kport's own work on a stranger's text", () => {
  for (const [what, code] of Object.entries(ENDLESS))
    it(`is ended: ${what}`, async () => {
      const r = await ended(code);
      assert.match(r.stderr, /^error: kport's own work on .* was ended \(bound: time 1 s at one go\)/m);
      assert.doesNotMatch(r.stdout, /done/);
      assert.equal(r.timedOut, false);
    });

  it("is ended in a bundle too", async () => {
    assert.match((await ended("for (;;);", bundled)).stderr, /^error: kport's own work/m);
  });

  it("goes on where it waits, or lets others have their turn, and the process ends when it is done: the control", async () => {
    const r = await ended(`
      const busy = (ms: number) => { const end = performance.now() + ms; while (performance.now() < end); };
      await wait(2500);
      for (let i = 0; i < 20; i++) { busy(100); await wait(1); }`);
    assert.equal(r.stdout, "done\n");
    assert.equal(r.exitCode, 0);
  });
});
