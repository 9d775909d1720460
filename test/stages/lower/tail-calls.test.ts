import assert from "node:assert/strict";
import { test } from "node:test";
import { tailCall } from "../../../src/stages/lower/tail-calls.ts";
import { readCode } from "../../../src/stages/inspect/code.ts";

/** A helper as llvm-objdump prints it; a target behind an instruction is its relocation's. */
const helper = (...lines: string[]) => {
  const [f] = readCode(
    `Disassembly of section .text.h:\n\n0000000000000000 <h>:\n${lines.map((l) => `       0:      \t${l.replace(/ @.*/, "")}\n${/@(.*)/.test(l) ? `\t\t0000000000000001:  R_X86_64_PLT32\t${/@(.*)/.exec(l)?.[1]}-0x4\n` : ""}`).join("")}`,
  );
  assert.ok(f);
  return f;
};

test("a jump, with constants in the arguments behind the helper's own", () => {
  assert.deepEqual(tailCall(helper("jmp\t0x5 @__msecs_to_jiffies"), 1), {
    symbol: "__msecs_to_jiffies",
    constants: [],
  });
  assert.deepEqual(
    tailCall(helper("endbr64", "callq\t0x9 @__fentry__", "movl\t$0x48, %edx", "jmp\t0x5 @_copy_from_user", "int3"), 2),
    { symbol: "_copy_from_user", constants: ["0x48ul"] },
  );
  assert.deepEqual(tailCall(helper("xorl\t%ecx, %ecx", "movq\t$-0x1, %rdx", "jmp\t0x5 @f"), 2), {
    symbol: "f",
    constants: ["(unsigned long)-0x1l", "0ul"],
  });
});

for (const [what, lines] of Object.entries({
  "a result of its own": ["callq\t0x5 @f", "cltq", "jmp\t0x5 @__x86_return_thunk"],
  "an argument of the helper's that changes": ["movl\t$0x1, %edi", "jmp\t0x5 @f"],
  "a gap before a constant": ["movl\t$0x1, %ecx", "jmp\t0x5 @f"],
  "an address as an argument": ["movq\t$0x0, %rdx @key", "jmp\t0x5 @f"],
  "a value from memory": ["movq\t(%rip), %rdx", "jmp\t0x5 @f"],
  "a branch that is patched": ["nopl\t(%rax,%rax)", "jmp\t0x5 @f"],
  "a jump through a register": ["jmpq\t*%rax"],
  "a return": ["jmp\t0x5 @__x86_return_thunk"],
  "code behind the jump": ["jmp\t0x5 @f", "movl\t$0x1, %edx"],
  "a variadic call": ["xorl\t%eax, %eax", "jmp\t0x5 @f"],
})) {
  test(`no other: ${what}`, () => assert.equal(tailCall(helper(...lines), 2), undefined));
}
