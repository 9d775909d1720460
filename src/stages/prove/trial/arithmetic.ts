/** Arithmetic of LLVM IR on single values. */
import type { Instruction } from "../ir/model.ts";
import { GivenUp } from "./memory.ts";

/**
 * @param isC a promise that does not hold ends the run: C leaves open what is computed then
 * @returns `trap` where the processor does
 */
export function binary(i: Instruction, a: bigint, b: bigint, width: number, isC: boolean): bigint | "trap" {
  const [sa, sb] = [BigInt.asIntN(width, a), BigInt.asIntN(width, b)];
  const wrap = (value: bigint, signed: bigint): bigint => {
    if (isC && i.flags.includes("nuw") && value !== BigInt.asUintN(width, value)) throw new GivenUp("nuw");
    if (isC && i.flags.includes("nsw") && signed !== BigInt.asIntN(width, signed)) throw new GivenUp("nsw");
    return BigInt.asUintN(width, value);
  };
  const amount = (): bigint => {
    if (b < BigInt(width)) return b;
    if (isC) throw new GivenUp("a shift by more than the width");
    return b & BigInt(width - 1);
  };
  switch (i.op) {
    case "add":
      return wrap(a + b, sa + sb);
    case "sub":
      return wrap(a - b, sa - sb);
    case "mul":
      return wrap(a * b, sa * sb);
    case "and":
      return a & b;
    case "or":
      if (isC && i.flags.includes("disjoint") && (a & b) !== 0n) throw new GivenUp("disjoint");
      return a | b;
    case "xor":
      return a ^ b;
    case "shl":
      return wrap(a << amount(), sa << amount());
    case "lshr":
      return a >> amount();
    case "ashr":
      return BigInt.asUintN(width, sa >> amount());
    case "udiv":
      return b === 0n ? "trap" : a / b;
    case "urem":
      return b === 0n ? "trap" : a % b;
    case "sdiv":
    case "srem":
      if (b === 0n || (sb === -1n && sa === -(1n << BigInt(width - 1)))) return "trap";
      return BigInt.asUintN(width, i.op === "sdiv" ? sa / sb : sa % sb);
    case "max":
      return sa > sb ? a : b;
    case "min":
      return sa < sb ? a : b;
    case "umax":
      return a > b ? a : b;
    case "umin":
      return a < b ? a : b;
    default:
      throw new GivenUp(`the instruction ${i.op}`);
  }
}

export function compare(predicate: string, a: bigint, b: bigint, width: number): bigint {
  const [x, y] = predicate.startsWith("s") ? [BigInt.asIntN(width, a), BigInt.asIntN(width, b)] : [a, b];
  const holds: Record<string, boolean> = { eq: x === y, ne: x !== y, gt: x > y, ge: x >= y, lt: x < y, le: x <= y };
  return holds[["eq", "ne"].includes(predicate) ? predicate : predicate.slice(1)] ? 1n : 0n;
}

type Datum = bigint | undefined | readonly unknown[];

export function cast(i: Instruction, value: Datum, from: number, to: number, isC: boolean): bigint | undefined {
  if (typeof value !== "bigint") return undefined;
  switch (i.op) {
    case "trunc":
      // A byte that is to be true or false and is neither.
      if (isC && to === 1 && from === 8 && value > 1n) throw new GivenUp("a _Bool that is none");
      return BigInt.asUintN(to, value);
    case "zext":
    case "ptrtoint":
    case "ptrtoaddr":
    case "inttoptr":
      return BigInt.asUintN(to, value);
    case "bitcast":
      if (from === to) return value;
      throw new GivenUp("a bitcast of what is no number");
    case "sext":
      return BigInt.asUintN(to, BigInt.asIntN(from, value));
    default:
      throw new GivenUp(`the instruction ${i.op}`);
  }
}
