import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { StageError } from "../../src/machine/errors.ts";
import { run } from "../../src/machine/process.ts";
import { plainName } from "../../src/stages/inspect/code.ts";
import { inspect, type InspectedObject } from "../../src/stages/inspect/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";

async function inspected(assembly: string): Promise<InspectedObject> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-inspect-"));
  try {
    const { clang, llvmReadelf } = await requireTools(["clang", "llvmReadelf"]);
    await writeFile(path.join(dir, "a.s"), assembly);
    await run(clang.path, ["-c", "-o", path.join(dir, "a.ko"), path.join(dir, "a.s")]);
    return await inspect(path.join(dir, "a.ko"), llvmReadelf.path);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const MODINFO = '.section .modinfo,"a"\n.asciz "license=GPL"\n.asciz "parm=a:x=y"\n.asciz "parm=b:z"\n';

test("sizes, modinfo, symbols and tables of an object", async () => {
  const o = await inspected(
    `${MODINFO}.text\n.globl init_module\ninit_module: call _printk\nret\n.data\n.long 1\n.bss\n.zero 64\n.section __param,"a"\n.zero 80\n.section __ksymtab,"a"\n.globl __ksymtab_put\n__ksymtab_put: .zero 12\n.section .debug_x\n.zero 999\n`,
  );
  assert.deepEqual({ ...o.modinfo }, { license: "GPL", parm: "a:x=y\nb:z" });
  assert.deepEqual([o.imports, o.exports], [["_printk"], ["put"]]);
  assert.deepEqual(
    [o.data, o.bss, o.sections["__param"], o.sections["__ksymtab"]],
    [4, 64, { size: 80, entries: 2 }, { size: 12, entries: 1 }],
  );
  assert.equal(o.text, 6 + 80 + 12 + 32);
  assert.equal(o.sections[".debug_x"], undefined);
});

test("only the first .modinfo counts, as for the kernel", async () => {
  const { modinfo } = await inspected(`${MODINFO}.section .modinfo,"aw",@progbits,unique,1\n.asciz "author=me"\n`);
  assert.deepEqual({ ...modinfo }, { license: "GPL", parm: "a:x=y\nb:z" });
});

test("tables of one size of entry, and tables counted by their references", async () => {
  const o = await inspected(
    '.text\nf: nop\n.section __jump_table,"aw"\n.zero 32\n.section .altinstructions,"a"\n.long f - ., f - .\n.zero 6\n.long f - ., f - .\n.zero 6\n.section __bug_table,"aw"\n.long f - ., f - ., f - ., 0\n',
  );
  assert.deepEqual(
    ["__jump_table", ".altinstructions", "__bug_table"].map((n) => o.sections[n]?.entries),
    [2, 2, 1],
  );
});

test("instructions, with what their relocations name", async () => {
  const { code } = await inspected(
    '.text\n.globl f\n.type f,@function\nf: callq outside\nlock incl 4(%rax)\nret\n.section .altinstr_replacement,"ax"\nnop\n',
  );
  assert.deepEqual(
    code.map((f) => [f.symbol, f.section, f.instructions.map((i) => [i.op, i.target])]),
    [
      [
        "f",
        ".text",
        [
          ["callq", "outside"],
          ["incl", undefined],
          ["retq", undefined],
        ],
      ],
    ],
  );
});

for (const [symbol, name] of [
  ["ring_put", "ring_put"],
  ["_RNvNtCskddN1ZFgvTz_10static_key10static_key8branches", "branches"],
  ["_RNvNtCs9wgXZpFz5wT_8division8division22___UNIQUE_ID_license197", "__UNIQUE_ID_license197"],
  ["_RNvNtCs1_4unit4unit4read.llvm.123", "read"],
  ["handler.cold", "handler"],
] as const)
  test(`C calls ${symbol} ${name}`, () => assert.equal(plainName(symbol), name));

test("what is no object is refused", async () => {
  const { llvmReadelf } = await requireTools(["llvmReadelf"]);
  await assert.rejects(inspect(new URL(import.meta.url).pathname, llvmReadelf.path), StageError);
});
