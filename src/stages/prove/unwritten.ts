/**
 * What a function reads of its own variables before it has written there. To an optimiser that is whatever fits: of `int r; if (x) r = 5; return r`
 * it makes `return 5`, and a translation that has lost the 5 on one way would be the same as the C. So for once all variables are filled with
 * what nobody knows, and what of that is looked at is seen.
 */
import { sizeOf } from "./ir/layout.ts";
import type { Instruction, IrFunction, Operand, Type } from "./ir/model.ts";
import { quoted } from "./ir/print.ts";
import { calledName, local } from "./strips.ts";

/** A constant that is defined elsewhere: its bytes are some, and always the same. */
export const UNWRITTEN = "kport unwritten";
const COPY = "llvm.memcpy.p0.p0.i64";

export const UNWRITTEN_TEXT = `@${quoted(UNWRITTEN)} = external constant i8\n`;

const PTR: Type = { kind: "ptr" };
const global = (name: string): Operand => ({ type: PTR, value: { kind: "global", name } });
const number = (bits: number, value: bigint): Operand => ({
  type: { kind: "int", bits },
  value: { kind: "int", value },
});

/** Bytes behind a variable that are filled as well: what is read there is nobody's either, and as free for an optimiser. */
const BEHIND = 64;

/** A variable, filled; as it is where its size is not known before it runs. */
export function filled(alloca: Instruction): Instruction[] {
  const count = alloca.operands[0]?.value ?? { kind: "int", value: 1n };
  if (count.kind !== "int") return [alloca];
  const bytes = sizeOf(alloca.source as Type) * Number(count.value) + BEHIND;
  const source: Type = { kind: "array", count: bytes, of: { kind: "int", bits: 8 } };
  return [
    { ...alloca, source, operands: [] },
    {
      op: "call",
      flags: [],
      type: { kind: "void" },
      operands: [global(COPY), local(alloca), global(UNWRITTEN), number(64, BigInt(bytes)), number(1, 0n)],
      signature: {
        returns: { words: [], typed: [] },
        variadic: false,
        parameters: undefined,
        noreturn: false,
        bundles: false,
      },
    },
  ];
}

/** Whether a function looks at what its variables were filled with, or copies it to others. */
export function readsUnwritten(f: IrFunction): boolean {
  const instructions = f.blocks.flatMap((b) => b.instructions);
  const definitions = new Map(instructions.map((i) => [i.result, i]));
  const isOwn = ({ value }: Operand): boolean => {
    const i = value.kind === "local" ? definitions.get(value.name) : undefined;
    return i?.op === "alloca" || (i?.op === "getelementptr" && isOwn(i.operands[0] as Operand));
  };
  /** A variable of a few bytes is filled by a load and a store. */
  const loaded = new Set(
    instructions.flatMap((i) => (i.op === "load" && i.operands.some(namesUnwritten) ? [i.result] : [])),
  );
  const isFilling = (i: Instruction): boolean =>
    (i.op === "store" && isOwn(i.operands[1] as Operand)) ||
    (/^llvm\.mem(?:cpy|move)\./.test(calledName(i) ?? "") && isOwn(i.operands[1] as Operand));
  return instructions.some(
    (i) =>
      !isFilling(i) &&
      i.operands.some(
        (o) => (i.op !== "load" && namesUnwritten(o)) || (o.value.kind === "local" && loaded.has(o.value.name)),
      ),
  );
}

function namesUnwritten({ value }: Operand): boolean {
  if (value.kind === "global") return value.name === UNWRITTEN;
  return value.kind === "expression" && value.operands.some(namesUnwritten);
}
