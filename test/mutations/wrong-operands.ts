/** Mistakes in what an instruction is given. */
import type { Instruction, Operand } from "../../src/stages/prove/ir/model.ts";
import { calledName } from "../../src/stages/prove/strips.ts";

/** Calls that only tell the optimiser something. */
export const HINT = /^llvm\.(?:lifetime|dbg|assume|expect)/;

export function withOperand(i: Instruction, n: number, value: Operand["value"]): Instruction {
  return { ...i, operands: i.operands.map((o, m) => (m === n ? { ...o, value } : o)) };
}

export function exchanged(i: Instruction, n: number, m: number): Instruction {
  const value = (k: number): Operand["value"] => (i.operands[k === n ? m : n] as Operand).value;
  return withOperand(withOperand(i, n, value(n)), m, value(m));
}

/** Two neighbours of one type, in a call or an operation to which their order matters. */
export function argumentsExchanged(i: Instruction): (readonly [string, Instruction[]])[] {
  const first = i.op === "call" ? 1 : 0;
  if (!["call", "sub", "udiv", "sdiv", "urem", "srem", "shl", "lshr", "ashr"].includes(i.op)) return [];
  if (HINT.test(calledName(i) ?? "")) return [];
  return i.operands.slice(first, -1).flatMap((o, k) => {
    const [n, other] = [k + first, i.operands[k + first + 1] as Operand];
    const isAlike = JSON.stringify(o.type) === JSON.stringify(other.type);
    const differs = o.value.kind !== other.value.kind || o.value.kind === "local" || o.value.kind === "global";
    return isAlike && differs ? [["arguments exchanged", [exchanged(i, n, n + 1)]] as const] : [];
  });
}

/** Assembly that does not say what it changes: the last of its constraints are dropped, which begin with `~`. */
export function withoutClobbers(i: Instruction): (readonly [string, Instruction[]])[] {
  const value = i.operands[0]?.value;
  if (value?.kind !== "asm") return [];
  const kept = value.constraints.split(",").filter((c) => c !== "~{memory}");
  return kept.length === value.constraints.split(",").length
    ? []
    : [["clobber of memory lost", [withOperand(i, 0, { ...value, constraints: kept.join(",") })]]];
}

/** An index of a variable width, cut off. */
export function indexWidth(i: Instruction, o: Operand, n: number): (readonly [string, Instruction[]])[] {
  if (o.type.kind !== "int" || o.type.bits !== 64 || o.value.kind !== "local") return [];
  const [half, whole] = [`${i.result} half`, `${i.result} whole`];
  const cast = (op: string, of: Operand, bits: number, result: string): Instruction => ({
    op,
    flags: [],
    type: { kind: "int", bits },
    operands: [of],
    result,
  });
  return [
    [
      "index cut off",
      [
        cast("trunc", o, 16, half),
        cast("zext", { type: { kind: "int", bits: 16 }, value: { kind: "local", name: half } }, 64, whole),
        withOperand(i, n, { kind: "local", name: whole }),
      ],
    ],
  ];
}

export function further(i: Instruction): Instruction[] {
  const at = `${i.result} before`;
  return [
    { ...i, result: at },
    {
      op: "getelementptr",
      flags: [],
      type: i.type,
      source: { kind: "int", bits: 8 },
      operands: [
        { type: { kind: "ptr" }, value: { kind: "local", name: at } },
        { type: { kind: "int", bits: 64 }, value: { kind: "int", value: 4n } },
      ],
      result: i.result as string,
    },
  ];
}
