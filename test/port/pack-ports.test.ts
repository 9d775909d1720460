import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { describe, it } from "node:test";
import type { Checked } from "../../src/check/checked.ts";
import { packPorts } from "../../src/port/pack-ports.ts";
import { errors, failing, passing } from "../e2e/canned-reports.ts";

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-pack-"));
  t.after(() => rm(dir, { recursive: true }));
  return dir;
}

async function checked(dir: string, report: Checked["report"], kbuild?: string): Promise<Checked> {
  if (kbuild !== undefined) {
    await mkdir(path.join(dir, "port"), { recursive: true });
    await writeFile(path.join(dir, "port", "Kbuild"), kbuild);
  }
  return { report, dir };
}

describe("the ports of a run", () => {
  it("are one a module: of the first kernel on which it passes, else the first there is", async (t) => {
    const dir = await folder(t);
    const all = [
      await checked(path.join(dir, "1"), failing(errors(1)), "first"),
      await checked(path.join(dir, "2"), passing(), "second"),
      await checked(path.join(dir, "3"), passing(), "third"),
      await checked(path.join(dir, "4"), failing(errors(1), "pool")),
      await checked(path.join(dir, "5"), failing(errors(1), "pool"), "only"),
      await checked(path.join(dir, "6"), failing(errors(1), "none")),
    ];
    const notes: string[] = [];
    const { ports } = await packPorts(all, notes);
    assert.deepEqual(
      ports.map((p) => [p.module, Buffer.from(p.files[0]!.content, "base64").toString()]),
      [
        ["ring", "second"],
        ["pool", "only"],
      ],
    );
    assert.deepEqual(notes, []);
  });

  it("leave out one that cannot be packed, with a note", async (t) => {
    const dir = await folder(t);
    const one = await checked(dir, passing(), "x");
    execFileSync("mkfifo", [path.join(dir, "port", "pipe")]);
    const notes: string[] = [];
    assert.deepEqual((await packPorts([one], notes)).ports, []);
    assert.match(notes.join(), /The port of ring cannot be brought in: "pipe" is neither a file nor a link/);
  });

  it("are not made of two folders that build modules of one name", async () => {
    const at = (place: string): Checked => ({
      report: passing("ring", { module: { name: "ring", dir: place } }),
      dir: "/nowhere",
    });
    await assert.rejects(packPorts([at("a"), at("b")], []), /"a" and "b" both build a module ring: name one of them/);
  });
});
