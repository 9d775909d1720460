import assert from "node:assert/strict";
import { test } from "node:test";
import { readCode } from "../../../src/stages/inspect/code.ts";
import type { ElfSection } from "../../../src/stages/inspect/elf.ts";
import { blocksOf } from "../../../src/stages/observed/blocks.ts";
import { Observed } from "../../../src/stages/observed/index.ts";

const CODE = readCode(`Disassembly of section .text:

0000000000000000 <push>:
       0:      \tcallq\t0x5 <push+0x5>
		0000000000000001:  R_X86_64_PLT32	__fentry__-0x4
       5:      \ttestl\t%eax, %eax
       7:      \tjne\t0x10 <push+0x10>
       9:      \txorl\t%eax, %eax
       b:      \tjmp\t0x10 <push+0x10>
		000000000000000c:  R_X86_64_PLT32	__x86_return_thunk-0x4
      10:      \tmovl\t$0x1, %eax
      15:      \tretq
      16:      \tnopw\t(%rax)

0000000000000020 <_RNvNtCs1_4ring5other4push>:
      20:      \tretq
`);

test("a block begins behind each jump and where one leads to; padding is none", () => {
  assert.deepEqual(blocksOf(CODE).get(".text"), [0, 9, 0x10, 0x20]);
});

test("a jump that a relocation leads away begins no block where its number points", () => {
  const code = readCode(`Disassembly of section .text:

0000000000000000 <f>:
       0:      \tjmp\t0x5 <f+0x5>
		0000000000000001:  R_X86_64_PLT32	g-0x4
       5:      \tnop
       6:      \tnop
`);
  assert.deepEqual(blocksOf(code).get(".text"), [0]);
});

const section: ElfSection = {
  index: 1,
  name: ".text",
  type: "SHT_PROGBITS",
  allocated: true,
  writable: false,
  executable: true,
  retained: false,
  align: 1,
  size: 64,
  bytes: Buffer.alloc(64),
  relocations: [],
};
const symbol = (
  name: string,
  value: number,
  size: number,
  type = "Function",
  binding: "Local" | "Global" = "Local",
) => ({ name, ...(type === "File" ? {} : { section }), undefined: false, value, size, binding, type });

test("a function's blocks are its symbol's; local ones of one name are told apart by their file or module", () => {
  const elf = {
    sections: [section],
    symbols: [
      symbol("a.c", 0, 0, "File"),
      symbol("push", 0, 0x16),
      symbol("b.c", 0, 0, "File"),
      symbol("push", 0x20, 1),
    ],
  };
  const observed = new Observed({ elf, code: CODE }, { ".text": [0, 5, 7, 0x10, 0x15] });
  const of = (file: string) => observed.of({ names: ["push"], file: `/m/${file}`, unit: "x" }, "c");
  assert.deepEqual([of("a.c"), of("b.c"), of("c.c")], [{ ran: 2, blocks: 3 }, { ran: 0, blocks: 1 }, undefined]);
  const rust = new Observed(
    { elf: { sections: [section], symbols: [symbol("_RNvNtCs1_4ring5other4push", 0x20, 1)] }, code: CODE },
    { ".text": [0x20] },
  );
  assert.deepEqual(rust.of({ names: ["push"], file: "x.c", unit: "other" }, "rust"), { ran: 1, blocks: 1 });
  assert.equal(rust.of({ names: ["push"], file: "x.c", unit: "another" }, "rust"), undefined);
});

test("a part that a compiler has put elsewhere is the function's, and a second name of one place counts once", () => {
  const elf = {
    sections: [section],
    symbols: [
      symbol("a.c", 0, 0, "File"),
      symbol("push", 0, 0x16),
      symbol("push.cold", 0x20, 1),
      symbol("init_module", 0, 0x16, "Function", "Global"),
    ],
  };
  const observed = new Observed({ elf, code: CODE }, { ".text": [0, 0x20], ".init.text": [9] });
  assert.deepEqual(observed.of({ names: ["push", "init_module"], file: "a.c", unit: "a" }, "c"), { ran: 2, blocks: 4 });
});

test("a section may have a name that plain objects have", () => {
  const odd = { ...symbol("push", 0, 0x16), section: { ...section, name: "constructor" } };
  assert.deepEqual(
    new Observed({ elf: { sections: [section], symbols: [symbol("a.c", 0, 0, "File"), odd] }, code: CODE }, {}).of(
      { names: ["push"], file: "a.c", unit: "a" },
      "c",
    ),
    { ran: 0, blocks: 0 },
  );
});
