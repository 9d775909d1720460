/** Ways of a function that end alike, and ways that are never gone. */
import { jump, VOID } from "./flat-blocks.ts";
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";

/** @returns a function that does the same, in which blocks that end it and do the very same are one (its checks before divisions); the one given is left as it is */
export function withMergedEnds(f: IrFunction): IrFunction {
  const kept = new Map<string, string>();
  const renamed = new Map<string, string>();
  for (const b of f.blocks) {
    if (b.instructions.at(-1)?.op !== "unreachable" || b === f.blocks[0]) continue;
    // What has a result has a name of its own, and what comes together does so in a block of its own.
    if (b.instructions.some((i) => i.result !== undefined)) continue;
    const text = JSON.stringify(b.instructions, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
    const known = kept.get(text);
    if (known === undefined) kept.set(text, b.name);
    else renamed.set(b.name, known);
  }
  if (renamed.size === 0) return f;
  const led = (i: Instruction): Instruction =>
    i.op === "phi" || i.labels === undefined ? i : { ...i, labels: i.labels.map((l) => renamed.get(l) ?? l) };
  const blocks: Block[] = f.blocks
    .filter((b) => !renamed.has(b.name))
    .map((b) => ({ ...b, instructions: b.instructions.map(led) }));
  return { ...f, blocks };
}

/** Where nothing is done before it, a return is left to one block. */
export function withOneReturn(f: IrFunction): IrFunction {
  const ends = f.blocks.filter((b) => b.instructions.at(-1)?.op === "ret");
  if (ends.length === 0) return f;
  const name = "kport return";
  const [value] = ends.map((b) => (b.instructions.at(-1) as Instruction).operands[0]);
  const phi: Instruction[] =
    value === undefined
      ? []
      : [
          {
            op: "phi",
            flags: [],
            type: value.type,
            result: "kport returned",
            operands: ends.map((b) => (b.instructions.at(-1) as Instruction).operands[0] as Operand),
            labels: ends.map((b) => b.name),
          },
        ];
  const ret: Instruction = {
    op: "ret",
    flags: [],
    type: VOID,
    operands: value === undefined ? [] : [{ ...value, value: { kind: "local", name: "kport returned" } }],
  };
  return {
    ...f,
    blocks: [
      ...f.blocks.map((b) =>
        ends.includes(b) ? { ...b, instructions: [...b.instructions.slice(0, -1), jump(name)] } : b,
      ),
      { name, instructions: [...phi, ret] },
    ],
  };
}

/** Steps back from a value. */
const DEPTH = 6;

/** Whether the cases of a switch are all numbers that its value can be, so that its first way is never gone. */
export function isExhaustive(i: Instruction, definitions: ReadonlyMap<string, Instruction>): boolean {
  const [value, ...cases] = i.operands as [Operand, ...Operand[]];
  if (value.type.kind !== "int" || value.type.bits > 64) return false;
  const ones = onesOf(value, definitions, DEPTH);
  const numbers = new Set(
    cases.flatMap((c) =>
      c.value.kind === "int" ? [BigInt.asUintN(64, c.value.value) & ((1n << BigInt(bitsOf(value))) - 1n)] : [],
    ),
  );
  const count = ones.toString(2).replaceAll("0", "").length;
  return count <= 16 && numbers.size === 2 ** count && [...numbers].every((n) => (n & ~ones) === 0n);
}

function bitsOf({ type }: Operand): number {
  return type.kind === "int" ? type.bits : 64;
}

/** The bits of a number that may be set. */
function onesOf(o: Operand, definitions: ReadonlyMap<string, Instruction>, depth: number): bigint {
  const all = (1n << BigInt(bitsOf(o))) - 1n;
  if (o.value.kind === "int") return o.value.value & all;
  const i = o.value.kind === "local" ? definitions.get(o.value.name) : undefined;
  if (i === undefined || depth === 0) return all;
  const of = (n: number): bigint => onesOf(i.operands[n] as Operand, definitions, depth - 1);
  const by = i.operands[1]?.value;
  switch (i.op) {
    case "and":
      return of(0) & of(1);
    case "zext":
      return of(0);
    case "trunc":
      return of(0) & all;
    case "lshr":
      return by?.kind === "int" && by.value < BigInt(bitsOf(o)) ? of(0) >> by.value : all;
    case "shl":
      return by?.kind === "int" && by.value < BigInt(bitsOf(o)) ? (of(0) << by.value) & all : all;
  }
  return all;
}
