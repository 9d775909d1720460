import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { execa } from "execa";
import { cached, contentKey, replaceFolder, scratchFolder } from "../../src/machine/cache.ts";
import { put, temporaryFolder } from "../toolchain/fakes.ts";

test("a key tells values apart by length", () => {
  assert.notEqual(contentKey(["ab", "c"]), contentKey(["a", "bc"]));
  assert.equal(contentKey(["ab", "c"]), contentKey(["ab", new TextEncoder().encode("c")]));
});

describe("cached", () => {
  test("makes a folder once, and leaves nothing when the making fails", async (t) => {
    const dir = await temporaryFolder(t);
    const before = process.env["KPORT_CACHE_DIR"];
    process.env["KPORT_CACHE_DIR"] = dir;
    t.after(() =>
      before === undefined ? delete process.env["KPORT_CACHE_DIR"] : (process.env["KPORT_CACHE_DIR"] = before),
    );
    await assert.rejects(
      cached("kind", "key", async (d) => {
        await writeFile(path.join(d, "half"), "");
        throw new Error("failed half way");
      }),
      /failed half way/,
    );
    assert.deepEqual(await readdir(path.join(dir, "kind")), []);
    let made = 0;
    const produce = async (d: string): Promise<void> => writeFile(path.join(d, "whole"), String(++made));
    assert.equal((await cached("kind", "key", produce)).hit, false);
    const second = await cached("kind", "key", produce);
    assert.equal(second.hit, true);
    assert.equal(await readFile(path.join(second.dir, "whole"), "utf8"), "1");
  });
});

describe("scratchFolder", () => {
  test("goes when it is disposed of", async (t) => {
    const dir = await temporaryFolder(t);
    let seen = "";
    {
      await using scratch = await scratchFolder(path.join(dir, "deep/making-"));
      seen = scratch.dir;
      assert.ok(existsSync(seen));
    }
    assert.equal(existsSync(seen), false);
  });

  test("goes when the process exits in the middle", async (t) => {
    const dir = await temporaryFolder(t);
    const script = `import { writeFile } from "node:fs/promises";
      import { scratchFolder } from ${JSON.stringify(path.join(import.meta.dirname, "../../src/machine/cache.ts"))};
      const s = await scratchFolder(${JSON.stringify(path.join(dir, "making-"))});
      await writeFile(s.dir + "/half", "");
      process.exit(130);`;
    const r = await execa(process.execPath, ["--input-type=module", "-e", script], { reject: false });
    assert.equal(r.exitCode, 130, r.stderr);
    assert.deepEqual(await readdir(dir), []);
  });
});

test("replaceFolder puts a folder in the place of another, whole", async (t) => {
  const dir = await temporaryFolder(t);
  await put(path.join(dir, "new/b"), "new");
  await put(path.join(dir, "target/a"), "old");
  await replaceFolder(path.join(dir, "new"), path.join(dir, "target"));
  assert.deepEqual(await readdir(path.join(dir, "target")), ["b"]);
  assert.deepEqual((await readdir(dir)).sort(), ["new", "target"]);
});
