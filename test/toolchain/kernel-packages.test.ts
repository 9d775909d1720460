import assert from "node:assert/strict";
import { mkdir, readFile, readlink, symlink } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { headerReleases, imagePackages, relocate } from "../../src/toolchain/kernel-packages.ts";
import { put, temporaryFolder } from "./fakes.ts";

test("header packages: standard flavour only, newest first by number", () => {
  const names = [
    "linux-headers-6.1.0-9-amd64",
    "linux-headers-6.1.0-56-amd64",
    "linux-headers-6.12.95+deb12-amd64",
    "linux-headers-6.12.117+deb12-amd64",
    "linux-headers-6.1.0-56-common",
    "linux-headers-6.1.0-56-rt-amd64",
    "linux-headers-6.1.0-56-cloud-amd64",
    "linux-headers-amd64",
    "linux-headers-6.12-amd64",
    "linux-headers-6.11-amd64",
    "linux-image-6.1.0-56-amd64",
  ];
  assert.deepEqual(headerReleases(names), [
    "6.12.117+deb12-amd64",
    "6.12.95+deb12-amd64",
    "6.11-amd64",
    "6.1.0-56-amd64",
    "6.1.0-9-amd64",
  ]);
});

test("an unpacked kernel names its own copies of what its packages name at /usr, and nothing else changes", async (t) => {
  const root = await temporaryFolder(t);
  const at = (file: string): string => path.join(root, "usr", file);
  await put(at("src/linux-headers-6.12-amd64/Makefile"), "include /usr/src/linux-headers-6.12-common/Makefile\n");
  await put(
    at("src/linux-headers-6.12-amd64/.kernelvariables"),
    "TOOLS = /usr/lib/linux-kbuild-6.12/tools /usr/src/linux-headers-6.12-common-rt /usr/bin/gcc-12\n",
  );
  await put(at("src/linux-headers-6.12-common/include/md.h"), "/* see /usr/src/linux-headers-6.12-common */\n");
  await put(at("lib/linux-kbuild-6.12/scripts/Makefile.build"), "all:\n");
  await symlink("/usr/lib/linux-kbuild-6.12/scripts", at("src/linux-headers-6.12-amd64/scripts"));
  await symlink("../../lib/linux-kbuild-6.12/scripts", at("src/linux-headers-6.12-common/scripts"));
  await mkdir(path.join(root, "lib/modules/6.12-amd64"), { recursive: true });
  await symlink("/usr/src/linux-headers-6.12-amd64", path.join(root, "lib/modules/6.12-amd64/build"));
  await relocate(root, "/cache/k");
  assert.equal(
    await readFile(at("src/linux-headers-6.12-amd64/Makefile"), "utf8"),
    "include /cache/k/usr/src/linux-headers-6.12-common/Makefile\n",
  );
  assert.equal(
    await readFile(at("src/linux-headers-6.12-amd64/.kernelvariables"), "utf8"),
    "TOOLS = /cache/k/usr/lib/linux-kbuild-6.12/tools /usr/src/linux-headers-6.12-common-rt /usr/bin/gcc-12\n",
  );
  assert.equal(
    await readFile(at("src/linux-headers-6.12-common/include/md.h"), "utf8"),
    "/* see /usr/src/linux-headers-6.12-common */\n",
  );
  assert.equal(
    await readlink(at("src/linux-headers-6.12-amd64/scripts")),
    "/cache/k/usr/lib/linux-kbuild-6.12/scripts",
  );
  assert.equal(await readlink(at("src/linux-headers-6.12-common/scripts")), "../../lib/linux-kbuild-6.12/scripts");
  assert.equal(
    await readlink(path.join(root, "lib/modules/6.12-amd64/build")),
    "/cache/k/usr/src/linux-headers-6.12-amd64",
  );
});

test("the packages of an image: one that holds all, or image, modules and their index", () => {
  const debian = "6.1.0-56-amd64";
  assert.deepEqual(
    imagePackages(
      debian,
      new Set([
        `linux-headers-${debian}`,
        `linux-image-${debian}`,
        `linux-image-${debian}-unsigned`,
        `linux-image-${debian}-dbg`,
      ]),
    ),
    [`linux-image-${debian}-unsigned`],
  );
  // From 7.x on linux-image-… holds nothing: it depends on the others.
  const split = "7.2.13+deb14-amd64";
  assert.deepEqual(
    imagePackages(
      split,
      new Set(["base", "binary", "binary-unsigned", "headers", "image", "modules"].map((n) => `linux-${n}-${split}`)),
    ),
    [`linux-binary-unsigned-${split}`, `linux-modules-${split}`, `linux-base-${split}`],
  );
  const ubuntu = "6.8.0-31-generic";
  assert.deepEqual(
    imagePackages(
      ubuntu,
      new Set([`linux-image-unsigned-${ubuntu}`, `linux-image-${ubuntu}`, `linux-modules-${ubuntu}`]),
    ),
    [`linux-image-unsigned-${ubuntu}`, `linux-modules-${ubuntu}`],
  );
  assert.deepEqual(imagePackages(ubuntu, new Set([`linux-headers-${ubuntu}`, `linux-modules-${ubuntu}`])), []);
});
