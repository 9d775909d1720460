import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { chooseC2rust, chooseRustc, newest } from "../../src/toolchain/choose.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { putProgram, temporaryFolder } from "./fakes.ts";

describe("--c2rust and --rustc", () => {
  it("take a program by its path, and never take its results for those of the version it says it is", async (t) => {
    const file = path.join(await temporaryFolder(t), "c2rust");
    await putProgram(file, "echo C2Rust 0.22.1");
    const one = await chooseC2rust(file);
    assert.equal(one.path, file);
    assert.match(one.version, /^0\.22\.1\+[0-9a-f]{8}$/);
    await putProgram(file, "echo C2Rust 0.22.1 # changed");
    assert.notEqual((await chooseC2rust(file)).version, one.version);
  });

  it("take a rustc that only starts another by its own path", async (t) => {
    const { rustc } = await requireTools(["rustc"]);
    const file = path.join(await temporaryFolder(t), "rustc");
    await putProgram(file, `exec ${rustc.path} "$@"`);
    const chosen = await chooseRustc(file);
    assert.deepEqual([chosen.path, chosen.libraryDir], [file, rustc.libraryDir]);
    assert.ok(chosen.version.startsWith(`${rustc.version}+`));
  });

  it("take a version that is here", async () => {
    const { rustc } = await requireTools(["rustc"]);
    assert.equal((await chooseRustc(rustc.version.split(".").slice(0, 2).join("."))).version, rustc.version);
  });

  for (const [choose, spec, message] of [
    [chooseC2rust, "newest", /neither a version such as/],
    [chooseC2rust, "./nowhere/c2rust", /no program that says its version/],
    [chooseRustc, "nightly", /neither a version such as/],
    [chooseRustc, "./nowhere/rustc", /no program that says its version and its sysroot/],
  ] as const) {
    it(`refuse ${spec}`, async () => {
      await assert.rejects(choose(spec), (e) => e instanceof UserError && message.test(e.message));
    });
  }

  it("know the newest stable one of some", () => {
    assert.equal(
      newest([{ version: "1.96.0" }, { version: "1.100.0" }, { version: "1.101.0-nightly" }])?.version,
      "1.100.0",
    );
    assert.equal(newest([]), undefined);
  });
});
