/** A function by another name. */
import { type Instruction, type IrFunction, type Operand, Unsupported } from "./model.ts";

/** What the other name does, as a function that calls the one it stands for. */
export function callOf(f: IrFunction, name: string): IrFunction {
  if (f.variadic) throw new Unsupported("another name of a function that takes any number of arguments");
  const call: Instruction = {
    op: "call",
    flags: [],
    type: f.returns,
    operands: [
      { type: { kind: "ptr" }, value: { kind: "global", name: f.name } },
      ...f.parameters.map(
        (p): Operand => ({ type: p.type, value: { kind: "local", name: p.name }, passing: p.passing }),
      ),
    ],
    signature: {
      returns: f.returnPassing,
      variadic: false,
      parameters: f.parameters.map((p) => p.type),
      noreturn: false,
      bundles: false,
    },
  };
  const isVoid = f.returns.kind === "void";
  if (!isVoid) call.result = "kport result";
  const ret: Instruction = {
    op: "ret",
    flags: [],
    type: { kind: "void" },
    operands: isVoid ? [] : [{ type: f.returns, value: { kind: "local", name: "kport result" } }],
  };
  return { ...f, name, blocks: [{ name: "kport entry", instructions: [call, ret] }] };
}
