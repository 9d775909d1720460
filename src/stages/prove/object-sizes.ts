/**
 * What a helper knows of how large an object is. It is compiled by itself, so that of what it is given it knows nothing but what it is told
 * (lower/sized-arguments.ts): else FORTIFY_SOURCE's checks of an array that is passed to it are not in the module. Inlined into the caller, as it is to be compared, it would know.
 */
import type { Instruction, IrFunction, Operand } from "./ir/model.ts";
import { optimise, type ProofTools } from "./compared.ts";
import { TELLS_SIZE } from "../lower/sized-arguments.ts";
import { calledName } from "./strips.ts";
import type { WrittenIr } from "./written.ts";

/** Helpers' text so far done that what is asked for the size of is what they are given, or their own. */
const SETTLED = "always-inline,function(sroa<modify-cfg>,early-cse<memssa>,simplifycfg)";

/** Helpers as they are compiled by themselves, as far as it takes to ask `sizeUnknown`. */
export async function settledHelpers({ unit, helpers }: WrittenIr, tools: ProofTools): Promise<WrittenIr> {
  const asks = helpers?.includes("@llvm.objectsize.") === true;
  return { unit, helpers: asks ? await optimise(helpers as string, SETTLED, tools) : helpers };
}

/**
 * How llvm.objectsize answers in a function that is compiled by itself.
 * @returns undefined where the object is the function's own, or the module's, and for all other instructions
 */
export function sizeUnknown(i: Instruction, f: IrFunction): Instruction | undefined {
  if (calledName(i)?.startsWith("llvm.objectsize.") !== true) return undefined;
  const [, object, isLeast] = i.operands;
  if (object === undefined || isKnown(object, f)) return undefined;
  const least = isLeast?.value.kind === "int" && isLeast.value.value !== 0n;
  const size: Operand = { type: i.type, value: { kind: "int", value: least ? 0n : -1n } };
  return {
    ...(i.result === undefined ? {} : { result: i.result }),
    op: "add",
    flags: [],
    type: i.type,
    operands: [size, ZERO(i)],
  };
}

const ZERO = (i: Instruction): Operand => ({ type: i.type, value: { kind: "int", value: 0n } });

/** Whether a pointer is an address within a variable that the function names itself. */
function isKnown(pointer: Operand, f: IrFunction): boolean {
  const { value } = pointer;
  if (value.kind === "global") return true;
  if (value.kind === "expression") return value.operands[0] !== undefined && isKnown(value.operands[0], f);
  if (value.kind !== "local") return false;
  const made = f.blocks.flatMap((b) => b.instructions).find((x) => x.result === value.name);
  // Who is told the size of a local (lower/sized-arguments.ts) knows it.
  if (made?.op === "alloca" || (made !== undefined && calledName(made) === TELLS_SIZE)) return true;
  const [base] = made?.operands ?? [];
  return made?.op === "getelementptr" && base !== undefined && isKnown(base, f);
}
