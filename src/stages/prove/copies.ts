/** Blocks of memory that are copied or set, as single reads and writes: what stands in them can then be followed like any other value. */
import type { Instruction, Operand, Type } from "./ir/model.ts";
import { calledName, local } from "./strips.ts";

/** Bytes beyond which a block stays one. */
const MOST = 128n;

const PTR: Type = { kind: "ptr" };
const bits = (n: number): Type => ({ kind: "int", bits: n });
const number = (width: number, value: bigint): Operand => ({ type: bits(width), value: { kind: "int", value } });

/**
 * @param isRust what Rust copies and says to be apart stays a copy, unless it comes from a constant: it would be defined for more than it is
 * @returns undefined for what is no copy, or none of a known length
 */
export function singleAccesses(i: Instruction, isRust: boolean, fresh: () => string): Instruction[] | undefined {
  const kind = /^llvm\.(memcpy|memmove|memset)\./.exec(calledName(i) ?? "")?.[1];
  if (kind === undefined) return undefined;
  const [, to, what, length, isVolatile] = i.operands as [Operand, Operand, Operand, Operand, Operand];
  if (
    length.value.kind !== "int" ||
    length.value.value > MOST ||
    isVolatile.value.kind !== "int" ||
    isVolatile.value.value !== 0n
  )
    return undefined;
  if (kind === "memset" && what.value.kind !== "int") return undefined;
  if (kind === "memcpy" && isRust && what.value.kind !== "global") return undefined;
  // The Rust may not copy what it says to be apart where C's may overlap: this has to stay to be seen (obligations.ts).
  if (kind === "memmove" && !isRust) return undefined;
  const reads: Instruction[] = [];
  const writes: Instruction[] = [];
  for (const [offset, width] of pieces(Number(length.value.value))) {
    const value =
      kind === "memset"
        ? number(width, repeated(what.value.kind === "int" ? what.value.value : 0n, width))
        : read(what, offset, width, fresh, reads);
    writes.push(
      ...at(to, offset, fresh, (address) => ({
        op: "store",
        flags: [],
        type: { kind: "void" },
        operands: [value, address],
        align: 1,
      })),
    );
  }
  // All is read before anything is written: the two may overlap.
  return [...reads, ...writes];
}

/** Words, and what is left over. */
function pieces(length: number): [offset: number, width: number][] {
  const out: [number, number][] = [];
  for (let at = 0; at < length; ) {
    const bytes = [8, 4, 2, 1].find((n) => at + n <= length) as number;
    out.push([at, bytes * 8]);
    at += bytes;
  }
  return out;
}

function repeated(byte: bigint, width: number): bigint {
  let out = 0n;
  for (let n = 0; n < width; n += 8) out |= BigInt.asUintN(8, byte) << BigInt(n);
  return out;
}

function read(from: Operand, offset: number, width: number, fresh: () => string, into: Instruction[]): Operand {
  const made = at(from, offset, fresh, (address) => ({
    op: "load",
    flags: [],
    type: bits(width),
    operands: [address],
    result: fresh(),
    align: 1,
  }));
  into.push(...made);
  return local(made.at(-1) as Instruction);
}

function at(
  { type, value }: Operand,
  offset: number,
  fresh: () => string,
  access: (address: Operand) => Instruction,
): Instruction[] {
  if (offset === 0) return [access({ type, value })];
  const address: Instruction = {
    op: "getelementptr",
    flags: [],
    type: PTR,
    source: bits(8),
    operands: [{ type, value }, number(64, BigInt(offset))],
    result: fresh(),
  };
  return [address, access(local(address))];
}
