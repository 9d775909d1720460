import assert from "node:assert/strict";
import { test } from "node:test";
import path from "node:path";
import { UserError } from "../../src/machine/errors.ts";
import { bootModule } from "../../src/stages/boot/index.ts";
import { resolveDependencies } from "../../src/stages/boot/dependencies.ts";
import { readModuleFile } from "../../src/stages/boot/module-file.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const own = (name: string): string => path.join(kernel.modulesDir ?? "", "kernel", name);
const ext4 = own("fs/ext4/ext4.ko");

test("every module needed comes after those it needs", async () => {
  const names = (await resolveDependencies(ext4, await readModuleFile(ext4), kernel))
    .filter((d) => d.needed)
    .map((d) => d.module.name);
  assert.deepEqual(names.toSorted(), ["crc16", "jbd2", "mbcache"]);
  const dm = own("drivers/md/dm-crypt.ko");
  const chain = (await resolveDependencies(dm, await readModuleFile(dm), kernel)).map((d) => d.module.name);
  assert.ok(chain.includes("dm_mod"));
});

test("a module that needs nothing", async () => {
  const dummy = own("drivers/net/dummy.ko");
  assert.deepEqual(await resolveDependencies(dummy, await readModuleFile(dummy), kernel), []);
});

test("a module that is nowhere: one line that names it", async () => {
  const module = await readModuleFile(ext4);
  await assert.rejects(
    resolveDependencies("/none/ext4.ko", module, { release: "6.1", modulesDir: "/none" }),
    (e) =>
      e instanceof UserError &&
      /^\/none\/ext4\.ko: needs the module \w+, which is neither beside it nor among/.test(e.message),
  );
});

test("a module with dependencies is loaded after them, and only it is unloaded", async () => {
  const run = await bootModule({ ko: ext4 }, kernel, {
    loads: 2,
    exercise: {
      files: {},
      command: "cut -d' ' -f1 /proc/modules | sort | tr '\\n' ' '; grep -w ext4 /proc/filesystems",
    },
  });
  assert.equal(run.status, "ok", run.message);
  assert.equal(run.leftBehind, undefined);
  assert.deepEqual(run.exercise?.output, ["crc16 crc32c_generic crc32c_intel ext4 jbd2 mbcache \text4"]);
});

test("a dependency that cannot be loaded is named", async () => {
  const run = await bootModule({ ko: ext4, dependencies: [own("fs/jbd2/jbd2.ko")] }, kernel, { loads: 1 });
  assert.equal(run.status, "load-failed");
  assert.match(run.message ?? "", /^Unknown symbol (ext4|mb_cache|crc)/);
});
