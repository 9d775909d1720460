/** Small C programs, one idea a file, do the same in Rust; `npm run programs` says more of each. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import type { Doctors } from "../csmith/user-space.ts";
import { compare, type Compared, PROGRAMS } from "./programs.ts";

async function compared(names: readonly string[], doctors?: Doctors, flags?: readonly string[]): Promise<Compared> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-programs-"));
  try {
    const files = names.map((n) => path.join(PROGRAMS, `${n}.c`));
    return await compare(files, dir, doctors, flags);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

describe("small C programs do the same in Rust", () => {
  test("all of them, most functions printed", async () => {
    const names = (await readdir(PROGRAMS)).flatMap((f) => (f.endsWith(".c") ? [path.basename(f, ".c")] : []));
    const r = await compared(names);
    assert.deepEqual(r.differences, []);
    assert.ok(r.printed && r.printed.functions > r.printed.all * 0.8, JSON.stringify(r.printed));
  });

  // From 6.2 on, kernels have characters without a sign.
  test("characters without a sign", async () => {
    const r = await compared(["characters", "integer-promotions", "bit-field-values"], {}, ["-funsigned-char"]);
    assert.deepEqual(r.differences, []);
  });

  const other = (text: string): string => text.replaceAll(/ >> /g, " << ");
  const blamed = async (doctors: Doctors): Promise<string[]> =>
    (await compared(["shifts"], doctors)).differences.map((d) => `${d.program}: ${d.way}`);

  test("a wrong translation is told, with the program and the stage", async () => {
    assert.deepEqual(await blamed({ lowered: other }), ["shifts: lowered C"]);
    assert.deepEqual(await blamed({ rust: other }), ["shifts: Rust"]);
    assert.deepEqual(await blamed({ printed: other }), ["shifts: printed Rust"]);
  });
});
