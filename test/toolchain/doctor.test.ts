import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { doctor, kernelTable } from "../../src/toolchain/doctor.ts";
import { PROGRAMS } from "../../src/toolchain/tools.ts";
import { emptyPlaces, put, putKernel, putProgram, temporaryFolder } from "./fakes.ts";

describe("doctor", () => {
  test("an empty machine: every tool with the command that brings it, exit status 3", async (t) => {
    const lines: string[] = [];
    const status = await doctor({ fix: false }, (l) => lines.push(l), emptyPlaces(await temporaryFolder(t)));
    assert.equal(status, 3);
    assert.ok(
      lines.some((l) => /^qemu +missing +sudo apt-get install qemu-system-x86$/.test(l)),
      lines.join("\n"),
    );
    assert.ok(lines.some((l) => /^llvm-readelf +missing /.test(l)));
    assert.ok(lines.some((l) => /^c2rust +missing .*kport doctor --fix$/.test(l)));
    assert.ok(lines.some((l) => /^kernel +missing +kport doctor --fix$/.test(l)));
    assert.equal(lines.at(-1), `${Object.keys(PROGRAMS).length + 8} missing; all at once: kport doctor --fix`);
  });

  test("a tool that is there has its version and place; a kernel without an image is not all it takes", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const bear = path.join(places.path[0] as string, "bear");
    await putProgram(bear, "echo bear 3.1.1");
    const dir = path.join(places.sources, "linux-headers-6.1.0-1-amd64");
    await putKernel(dir, "6.1.0-1-amd64");
    const print = async (kernel?: string): Promise<string[]> => {
      const lines: string[] = [];
      await doctor(
        { fix: false, ...(kernel === undefined ? {} : { kernel }) },
        (l) => lines.push(l.replaceAll(/ +/g, " ")),
        places,
      );
      return lines;
    };
    const without = await print();
    assert.ok(without.includes(`bear 3.1.1 ${bear}`));
    assert.ok(without.includes(`kernel 6.1.0-1-amd64 ${dir}`));
    assert.ok(without.includes("image missing no kernel here can be booted; kport doctor --fix"));
    await put(path.join(places.boot, "vmlinuz-6.1.0-1-amd64"));
    assert.ok(!(await print()).some((l) => l.startsWith("image missing")));
    assert.ok((await print("6.12")).includes("kernel 6.12 missing kport doctor --fix --kernel 6.12"));
  });
});

test("the table of kernels says which can be booted, and is fit to print", () => {
  const lines = kernelTable([
    { release: "6.1.0", arch: "x86_64", buildDir: "/k", readable: [], image: "/i", compiler: "gcc\u001b[31m 12" },
    { release: "6.12.0", arch: "x86_64", buildDir: "/k2", readable: [], compiler: "clang 19" },
  ]);
  assert.deepEqual(lines, [
    "release  boot      compiler  build folder",
    "6.1.0    yes       gcc 12    /k",
    "6.12.0   no image  clang 19  /k2",
  ]);
});
