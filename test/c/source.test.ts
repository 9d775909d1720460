import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { readSource } from "../../src/c/source.ts";

async function reading(bytes: Buffer): Promise<string> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-test-"));
  const file = path.join(scratch.dir, "a.c");
  await writeFile(file, bytes);
  return readSource(file);
}

test("UTF-8 is read as what it is", async () => {
  assert.equal(await reading(Buffer.from('/* Jörg */ "é"')), '/* Jörg */ "é"');
});

test("Latin-1 keeps its letters in comments, and the bytes of its strings", async () => {
  assert.equal(
    await reading(Buffer.from('/* J\xf6rg */ "\xe91" \'\xa7\'\n#define A "\xe9"\n', "latin1")),
    '/* Jörg */ "\\3511" \'\\247\'\n#define A "\\351"\n',
  );
});
