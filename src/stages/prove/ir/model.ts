/** LLVM IR as a tree (https://llvm.org/docs/LangRef.html), as far as functions and what they name are compared. Types are structural: a named one is what it names. */

export type Type =
  | { kind: "void" | "ptr" | "label" | "metadata" | "token" | "opaque" }
  | { kind: "int"; bits: number }
  /** `half`, `double`, `x86_fp80`, … by their names. */
  | { kind: "float"; name: string }
  | { kind: "array" | "vector"; count: number; of: Type }
  | { kind: "struct"; packed: boolean; fields: Type[] }
  | { kind: "function"; returns: Type; parameters: Type[]; variadic: boolean };

export type Value =
  | { kind: "local" | "global"; name: string }
  | { kind: "int"; value: bigint }
  | { kind: "float"; text: string }
  | { kind: "null" | "undef" | "poison" | "zero" | "none" }
  | { kind: "aggregate"; shape: "array" | "struct" | "packed" | "vector"; elements: Operand[] }
  | { kind: "bytes"; bytes: Buffer }
  /** A constant expression: a cast, an address within an object, an operation. */
  | { kind: "expression"; op: string; source?: Type; operands: Operand[] }
  | { kind: "asm"; text: string; constraints: string; flags: string[] }
  | { kind: "metadata"; text: string };

export interface Operand {
  type: Type;
  value: Value;
  /** What of a parameter's attributes says how it is passed. */
  passing?: Passing;
}

/** How a parameter or a result is passed: what both sides of a call have to agree on. */
export interface Passing {
  /** `zeroext`, `signext`, `inreg`. */
  words: string[];
  /** `byval`, `sret`, `elementtype` with their types; of a structure that is passed in memory also how it is aligned there. */
  typed: { name: string; type: Type; align?: number }[];
}

export interface Instruction {
  result?: string;
  op: string;
  /** Of the result; void where there is none. */
  type: Type;
  operands: Operand[];
  /** `nsw`, `inbounds`, `volatile`, `atomic`, `weak`, the predicate of a comparison, the operation of an atomicrmw. */
  flags: string[];
  /** Of an atomic access: its ordering, after the scope it has if any. */
  ordering?: string[];
  align?: number;
  /** Of an alloca what is allocated, of a getelementptr what is counted in. */
  source?: Type;
  /** Blocks: of a branch its targets, of a phi where each operand comes from, of a switch the default and then one a case. */
  labels?: string[];
  /** Of a store or a load that flatten.ts has moved: where it is done; elsewhere what is there is written again, or nobody looks at what is read. */
  condition?: Operand;
  /** Of extractvalue and insertvalue. */
  indices?: number[];
  /** Of a call. */
  signature?: {
    returns: Passing;
    variadic: boolean;
    parameters: Type[] | undefined;
    noreturn: boolean;
    bundles: boolean;
  };
}

export interface Block {
  name: string;
  instructions: Instruction[];
}

export interface Parameter {
  name: string;
  type: Type;
  passing: Passing;
  /** Everything said of it, for those who must know what it promises. */
  attributes: string[];
}

export interface IrFunction {
  name: string;
  internal: boolean;
  returns: Type;
  returnPassing: Passing;
  parameters: Parameter[];
  variadic: boolean;
  blocks: Block[];
  /** A byte of a constant that it may name, as far as its module knows it. */
  byteOf?: (constant: string, offset: bigint) => number | undefined;
}

export interface Global {
  name: string;
  linkage: string | undefined;
  /** Its address means nothing: two that hold the same may be one. */
  unnamed: boolean;
  constant: boolean;
  type: Type;
  /** Bytes, where it is said. */
  align?: number;
  /** Absent where it is defined elsewhere. */
  value?: Value;
}

/** An instruction, type or value that the reader does not know: the function it stands in cannot be compared. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
