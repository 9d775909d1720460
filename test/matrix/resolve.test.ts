import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { parseMatrixFile } from "../../src/matrix/file.ts";
import { resolveAxes, type Sources } from "../../src/matrix/resolve.ts";
import { C2RUST_VERSION } from "../../src/toolchain/tools.ts";

const sources: Sources = {
  kernelsHere: async () => ["6.1.0-56-amd64", "7.2.13+deb14-amd64"],
  kernelsOffered: async () => ({
    own: ["6.1.0-56-amd64", "6.12.117+deb12-amd64", "6.12.95+deb12-amd64"],
    unstable: ["7.2.14+deb14-amd64"],
  }),
  c2rustNewest: async () => "0.23.0",
  rustcFirst: async () => "1.96.0",
  rustcsHere: async () => ["1.96.0", "1.95.0", "1.98.0-nightly"],
  rustcsOffered: async () => ["1.85.1", "1.97.1"],
};

async function resolved(kernels: string[], c2rust: string[], rustc: string[], tree = "/nowhere"): Promise<string[][]> {
  const quote = (all: string[]): string =>
    `[${all.map((a) => (a.startsWith("{") ? a : JSON.stringify(a))).join(", ")}]`;
  const r = await resolveAxes(
    parseMatrixFile(
      `modules: [a]\nkernels: ${quote(kernels)}\nc2rust: ${quote(c2rust)}\nrustc: ${quote(rustc)}\n`,
      "kport.yml",
    ),
    tree,
    sources,
  );
  return [r.kernels, r.c2rust, r.rustc].map((axis) => [...axis.values()].map((v) => v.resolved));
}

describe("names of versions", () => {
  it("mean what is here, else what can be had, newest and next what they say today", async () => {
    assert.deepEqual(
      await resolved(
        ["default", "6.1", "6.12", "7.2", "newest", "next", "{package: linux-headers-6.12.95+deb12-amd64}"],
        ["default", "0.21.0", "newest"],
        ["default", "1.96", "1.97", "newest", "next"],
      ),
      [
        [
          "6.1.0-56-amd64",
          "6.1.0-56-amd64",
          "6.12.117+deb12-amd64",
          "7.2.13+deb14-amd64",
          "6.12.117+deb12-amd64",
          "7.2.14+deb14-amd64",
          "6.12.95+deb12-amd64",
        ],
        [C2RUST_VERSION, "0.21.0", "0.23.0"],
        ["1.96.0", "1.96.0", "1.97.1", "1.96.0", "1.97.1"],
      ],
    );
  });

  it("that mean nothing here are refused, with what there is", async () => {
    await assert.rejects(
      resolved(["5.4"], ["default"], ["default"]),
      (e) => e instanceof EnvironmentError && /kernel 5\.4: none here \(6\.1\.0-56.*7\.2\.14/.test(e.message),
    );
    await assert.rejects(
      resolved(["6.1"], ["default"], ["1.70"]),
      (e) => e instanceof EnvironmentError && /rustc 1\.70: none here/.test(e.message),
    );
  });

  it("of programs are told apart by what the programs hold", async (t) => {
    const dir = await mkdtemp(path.join(os.tmpdir(), "kport-resolve-"));
    t.after(() => rm(dir, { recursive: true }));
    const file = parseMatrixFile("modules: [a]\nrustc: [{path: tools/rustc}]\n", "kport.yml");
    const content = async (text: string): Promise<string | undefined> => {
      await writeFile(path.join(dir, "rustc"), text);
      await chmod(path.join(dir, "rustc"), 0o755);
      return (await resolveAxes({ ...file, rustc: [{ path: "./rustc" }] }, dir, sources)).rustc.get("./rustc")?.content;
    };
    const [one, other] = [await content("#!/bin/sh\n"), await content("#!/bin/sh\nexit 1\n")];
    assert.ok(one !== undefined && other !== undefined && one !== other);
    assert.equal(await content("#!/bin/sh\n"), one);
  });
});
