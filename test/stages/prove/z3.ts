/** The solver that tests of two functions ask: z3 as the stage starts it. */
import assert from "node:assert/strict";
import { type ProofTools } from "../../../src/stages/prove/compared.ts";
import { solved } from "../../../src/stages/prove/tasks.ts";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { solve } from "../../../src/stages/prove/solver.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

export async function z3Here(): Promise<NonNullable<ProofTools["solver"]>> {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string" && provers.z3 !== undefined, String(provers));
  const { path } = provers.z3;
  return (task) => solve(task, { path, sandbox: { writable: [] } });
}

/** Whether two functions are proved to be the same, both ways round: neither side is the one that has to be written in a certain way. */
export async function provedBothWays(
  c: IrFunction,
  rust: IrFunction,
  solver: NonNullable<ProofTools["solver"]>,
): Promise<boolean[]> {
  return [(await solved(c, rust, solver)) === undefined, (await solved(rust, c, solver)) === undefined];
}
