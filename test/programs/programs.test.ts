/** Small C programs, one idea a file, do the same in Rust; `npm run programs` says more of each. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { splitItems } from "../../src/rust/items.ts";
import { membersOf } from "../../src/rust/members.ts";
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

  test("each structure's layout is asserted, but for those that C has no word for", async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), "kport-programs-"));
    try {
      const names = ["low-alignments", "bit-field-gaps", "packed-apart", "scopes", "designated"];
      await compare(
        names.map((n) => path.join(PROGRAMS, `${n}.c`)),
        dir,
      );
      const src = path.join(dir, "port", "src");
      const files = (await readdir(src)).filter((f) => f.endsWith(".rs"));
      const items = (await Promise.all(files.map((f) => readFile(path.join(src, f), "utf8")))).flatMap(splitItems);
      const records = items.filter((i) => (i.kind === "struct" || i.kind === "union") && membersOf(i).length > 0);
      // Of members without a name: where their own members lie is asserted of the structure around them. And the inner one of an aligned structure.
      const unnamed = new Set(
        records.flatMap((i) => membersOf(i).flatMap((m) => (/^(?:c2rust_unnamed|inner)/.test(m.name) ? [m.type] : []))),
      );
      const asserted = new Set(
        items.flatMap((i) => [...i.text.matchAll(/size_of::<(\w+)>\(\) == \d/g)].map((m) => m[1] as string)),
      );
      const missing = records.filter((i) => !asserted.has(i.name) && !unnamed.has(i.name)).map((i) => i.name);
      assert.deepEqual(missing, []);
      assert.ok(asserted.has("own") && asserted.has("alone_type") && asserted.has("narrow_t"), [...asserted].join(" "));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
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
