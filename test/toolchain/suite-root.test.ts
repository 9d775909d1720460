import assert from "node:assert/strict";
import { test } from "node:test";
import { neededFiles, throughLoader } from "../../src/toolchain/suite-root.ts";

test("the packages that apt would download are read with their sizes, and nothing else that it says", () => {
  const printed = [
    "Reading package lists...",
    "0 upgraded, 3 newly installed, 0 to remove and 0 not upgraded.",
    "'http://mirror.test/debian/pool/main/g/gcc-16/gcc-16-for-host_16.2.0-4_amd64.deb' gcc-16-for-host_16.2.0-4_amd64.deb 1028 SHA256:abc",
    "'http://mirror.test/debian/pool/main/z/zlib/zlib1g_1.3.dfsg%2breally1.3.2-4_amd64.deb' zlib1g_1%3a1.3.dfsg+really1.3.2-4_amd64.deb 92424 SHA256:abc",
    "'http://mirror.test/debian/pool/main/libs/libstdc++6_16.2.0-4_amd64.deb' libstdc++6_16.2.0-4_amd64.deb 822380 SHA256:abc",
    "'http://mirror.test/debian/dists/sid/InRelease' mirror.test_InRelease 0",
  ].join("\n");
  assert.deepEqual(neededFiles(printed), [
    { name: "gcc-16-for-host", bytes: 1028 },
    { name: "zlib1g", bytes: 92424 },
    { name: "libstdc++6", bytes: 822380 },
  ]);
  assert.deepEqual(neededFiles("E: Unable to locate package gcc-99"), []);
});

test("a root's program is started by the root's own dynamic linker with the root's libraries", () => {
  assert.deepEqual(throughLoader("/cache/roots/a", "/usr/bin/rustc"), [
    "/cache/roots/a/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
    ["--library-path", "/cache/roots/a/usr/lib/x86_64-linux-gnu", "/cache/roots/a/usr/bin/rustc"],
  ]);
});
