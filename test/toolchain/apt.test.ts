import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { needsRoot } from "../../src/toolchain/apt-install.ts";
import { parsePackage, requireSpace } from "../../src/toolchain/apt.ts";
import { debianMirror } from "../../src/toolchain/isolated-apt.ts";
import { put, temporaryFolder } from "./fakes.ts";

describe("parsePackage", () => {
  test("reads name, version and the first alternative of each dependency", () => {
    const text =
      "Package: linux-headers-6.12-amd64\nVersion: 6.12.117-1~deb12u1\nDepends: linux-headers-6.12-common (= 6.12.117-1~deb12u1), linux-compiler-gcc-12-x86 (>= 6.1), gcc | clang\nDescription: headers\n Depends: not a field\n";
    assert.deepEqual(parsePackage(text), {
      name: "linux-headers-6.12-amd64",
      version: "6.12.117-1~deb12u1",
      depends: ["linux-headers-6.12-common", "linux-compiler-gcc-12-x86", "gcc"],
    });
  });
  test("no package, no answer", () => assert.equal(parsePackage("N: Unable to locate package x\n"), undefined));
});

describe("debianMirror", () => {
  test("is the first Debian archive that is not the security one", () => {
    assert.equal(
      debianMirror(
        "Node\tnodistro\thttp://a/\nDebian\tbookworm-security\thttp://b/debian-security/\nDebian\tbookworm\thttp://c/debian/\n",
      ),
      "http://c/debian/",
    );
  });
  test("an Ubuntu machine has none", () => assert.equal(debianMirror("Ubuntu\tnoble\thttp://a/ubuntu/\n"), undefined));
});

test("who is not root is shown the whole command", () => {
  const error = needsRoot(["bear", "clang-19"]);
  assert.ok(error instanceof EnvironmentError);
  assert.equal(error.fix, "sudo apt-get update && sudo apt-get install --no-install-recommends bear clang-19");
});

test("too little disk space is said before anything is written", async (t) => {
  const dir = await temporaryFolder(t);
  await requireSpace(dir, 1);
  await assert.rejects(
    requireSpace(dir, 2 ** 60),
    (e) => e instanceof EnvironmentError && /not enough disk space/.test(e.message),
  );
  await put(path.join(dir, "file"));
  await assert.rejects(
    requireSpace(path.join(dir, "file/below"), 1),
    (e) => e instanceof EnvironmentError && /cannot write to .*ENOTDIR/.test(e.message),
  );
});
