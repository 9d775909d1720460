/** A c2rust that somebody ends, as against one that fails: the first says nothing of the text. */
import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import type { LoweredUnit } from "../../src/stages/lower/index.ts";
import { transpile, Untranslatable } from "../../src/stages/transpile/index.ts";

/** What comes of a program that ends like this in c2rust's place. */
async function fault(ending: string): Promise<unknown> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-ended-"));
  const tool = path.join(scratch.dir, "c2rust");
  await writeFile(tool, `#!/bin/sh\n# ${scratch.dir}\n${ending}\n`);
  await chmod(tool, 0o755);
  const unit = {
    text: "int a;\n",
    renamed: new Map(),
    command: { file: "/a.c", directory: "/", arguments: ["clang", "-c", "/a.c"], output: "/a.o" },
  } as unknown as LoweredUnit;
  return await transpile(unit, "a", { path: tool, version: "0.22.1" }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

for (const signal of ["TERM", "INT"])
  test(`one that is ended by SIG${signal} is no fault of the unit's, and is not kept`, async () => {
    const error = await fault(`kill -${signal} $$`);
    assert.match(String(error), /was ended by another program/);
    assert.ok(!(error instanceof Untranslatable));
  });

test("one that aborts, as a program with a defect does, cannot translate the unit", async () => {
  assert.ok((await fault("kill -ABRT $$")) instanceof Untranslatable);
});
