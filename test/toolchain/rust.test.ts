import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { findRust } from "../../src/toolchain/rust.ts";
import { RUSTC_MINIMUM, type ToolPlaces } from "../../src/toolchain/tools.ts";
import { emptyPlaces, put, putProgram, temporaryFolder } from "./fakes.ts";

/** A toolchain as it lies on disk: compiler, cargo and, with `sources`, the library. */
async function putToolchain(root: string, version: string, sources: boolean): Promise<string> {
  const rustc = path.join(root, "bin/rustc");
  await putProgram(
    rustc,
    `case $1 in --version) echo "rustc ${version} (0123456 2026-01-01)";; --print) echo "${root}";; esac`,
  );
  await putProgram(path.join(root, "bin/cargo"), `echo "cargo ${version}"`);
  if (sources) await put(path.join(root, "lib/rustlib/src/rust/library/core/src/lib.rs"));
  return rustc;
}

async function found(places: ToolPlaces): Promise<string> {
  const r = await findRust(places);
  return typeof r === "string" ? r : r.rustc.path;
}

describe("findRust", () => {
  test("passes over a rustc without its library's sources", async (t) => {
    const root = await temporaryFolder(t);
    const bare = await putToolchain(path.join(root, "bare"), "1.97.0", false);
    const whole = await putToolchain(path.join(root, "whole"), "1.96.0", true);
    const places = { ...emptyPlaces(root), path: [path.dirname(bare), path.dirname(whole)] };
    const r = await findRust(places);
    assert.ok(typeof r === "object");
    assert.equal(r.rustc.path, whole);
    assert.equal(r.rustc.libraryDir, path.join(root, "whole/lib/rustlib/src/rust/library"));
    assert.deepEqual(r.cargo, { path: path.join(root, "whole/bin/cargo"), version: "1.96.0" });
    assert.equal(
      await found({ ...places, path: [path.dirname(bare)] }),
      `${bare} 1.97.0 lacks the sources of its library`,
    );
  });

  test("takes the sources of Debian's package only for the same version", async (t) => {
    const root = await temporaryFolder(t);
    const rustc = await putToolchain(path.join(root, "usr"), "1.96.0", false);
    const places = { ...emptyPlaces(root), path: [path.dirname(rustc)] };
    await put(path.join(places.rustSources, "rustc-1.95.0/library/core/src/lib.rs"));
    assert.match(await found(places), /lacks the sources/);
    await put(path.join(places.rustSources, "rustc-1.96.0/library/core/src/lib.rs"));
    assert.equal(await found(places), rustc);
  });

  test("looks into rustup's toolchains, and takes a nightly only where nothing else is fit", async (t) => {
    const root = await temporaryFolder(t);
    const places = emptyPlaces(root);
    const nightly = await putToolchain(path.join(places.rustupHome, "toolchains/nightly"), "1.99.0-nightly", true);
    assert.equal(await found(places), nightly);
    const stable = await putToolchain(path.join(places.rustupHome, "toolchains/stable"), "1.97.0", true);
    assert.equal(await found(places), stable);
  });

  test("names the one that is too old", async (t) => {
    const root = await temporaryFolder(t);
    const old = await putToolchain(path.join(root, "usr"), "1.63.0", true);
    assert.equal(
      await found({ ...emptyPlaces(root), path: [path.dirname(old)] }),
      `${old} is 1.63.0, ${RUSTC_MINIMUM} or newer is needed`,
    );
  });
});
