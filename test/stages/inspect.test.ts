import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { StageError } from "../../src/errors.ts";
import { run } from "../../src/process.ts";
import { inspect, type InspectedObject } from "../../src/stages/inspect.ts";
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
  const o = await inspected(`${MODINFO}.text\n.globl init_module\ninit_module: call _printk\nret\n.data\n.long 1\n.bss\n.zero 64\n.section __param,"a"\n.zero 80\n.section __ksymtab,"a"\n.globl __ksymtab_put\n__ksymtab_put: .zero 12\n.section .debug_x\n.zero 999\n`);
  assert.deepEqual(o.modinfo, { license: "GPL", parm: "a:x=y\nb:z" });
  assert.deepEqual([o.imports, o.exports, o.defects], [["_printk"], ["put"], []]);
  assert.deepEqual([o.data, o.bss, o.sections["__param"], o.sections["__ksymtab"]], [4, 64, { size: 80, entries: 2 }, { size: 12, entries: 1 }]);
  assert.equal(o.text, 6 + 80 + 12 + 32);
  assert.equal(o.sections[".debug_x"], undefined);
});

test("a writable .modinfo is a defect", async () => {
  assert.match((await inspected('.section .modinfo,"aw"\n.asciz "license=GPL"\n')).defects.join(), /\.modinfo is writable/);
});

test("a second .modinfo is a defect", async () => {
  const o = await inspected(`${MODINFO}.section .modinfo,"aw",@progbits,unique,1\n.asciz "author=me"\n`);
  assert.match(o.defects.join(), /two \.modinfo sections/);
});

test("an .init_array is a defect", async () => {
  assert.match((await inspected(`${MODINFO}.section .init_array,"aw"\n.quad 0\n`)).defects.join(), /\.init_array is not empty/);
});

test("what is no object is refused", async () => {
  const { llvmReadelf } = await requireTools(["llvmReadelf"]);
  await assert.rejects(inspect(new URL(import.meta.url).pathname, llvmReadelf.path), StageError);
});
