import assert from "node:assert/strict";
import { test } from "node:test";
import { readCode } from "../../../src/stages/inspect/code.ts";
import { lowerDeadEnds, neverReturning } from "../../../src/stages/lower/dead-ends.ts";
import { lowered } from "./rule.ts";

/** A helper in its section, behind its padding; a target behind an instruction is its relocation's. */
const never = (...lines: string[]): boolean => {
  const text = lines
    .map((l) =>
      l.startsWith("<")
        ? `\n0000000000000020 ${l}:\n`
        : `       0:      \t${l.replace(/ @.*/, "")}\n${/@(.*)/.test(l) ? `\t\t0000000000000001:  R_X86_64_PLT32\t${/@(.*)/.exec(l)?.[1]}-0x4\n` : ""}`,
    )
    .join("");
  const code = readCode(
    `Disassembly of section .text.h:\n\n0000000000000000 <.text.h>:\n       0:      \tnop\n\n0000000000000010 <h>:\n${text}`,
  );
  return neverReturning(new Map(code.map((f) => [f.symbol, f]))).has("h");
};

test("a helper that ends in a trap, a loop or a call does not return", () => {
  assert.ok(never("endbr64", "callq\t0x9 @__fentry__", "ud2"));
  assert.ok(never("testl\t%edi, %edi", "je\t0x8 <h+0x8>", "ud2", "callq\t0x9 @panic"));
  assert.ok(never("callq\t0x9 @schedule", "jmp\t0x0 <h>"));
});

for (const [what, lines] of Object.entries({
  "a return": ["testl\t%edi, %edi", "je\t0x8 <h+0x8>", "ud2", "retq"],
  "a return by its thunk": ["ud2", "jmp\t0x5 @__x86_return_thunk"],
  "a jump to another function": ["testl\t%edi, %edi", "jne\t0x5 @f", "ud2"],
  "a jump through a register": ["jmpq\t*%rax"],
  "a label in its middle, behind which it may return": [
    "testl\t%edi, %edi",
    "je\t0x20 <label>",
    "ud2",
    "<label>",
    "retq",
  ],
})) {
  test(`with ${what} it may return`, () => assert.ok(!never(...lines)));
}

test("behind a call of what does not return nothing is said to follow, where it has no value", async () => {
  const out = await lowered(
    "void stop(int); int none(void); void go(void);\nint f(int x) { if (x) stop(x + 1); else go(); return none(); }\n",
    ({ functions, text }) => {
      for (const f of functions) lowerDeadEnds(f, new Set(["stop", "none"]), () => false, text);
    },
  );
  assert.match(out, /if \(x\) \(stop\(x \+ 1\), __builtin_unreachable\(\)\); else go\(\); return none\(\);/);
});
