/** What LLVM's intrinsics do, and the C library's copies, which compilers take one for the other. */
import { widthOf } from "../evaluate.ts";
import type { Instruction, Operand } from "../ir/model.ts";
import { binary } from "./arithmetic.ts";
import type { Datum } from "./machine.ts";
import { GivenUp, type RunMemory } from "./memory.ts";

const MOST_BLOCK = 4096n;
const BLOCKS = new Set(["memcpy", "memmove", "memset"]);

export function isIntrinsic(name: string): boolean {
  return name.startsWith("llvm.") || BLOCKS.has(name);
}

/** @param isC what C leaves open ends the run */
export function intrinsic(
  name: string,
  i: Instruction,
  args: readonly Datum[],
  memory: RunMemory,
  isC: boolean,
  took: (bytes: number) => void,
): Datum {
  const parts = name.replace(/^llvm\./, "").split(".");
  const word = parts[0] as string;
  if (word === "expect") return args[0];
  if (BLOCKS.has(word)) return block(word, args, memory, isC, took);
  const [a, b, c] = args;
  if (typeof a !== "bigint" || (args.length > 1 && typeof b !== "bigint")) return undefined;
  const width = widthOf((i.operands[1] as Operand).type);
  const apply = (op: string, x: bigint, y: bigint): bigint =>
    binary({ ...i, op, flags: [] }, x, y, width, false) as bigint;
  if (["umin", "umax", "smin", "smax"].includes(word)) return apply(word.replace(/^s/, ""), a, b as bigint);
  const overflow = /^([us])(add|sub|mul)$/.exec(word);
  if (overflow !== null && parts[1] === "with" && typeof b === "bigint") {
    const as = (v: bigint): bigint => (overflow[1] === "s" ? BigInt.asIntN(width, v) : v);
    const [x, y] = [as(a), as(b)];
    const whole = overflow[2] === "add" ? x + y : overflow[2] === "sub" ? x - y : x * y;
    const fits = as(BigInt.asUintN(width, whole)) === whole;
    return [BigInt.asUintN(width, whole), fits ? 0n : 1n];
  }
  const bits = a.toString(2).padStart(width, "0");
  switch (word) {
    case "abs": {
      const signed = BigInt.asIntN(width, a);
      return BigInt.asUintN(width, signed < 0n ? -signed : signed);
    }
    case "ctpop":
      return BigInt([...bits].filter((x) => x === "1").length);
    case "ctlz":
    case "cttz":
      if (a === 0n) {
        if (b === 1n) throw new GivenUp(`${word} of zero`);
        return BigInt(width);
      }
      return BigInt(word === "ctlz" ? bits.indexOf("1") : width - 1 - bits.lastIndexOf("1"));
    case "bswap":
      return BigInt(
        `0x${(
          a
            .toString(16)
            .padStart(width / 4, "0")
            .match(/../g) ?? []
        )
          .toReversed()
          .join("")}`,
      );
    case "fshl":
    case "fshr": {
      if (typeof b !== "bigint" || typeof c !== "bigint") return undefined;
      const by = c % BigInt(width);
      const both = (a << BigInt(width)) | b;
      return BigInt.asUintN(width, word === "fshl" ? (both << by) >> BigInt(width) : both >> by);
    }
  }
  throw new GivenUp(name);
}

function block(
  word: string,
  [to, what, length]: readonly Datum[],
  memory: RunMemory,
  isC: boolean,
  took: (bytes: number) => void,
): Datum {
  if (typeof to !== "bigint" || typeof length !== "bigint") throw new GivenUp("a block that is open");
  if (length > MOST_BLOCK) throw new GivenUp("a large block");
  took(Number(length));
  if (word === "memset") {
    const value = typeof what === "bigint" ? Number(what & 255n) : undefined;
    for (let n = 0n; n < length; n++) memory.set(to + n, { value, single: false });
  } else {
    if (typeof what !== "bigint") throw new GivenUp("a block that is open");
    if (isC && word === "memcpy" && to !== what && to < what + length && what < to + length)
      throw new GivenUp("a copy onto itself");
    memory.copy(to, what, length);
  }
  return to;
}
