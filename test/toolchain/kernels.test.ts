import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { EnvironmentError, UserError } from "../../src/machine/errors.ts";
import {
  isVersionPrefix,
  listKernels,
  releaseMatches,
  resolveKernel,
  ROOT_RECIPE,
} from "../../src/toolchain/kernels.ts";
import { emptyPlaces, put, putKernel, temporaryFolder } from "./fakes.ts";

describe("version prefixes", () => {
  for (const [release, prefix, expected] of [
    ["6.1.0-56-amd64", "6.1", true],
    ["6.1.0-56-amd64", "6", true],
    ["6.1.0-56-amd64", "6.1.0-56-amd64", true],
    ["6.1.0-56-amd64", "6.1.0-5", false],
    ["6.12.117+deb12-amd64", "6.1", false],
    ["6.12.117+deb12-amd64", "6.12", true],
    ["6.12.117+deb12-amd64", "6.12.117+deb12", true],
    ["6.12.117+deb12-amd64", "6.12.1", false],
    ["6.1.0-56-amd64", "6.12", false],
    ["6.1", "6.1.0", false],
  ] as const) {
    test(`${prefix} ${expected ? "matches" : "does not match"} ${release}`, () =>
      assert.equal(releaseMatches(release, prefix), expected));
  }
  for (const text of ["6", "6.1", "6.12.117+deb12-amd64", "7.2-rc3", "6.8.0-1021-azure"])
    test(`${text} can begin a release`, () => assert.ok(isVersionPrefix(text)));
  for (const text of ["", "six", "6.", "6.1;rm", "$(id)", "6.1 ", "../6.1", "-6"])
    test(`${JSON.stringify(text)} cannot`, () => assert.ok(!isVersionPrefix(text)));
});

describe("listKernels", () => {
  test("puts those that can be booted first, then installed ones, then newer ones", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    await putKernel(path.join(places.sources, "linux-headers-6.1.0-9-amd64"), "6.1.0-9-amd64");
    await putKernel(path.join(places.sources, "linux-headers-6.1.0-56-amd64"), "6.1.0-56-amd64");
    await putKernel(path.join(places.sources, "linux-headers-6.9.0-1-amd64"), "6.9.0-1-amd64");
    await putKernel(path.join(places.unpacked, "6.12.1-amd64/usr/src/linux-headers-6.12.1-amd64"), "6.12.1-amd64");
    for (const r of ["6.1.0-9-amd64", "6.1.0-56-amd64"]) await put(path.join(places.boot, `vmlinuz-${r}`));
    await put(path.join(places.unpacked, "6.12.1-amd64/boot/vmlinuz-6.12.1-amd64"));
    const kernels = await listKernels(places);
    assert.deepEqual(
      kernels.map((k) => k.release),
      ["6.1.0-56-amd64", "6.1.0-9-amd64", "6.12.1-amd64", "6.9.0-1-amd64"],
    );
    assert.deepEqual(
      kernels.map((k) => k.image !== undefined),
      [true, true, true, false],
    );
  });

  test("reads release, compiler and every folder that a build needs", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const common = path.join(places.sources, "linux-headers-6.1.0-56-common");
    const dir = path.join(places.sources, "linux-headers-6.1.0-56-amd64");
    await putKernel(dir, "6.1.0-56-amd64", { common });
    await put(path.join(common, "Makefile"));
    const kbuild = path.join(places.sources, "kbuild/scripts");
    await put(path.join(kbuild, "Makefile.build"));
    await symlink(kbuild, path.join(common, "scripts"));
    const [kernel] = await listKernels(places);
    assert.equal(kernel?.release, "6.1.0-56-amd64");
    assert.equal(kernel.compiler, "gcc-12 (Debian 12.2.0) 12.2.0");
    assert.deepEqual(kernel.readable, [dir, common, kbuild]);
  });

  test("an unpacked kernel needs its own root and nothing else; its image and modules go with installed headers too", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const release = "6.1.0-56-amd64";
    const root = path.join(places.unpacked, release);
    await put(path.join(root, `boot/vmlinuz-${release}`));
    await put(path.join(root, `lib/modules/${release}/kernel/crc.ko`));
    await putKernel(path.join(places.sources, `linux-headers-${release}`), release);
    const [kernel] = await listKernels(places);
    assert.equal(kernel?.image, path.join(root, `boot/vmlinuz-${release}`));
    assert.equal(kernel.modulesDir, path.join(root, "lib/modules", release));
    await putKernel(path.join(root, `usr/src/linux-headers-${release}`), release);
    assert.deepEqual((await listKernels(places))[1]?.readable, [root]);
  });

  test("an image among the modules is found, and what the kernel's root is made of; another kernel has none", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const release = "7.2.13+deb14-amd64";
    const own = path.join(places.unpacked, release);
    await putKernel(path.join(own, `usr/src/linux-headers-${release}`), release);
    await put(path.join(own, `usr/lib/modules/${release}/vmlinuz.unsigned`));
    await put(path.join(own, `usr/lib/modules/${release}/kernel/crc.ko`));
    await put(path.join(own, ROOT_RECIPE), '{"suite":"sid","packages":["gcc-16-for-host"]}');
    await putKernel(path.join(places.unpacked, "6.12.1-amd64/usr/src/linux-headers-6.12.1-amd64"), "6.12.1-amd64");
    const [kernel, other] = await listKernels(places);
    assert.equal(kernel?.image, path.join(own, `usr/lib/modules/${release}/vmlinuz.unsigned`));
    assert.equal(kernel.modulesDir, path.join(own, "usr/lib/modules", release));
    assert.deepEqual(kernel.rootOf, { suite: "sid", packages: ["gcc-16-for-host"] });
    assert.equal(other?.rootOf, undefined);
  });

  test("leaves out folders that cannot be built against", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    await putKernel(path.join(places.sources, "linux-headers-6.1.0-1-amd64"), "6.1.0-1-amd64", {
      common: path.join(places.sources, "gone"),
    });
    await putKernel(path.join(places.sources, "linux-headers-6.1.0-1-arm64"), "6.1.0-1-arm64", {
      config: "CONFIG_ARM64=y\n",
    });
    await put(path.join(places.sources, "linux-headers-6.1.0-1-common/Makefile"));
    await put(path.join(places.modules, "6.1.0-1-amd64/kernel/crc.ko"));
    assert.deepEqual(await listKernels(places), []);
  });

  test("one folder under two names is one kernel", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const dir = path.join(places.sources, "linux-headers-6.1.0-1-amd64");
    await putKernel(dir, "6.1.0-1-amd64");
    await put(path.join(places.modules, "6.1.0-1-amd64/modules.dep"));
    await symlink(dir, path.join(places.modules, "6.1.0-1-amd64/build"));
    const kernels = await listKernels(places);
    assert.equal(kernels.length, 1);
    assert.equal(kernels[0]?.modulesDir, undefined, "modules.dep alone is not the kernel's modules");
  });
});

describe("resolveKernel", () => {
  test("takes the first by default, a prefix, or a folder", async (t) => {
    const root = await temporaryFolder(t);
    const places = emptyPlaces(root);
    await putKernel(path.join(places.sources, "linux-headers-6.1.0-1-amd64"), "6.1.0-1-amd64");
    await putKernel(path.join(places.sources, "linux-headers-6.12.1-amd64"), "6.12.1-amd64");
    await putKernel(path.join(root, "tree"), "7.2.0-rc1");
    assert.equal((await resolveKernel(undefined, places)).release, "6.12.1-amd64");
    assert.equal((await resolveKernel("6.1", places)).release, "6.1.0-1-amd64");
    assert.equal((await resolveKernel(path.join(root, "tree"), places)).release, "7.2.0-rc1");
  });

  test("a kernel that is not here: says which ones are, and what fetches it", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    await putKernel(path.join(places.sources, "linux-headers-6.12.1-amd64"), "6.12.1-amd64");
    await assert.rejects(resolveKernel("6.1", places), (e) => {
      assert.ok(e instanceof EnvironmentError);
      assert.match(e.message, /kernel 6\.1 is not on this machine \(here is 6\.12\.1-amd64\)/);
      assert.equal(e.fix, "kport doctor --fix --kernel 6.1");
      return true;
    });
  });

  test("no kernel at all is the machine's fault", async (t) => {
    await assert.rejects(resolveKernel(undefined, emptyPlaces(await temporaryFolder(t))), EnvironmentError);
  });

  test("what is neither version nor build folder is the user's mistake", async (t) => {
    const root = await temporaryFolder(t);
    const places = emptyPlaces(root);
    await assert.rejects(resolveKernel("newest", places), UserError);
    await assert.rejects(
      resolveKernel(path.join(root, "nowhere"), places),
      (e) => e instanceof UserError && /no such folder/.test(e.message),
    );
    await assert.rejects(
      resolveKernel(root, places),
      (e) => e instanceof UserError && /not a prepared kernel build folder/.test(e.message),
    );
  });
});
