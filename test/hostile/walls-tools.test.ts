/**
 * Tools that read what a stranger wrote, gone wrong: each is replaced by a script that does what an exploited one would try, and says
 * on stderr what it could do.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";
import { Machine } from "../../src/stages/boot/machine.ts";
import { readElf } from "../../src/stages/inspect/elf.ts";
import { formatted } from "../../src/stages/print/format.ts";
import type { LoweredUnit } from "../../src/stages/lower/index.ts";
import { transpile } from "../../src/stages/transpile/index.ts";
import { putProgram, temporaryFolder } from "../toolchain/fakes.ts";

/** A machine with a secret, a cache, and a tool that goes for both. `then` is what the tool does besides, `first` what it does before. */
async function exploited(
  t: TestContext,
  then: string,
  first = "",
): Promise<{ dir: string; tool: string; unharmed: (said: string) => void }> {
  const dir = await temporaryFolder(t);
  const tool = path.join(dir, "tools/bin/tool");
  await mkdir(path.join(dir, "cache"));
  await writeFile(path.join(dir, "secret"), "planted-secret");
  await putProgram(
    tool,
    `${first}
echo "could: ran" >&2
cat ${dir}/secret /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -a planted >&2
(echo x > ${dir}/cache/poison) 2>/dev/null && echo "could: write the cache" >&2
(echo x > ${tool}) 2>/dev/null && echo "could: write the tool" >&2
(echo x > /proc/sys/kernel/core_pattern) 2>/dev/null && echo "could: core_pattern" >&2
[ "$(tail -n +3 /proc/net/dev | wc -l)" = 1 ] || echo "could: network" >&2
${then}`,
  );
  const before = process.env["KPORT_CACHE_DIR"];
  process.env["KPORT_CACHE_DIR"] = path.join(dir, "cache");
  process.env["KPORT_PLANTED"] = "planted-token";
  t.after(() => {
    delete process.env["KPORT_PLANTED"];
    if (before === undefined) delete process.env["KPORT_CACHE_DIR"];
    else process.env["KPORT_CACHE_DIR"] = before;
  });
  const unharmed = (said: string): void => {
    assert.deepEqual(said.match(/could: .*|.*planted.*/g), ["could: ran"], said);
    assert.equal(existsSync(path.join(dir, "cache/poison")), false);
  };
  return { dir, tool, unharmed };
}

describe("an exploited tool", () => {
  it("that reads objects", async (t) => {
    const { dir, tool, unharmed } = await exploited(t, "exit 1");
    await writeFile(path.join(dir, "module.ko"), "");
    await assert.rejects(
      readElf(path.join(dir, "module.ko"), { objcopy: tool, readelf: tool, objdump: tool }),
      (e: Error) => {
        unharmed(e.message);
        return true;
      },
    );
  });

  it("that writes a link in place of the object", async (t) => {
    const { dir, tool } = await exploited(t, `ln -s ${"/etc/hostname"} "$3"`);
    await writeFile(path.join(dir, "module.ko"), "");
    await assert.rejects(
      readElf(path.join(dir, "module.ko"), { objcopy: tool, readelf: tool, objdump: tool }),
      /"plain\.o" is a symbolic link that leads out/,
    );
  });

  it("that translates", async (t) => {
    const { tool, unharmed } = await exploited(t, "exit 1");
    const unit = {
      text: "int a;\n",
      renamed: new Map(),
      command: { file: "/a.c", directory: "/", arguments: ["clang", "-c", "/a.c"], output: "/a.o" },
    } as unknown as LoweredUnit;
    await assert.rejects(transpile(unit, "a", { path: tool, version: "0.22.1" }), (e: Error) => {
      unharmed(e.message);
      return true;
    });
  });

  it("that formats", async (t) => {
    const { tool, unharmed } = await exploited(t, "", "exec 2>&1");
    unharmed(await formatted(tool, "fn f() {}\n"));
  });

  it("that leaves a link in place of the Rust", async (t) => {
    const { dir, tool } = await exploited(t, 'for f; do :; done; ln -s /etc/hostname "$(dirname "$f")/a.rs"');
    const unit = {
      text: "int a;\n",
      renamed: new Map(),
      command: { file: "/a.c", directory: "/", arguments: ["clang", "-c", "/a.c"], output: "/a.o" },
    } as unknown as LoweredUnit;
    await assert.rejects(transpile(unit, "a", { path: tool, version: "0.22.1" }), /made no Rust/);
    assert.equal(
      existsSync(path.join(dir, "cache/transpiled")) && (await readFile("/etc/hostname", "utf8")) === "",
      false,
    );
  });

  it("that emulates the machine", async (t) => {
    const { dir, tool, unharmed } = await exploited(t, "echo heard >&5; exit 3");
    for (const f of ["image", "initramfs"]) await writeFile(path.join(dir, f), "");
    const shape = {
      qemu: tool,
      accelerator: "tcg" as const,
      image: path.join(dir, "image"),
      initramfs: path.join(dir, "initramfs"),
      memory: 256,
    };
    await using initramfs = await open(shape.initramfs);
    await using machine = await Machine.cold(shape, initramfs);
    const end = await machine.ended;
    unharmed(end.stderr);
    assert.equal(end.exitCode, 3);
  });
});
