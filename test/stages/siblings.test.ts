import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { builtSymbols, writeSiblingSymbols } from "../../src/stages/capture/siblings.ts";

const LINES = ["0x1\tone_f\tone\tEXPORT_SYMBOL_GPL\t", "0x2\ttwo_f\ttwo\tEXPORT_SYMBOL\tNAMES"];

test("a port sees what the other modules of its folder export, whichever makefile built them", async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-siblings-"));
  try {
    await mkdir(path.join(dir, "deep"));
    await writeFile(path.join(dir, "Module.symvers"), `${LINES[0]}\n0x2\ttwo_f\tdeep/two\tEXPORT_SYMBOL\tNAMES\n`);
    await writeFile(
      path.join(dir, "deep", "Module.symvers"),
      `${LINES[1]}\n0x3\tthree_f\tdeep/three\tEXPORT_SYMBOL\t\n`,
    );
    const built = await builtSymbols(dir);
    assert.deepEqual(
      built.map((l) => l.split("\t")[1]),
      ["one_f", "two_f", "three_f"],
    );
    const file = await writeSiblingSymbols(built, "two", dir);
    assert.equal(await readFile(file as string, "utf8"), `${LINES[0]}\n0x3\tthree_f\tthree\tEXPORT_SYMBOL\t\n`);
    assert.equal(await writeSiblingSymbols(LINES.slice(0, 1), "one", dir), undefined);
  } finally {
    await rm(dir, { recursive: true });
  }
});
