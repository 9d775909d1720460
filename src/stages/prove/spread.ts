/**
 * Structures that are passed as values, member by member: clang passes two words as two numbers, rustc as one structure of two. To LLVM's code
 * generator both are the same arguments (each member of an aggregate is one of its own: ComputeValueVTs), so this is what a function is called with.
 */
import type { Block, Instruction, IrFunction, Operand, Parameter, Type } from "./ir/model.ts";

interface Member {
  type: Type;
  /** Where it stands in the structure. */
  indices: number[];
}

/** @returns undefined for what is passed as it is: no structure, or one of other things than numbers and addresses of up to a word */
function membersOf(type: Type, indices: number[] = []): Member[] | undefined {
  if (type.kind === "ptr" || (type.kind === "int" && type.bits <= 64 && indices.length > 0)) return [{ type, indices }];
  const parts =
    type.kind === "struct"
      ? type.fields
      : type.kind === "array" && type.count <= 2
        ? Array.from({ length: type.count }, () => type.of)
        : undefined;
  const members = parts?.map((p, n) => membersOf(p, [...indices, n]));
  return members === undefined || members.includes(undefined) ? undefined : (members as Member[][]).flat();
}

function isSpread({ type, passing }: Pick<Operand, "type" | "passing">): boolean {
  return (
    (type.kind === "struct" || type.kind === "array") &&
    (passing?.words ?? []).length === 0 &&
    (passing?.typed ?? []).length === 0 &&
    membersOf(type) !== undefined
  );
}

/** @returns a function that is called with the members and puts them together at first; the one given where it takes no structure */
export function withSpreadParameters(f: IrFunction, fresh: () => string): IrFunction {
  if (!f.parameters.some(isSpread)) return f;
  const made: Instruction[] = [];
  const parameters = f.parameters.flatMap((p): Parameter[] => {
    if (!isSpread(p)) return [p];
    const members = membersOf(p.type) as Member[];
    let whole: Operand = { type: p.type, value: { kind: "poison" } };
    return members.map(({ type, indices }, n) => {
      const name = fresh();
      const result = n === members.length - 1 ? p.name : fresh();
      const member: Operand = { type, value: { kind: "local", name } };
      made.push({ op: "insertvalue", flags: [], type: p.type, operands: [whole, member], indices, result });
      whole = { type: p.type, value: { kind: "local", name: result } };
      return { name, type, passing: { words: [], typed: [] }, attributes: [] };
    });
  });
  const [entry, ...rest] = f.blocks as [Block, ...Block[]];
  return { ...f, parameters, blocks: [{ ...entry, instructions: [...made, ...entry.instructions] }, ...rest] };
}

/** A call that passes members in place of structures, behind what takes them out. */
export function withSpreadArguments(call: Instruction, fresh: () => string): Instruction[] {
  if (call.op !== "call" || call.signature?.variadic === true || !call.operands.slice(1).some(isSpread)) return [call];
  const made: Instruction[] = [];
  const [callee, ...args] = call.operands as [Operand, ...Operand[]];
  const spread = args.flatMap((o): Operand[] => {
    if (!isSpread(o)) return [o];
    return (membersOf(o.type) as Member[]).map(({ type, indices }) => {
      const result = fresh();
      made.push({ op: "extractvalue", flags: [], type, operands: [{ type: o.type, value: o.value }], indices, result });
      return { type, value: { kind: "local", name: result } };
    });
  });
  return [...made, { ...call, operands: [callee, ...spread] }];
}
