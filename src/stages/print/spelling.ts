/** Numbers as the constants that they are. */
import { wrapped } from "./convert.ts";
import { rustName } from "./rust-text.ts";
import type { RustType } from "./rust-type.ts";

/** More than a person reads as a count. */
const LARGE = 1n << 32n;

/**
 * A number as a literal of a type: all bits of an unsigned one are its `MAX`, and bits are in hexadecimal.
 * @param ofBits whether it is made of them
 */
export function numberText(value: bigint, type: RustType, ofBits = false): string {
  const here = wrapped(value, type);
  const isAll = type.k === "int" && !type.signed && here === (1n << BigInt(type.bits)) - 1n;
  if (isAll && (here !== value || type.bits === 64)) return `${rustName(type)}::MAX`;
  const inHex = here > 9n && (here > LARGE || ofBits);
  return inHex ? `0x${here.toString(16)}` : here.toString();
}
