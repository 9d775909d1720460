/** How types lie in memory on x86-64 (its data layout string), and what a constant holds there. */
import { type Operand, type Type, Unsupported, type Value } from "./model.ts";

const FLOATS: Record<string, [size: number, align: number]> = {
  half: [2, 2],
  bfloat: [2, 2],
  float: [4, 4],
  double: [8, 8],
  x86_fp80: [16, 16],
  fp128: [16, 16],
};

/** Types within a type, each as often as it is spelled out: the kernel's largest structures have some thousand. */
const MOST_PARTS = 20_000;

const parts = new WeakMap<Type, number>();

/**
 * What a type has within it. Thirty structures that each hold two of the one before are few lines of C, and a billion parts spelled out.
 * @throws Unsupported beyond the bound
 */
export function partsOf(t: Type): number {
  const known = parts.get(t);
  if (known !== undefined) return known;
  const inner =
    t.kind === "array" || t.kind === "vector"
      ? [t.of]
      : t.kind === "struct"
        ? t.fields
        : t.kind === "function"
          ? [t.returns, ...t.parameters]
          : [];
  const count = inner.reduce((n, f) => n + partsOf(f), 1);
  if (count > MOST_PARTS) throw new Unsupported(`a type of more than ${MOST_PARTS} parts`);
  parts.set(t, count);
  return count;
}

function up(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}

export function alignOf(t: Type): number {
  switch (t.kind) {
    case "int":
      return Math.min(16, 2 ** Math.ceil(Math.log2(Math.max(1, Math.ceil(t.bits / 8)))));
    case "ptr":
      return 8;
    case "float":
      return FLOATS[t.name]?.[1] ?? 16;
    case "array":
      return alignOf(t.of);
    case "vector":
      return Math.max(1, sizeOf(t));
    case "struct":
      return t.packed ? 1 : Math.max(1, ...t.fields.map(alignOf));
    default:
      throw new Unsupported(`the size of ${t.kind}`);
  }
}

export function sizeOf(t: Type): number {
  switch (t.kind) {
    case "int":
      return up(Math.ceil(t.bits / 8), alignOf(t));
    case "ptr":
      return 8;
    case "float":
      return FLOATS[t.name]?.[0] ?? 16;
    case "array":
      return t.count * sizeOf(t.of);
    case "vector":
      return t.of.kind === "int" ? Math.ceil((t.count * t.of.bits) / 8) : t.count * sizeOf(t.of);
    case "struct":
      return up(
        t.fields.reduce((n, f) => (t.packed ? n : up(n, alignOf(f))) + sizeOf(f), 0),
        alignOf(t),
      );
    default:
      throw new Unsupported(`the size of ${t.kind}`);
  }
}

export function fieldOffset(t: Type & { kind: "struct" }, index: number): number {
  let at = 0;
  for (const [i, f] of t.fields.entries()) {
    if (!t.packed) at = up(at, alignOf(f));
    if (i === index) return at;
    at += sizeOf(f);
  }
  throw new Unsupported("a field that a structure does not have");
}

/** The type of a part. */
export function memberOf(type: Type, index: number): Type {
  if (type.kind === "struct" && type.fields[index]) return type.fields[index];
  if (type.kind === "array") return type.of;
  throw new Unsupported("a member of what has none");
}

/** An address that is a constant: so many bytes behind a symbol. */
export interface Address {
  symbol: string;
  offset: bigint;
}

const ADDRESS = 8;

/** Of an object whose bytes are looked at. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Bytes, and where addresses stand among them. */
export interface Contents {
  bytes: Buffer;
  addresses: { at: number; symbol: string; offset: bigint }[];
}

/**
 * What a constant is in memory. Bytes that are undefined or lie between fields are zero, as LLVM writes them.
 * @throws Unsupported for what only a linker can work out
 */
export function contentsOf({ type, value }: Operand): Contents {
  if (sizeOf(type) > MOST_BYTES) throw new Unsupported(`an object of ${sizeOf(type)} bytes`);
  const out: Contents = { bytes: Buffer.alloc(sizeOf(type)), addresses: [] };
  write(out, 0, type, value);
  return out;
}

function write(out: Contents, at: number, type: Type, value: Value): void {
  switch (value.kind) {
    case "zero":
    case "null":
    case "undef":
    case "poison":
    case "none":
      return;
    case "bytes":
      value.bytes.copy(out.bytes, at);
      return;
    case "int": {
      if (type.kind !== "int") throw new Unsupported("a number of another type");
      let n = BigInt.asUintN(type.bits, value.value);
      for (let i = 0; i < Math.ceil(type.bits / 8); i++, n >>= 8n) out.bytes[at + i] = Number(n & 255n);
      return;
    }
    case "aggregate":
      for (const [i, e] of value.elements.entries()) write(out, at + elementOffset(type, i), e.type, e.value);
      return;
    case "expression": {
      const number = value.op === "inttoptr" ? value.operands[0] : undefined;
      if (number?.value.kind === "int") return write(out, at, number.type, number.value);
      if (sizeOf(type) !== ADDRESS) throw new Unsupported("a part of an address");
      out.addresses.push({ at, ...addressOf(value) });
      return;
    }
    case "global":
      out.addresses.push({ at, ...addressOf(value) });
      return;
    default:
      throw new Unsupported(`a constant that is ${value.kind}`);
  }
}

function elementOffset(type: Type, index: number): number {
  if (type.kind === "struct") return fieldOffset(type, index);
  if (type.kind === "array" || type.kind === "vector") return index * sizeOf(type.of);
  throw new Unsupported("elements of what has none");
}

/** @throws Unsupported where a constant expression is no address with an offset */
export function addressOf(value: Value): Address {
  if (value.kind === "global") return { symbol: value.name, offset: 0n };
  if (value.kind !== "expression") throw new Unsupported(`an address that is ${value.kind}`);
  const [base, ...indices] = value.operands;
  if (base === undefined) throw new Unsupported("an address of nothing");
  if (["ptrtoint", "inttoptr", "bitcast"].includes(value.op)) return addressOf(base.value);
  if (value.op !== "getelementptr" || value.source === undefined) throw new Unsupported(`the constant \`${value.op}\``);
  const { symbol, offset } = addressOf(base.value);
  return { symbol, offset: offset + offsetOf(value.source, indices) };
}

/** Bytes that constant indices stand for. */
export function offsetOf(source: Type, indices: readonly Operand[]): bigint {
  let [type, offset] = [source, 0n];
  for (const [i, { value }] of indices.entries()) {
    const index = value.kind === "int" ? value.value : value.kind === "zero" ? 0n : undefined;
    if (index === undefined) throw new Unsupported("an index that is not a number");
    if (i === 0) offset += index * BigInt(sizeOf(type));
    else if (type.kind === "struct") {
      offset += BigInt(fieldOffset(type, Number(index)));
      type = type.fields[Number(index)] as Type;
    } else if (type.kind === "array" || type.kind === "vector") {
      offset += index * BigInt(sizeOf(type.of));
      type = type.of;
    } else throw new Unsupported("an index into what has no parts");
  }
  return offset;
}
