import assert from "node:assert/strict";
import { mkdir, utimes } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { prune } from "../../src/github/actions-cache.ts";

describe("prune", () => {
  it("drops what is half made or long unused, and nothing whose age says nothing", async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-prune-"));
    const [used, unused] = ["a".repeat(40), "b".repeat(40)];
    const old = new Date("2020-01-01");
    for (const entry of [`core/${used}`, `core/${unused}`, "core/.making-x1", "node-24/bin", "kernels/6.1.0-1"]) await mkdir(path.join(scratch.dir, entry), { recursive: true });
    for (const entry of [`core/${unused}`, "node-24/bin", "kernels/6.1.0-1"]) await utimes(path.join(scratch.dir, entry), old, old);
    const kept = [`core/${used}`, "kernels/6.1.0-1", "node-24/bin"];
    assert.deepEqual(await prune(scratch.dir), kept);
    assert.deepEqual(await prune(scratch.dir), kept);
  });
});
