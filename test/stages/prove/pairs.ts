/** Two functions of one signature, as bodies of LLVM IR: what tests hold against each other. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { provedBothWays } from "./z3.ts";

/** @param around what stands before the function */
export function bodyOf(body: string, around = ""): IrFunction {
  return new IrModule(`${around}\ndefine i32 @f(ptr %p, i32 %n) {\n${body}\n}\n`).function("f") as IrFunction;
}

export interface Case {
  what: string;
  c: string;
  rust: string;
  around?: string;
  /** Whether it is proved, and the other way round where that is not the same. */
  proved: boolean | [boolean, boolean];
}

/** A test a case. */
export function testCases(cases: readonly Case[], solver: () => NonNullable<ProofTools["solver"]>): void {
  for (const { what, c, rust, around, proved } of cases)
    it(`${proved === true ? "" : "not: "}${what}`, async () =>
      assert.deepEqual(
        await provedBothWays(bodyOf(c, around), bodyOf(rust, around), solver()),
        typeof proved === "boolean" ? [proved, proved] : proved,
      ));
}
