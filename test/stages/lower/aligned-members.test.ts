/** Alignments that c2rust does not read, said so that it does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { printItem } from "../../../src/rust/items.ts";
import { ALLOW, runRust, rustOf } from "../../rust/rust.ts";
import { lowered, named, sameResult } from "./rule.ts";

const UNIONS = `
union __attribute__((aligned(32))) wide { unsigned short words[6]; unsigned char first; };
struct device { int number; union { unsigned short id[6]; unsigned pages[4]; } __attribute__((aligned(64))); char kind; union wide wide; char tail; };
union member { unsigned char byte; unsigned short word __attribute__((aligned(16))); };
struct device drive = { 1, { { 2, 3 } }, 4, { { 5 } }, 6 };
union member members[2] = { { 7 }, { .word = 700 } };
`;

test("an aligned union is as large, and lies where C has it", async () => {
  await sameResult(
    `${UNIONS}int main(void) { printf("%zu %zu %zu %d %d %d\\n", sizeof(struct device), __builtin_offsetof(struct device, tail), sizeof(members), drive.id[1], drive.wide.first, members[1].word); }\n`,
    (x) => named(x),
  );
  const inRust = async (c: string): Promise<string> => {
    const program = (await rustOf(c)).filter((i) => i.kind !== "use").map(printItem);
    const r = await runRust(
      `${ALLOW}${program.join("\n")}\nfn main() { unsafe { println!("{} {} {} {} {}", core::mem::size_of::<device>(), core::mem::offset_of!(device, tail), core::mem::size_of_val(&members), drive.wide.first, members[1].word); } }\n`,
    );
    return r.stdout || r.stderr;
  };
  assert.equal(await inRust(await lowered(UNIONS, (x) => named(x))), "256 192 32 5 700\n");
  assert.notEqual(await inRust(UNIONS), "256 192 32 5 700\n");
});
