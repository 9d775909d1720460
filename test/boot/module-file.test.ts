import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { UserError } from "../../src/machine/errors.ts";
import { nameFromFile, readModuleFile } from "../../src/stages/boot/module-file.ts";

let dir = "";
const at = (name: string): string => path.join(dir, name);

/** An object with the two sections that make a module, from the compiler rather than from kbuild: it is only read here. */
before(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "kport-module-"));
  const source =
    '__attribute__((section(".modinfo"), used)) static const char info[] = "license=GPL\\0name=tiny\\0parm=a:first\\0parm=b:second";\n__attribute__((section(".gnu.linkonce.this_module"), used)) int this_module;\n';
  writeFileSync(at("tiny.c"), source);
  writeFileSync(at("plain.c"), "int x;\n");
  for (const [from, to, args] of [
    ["tiny", "tiny.ko", ["-c"]],
    ["plain", "plain.o", ["-c"]],
    ["plain", "plain.so", ["-shared"]],
  ] as const)
    execFileSync("gcc", [...args, at(`${from}.c`), "-o", at(to)]);
});
after(() => rmSync(dir, { recursive: true }));

test("name, licence, and keys that come several times", async () => {
  const module = await readModuleFile(at("tiny.ko"));
  assert.equal(module.name, "tiny");
  assert.deepEqual(module.modinfo.get("license"), ["GPL"]);
  assert.deepEqual(module.modinfo.get("parm"), ["a:first", "b:second"]);
});

for (const [suffix, compress] of [
  [".gz", gzipSync],
  [".zst", zstdCompressSync],
] as const) {
  test(`a module compressed as ${suffix}`, async () => {
    const plain = readFileSync(at("tiny.ko"));
    writeFileSync(at(`tiny.ko${suffix}`), compress(plain));
    assert.deepEqual((await readModuleFile(at(`tiny.ko${suffix}`))).bytes, plain);
  });
}

test("a module compressed as .xz", async () => {
  const plain = readFileSync(at("tiny.ko"));
  execFileSync("xz", ["-k", at("tiny.ko")]);
  assert.deepEqual((await readModuleFile(at("tiny.ko.xz"))).bytes, plain);
});

test("a file's name as the kernel makes it a module's", () =>
  assert.equal(nameFromFile("/a/snd-hda-intel.ko.xz"), "snd_hda_intel"));

let names = 0;
/** A module that says of itself, as C writes it, what its name is. */
function named(name: string): string {
  const file = at(`named-${names++}`);
  writeFileSync(
    `${file}.c`,
    `__attribute__((section(".modinfo"), used)) static const char info[] = "name=${name}";\n__attribute__((section(".gnu.linkonce.this_module"), used)) int this_module;\n`,
  );
  execFileSync("gcc", ["-c", `${file}.c`, "-o", `${file}.ko`]);
  return `${file}.ko`;
}

test("a key that comes a million times takes no time", { timeout: 20_000 }, async () => {
  writeFileSync(
    at("many.s"),
    '.section .modinfo,"a"\n.rept 1000000\n.asciz "a=b"\n.endr\n.asciz "name=many"\n.section .gnu.linkonce.this_module,"aw"\n.long 0\n',
  );
  execFileSync("gcc", ["-c", at("many.s"), "-o", at("many.ko")]);
  const module = await readModuleFile(at("many.ko"));
  assert.deepEqual([module.name, module.modinfo.get("a")?.length], ["many", 1_000_000]);
});

const bad: [string, RegExp, () => string][] = [
  [
    "named with a second request",
    /calls itself "x\\nload \/payload\/other\.ko" in \.modinfo/,
    () => named("x\\nload /payload/other.ko"),
  ],
  ["named with a blank", /calls itself "a b"/, () => named("a b")],
  ["named with nothing", /calls itself ""/, () => named("")],
  ["named beyond a kernel's length", /calls itself "n{56}"/, () => named("n".repeat(56))],
  ["named as an option", /calls itself "-f"/, () => named("-f")],
  ["missing", /there is no such file/, () => at("none.ko")],
  ["a folder", /is a folder/, () => dir],
  ["not an ELF", /is not an ELF file; name/, () => at("tiny.c")],
  ["empty", /it is empty/, () => (writeFileSync(at("empty.ko"), ""), at("empty.ko"))],
  ["another object", /not a kernel module \(it has no .modinfo section\)/, () => at("plain.o")],
  ["a shared library", /a program or shared library, not a kernel module/, () => at("plain.so")],
  ["another architecture", /is built for AArch64/, () => changed("arm.ko", 18, 183)],
  ["32 bit", /is built for i386/, () => changed("i386.ko", 18, 3)],
  [
    "truncated",
    /is truncated \(\d+ bytes\)/,
    () => (writeFileSync(at("cut.ko"), readFileSync(at("tiny.ko")).subarray(0, 400)), at("cut.ko")),
  ],
  [
    "cut in its header",
    /is truncated/,
    () => (writeFileSync(at("cut2.ko"), readFileSync(at("tiny.ko")).subarray(0, 40)), at("cut2.ko")),
  ],
  [
    "1 GB",
    /is 1024 MiB; a module of more than 64 MiB/,
    () => (writeFileSync(at("big.ko"), ""), truncateSync(at("big.ko"), 2 ** 30), at("big.ko")),
  ],
  [
    "a broken archive",
    /cannot be uncompressed/,
    () => (writeFileSync(at("broken.ko.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])), at("broken.ko.gz")),
  ],
];
for (const [what, message, make] of bad) {
  test(`${what}: one clear line`, async () => {
    await assert.rejects(
      readModuleFile(make()),
      (e) => e instanceof UserError && message.test(e.message) && !e.message.includes("\n"),
    );
  });
}

function changed(name: string, offset: number, value: number): string {
  const bytes = readFileSync(at("tiny.ko"));
  bytes.writeUInt16LE(value, offset);
  writeFileSync(at(name), bytes);
  return at(name);
}
