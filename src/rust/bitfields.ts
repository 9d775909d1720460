/**
 * Replaces `#[derive(BitfieldStruct)]` by plain accessors, so that a port needs no crate but core. c2rust prints one attribute a
 * bit-field on the bytes it shares with its neighbours: `#[bitfield(name = "mode", ty = "__u32", bits = "0..=2")]`.
 */
import type { RustItem } from "./items.ts";

const FIELD = /#\[bitfield\(name = "(\w+)", ty = "([^"]+)", bits = "(\d+)\.\.=(\d+)"\)\]/g;

/** Expand the bit-fields of a structure: the structure without attributes, and the accessors. */
export function expandBitfields(item: RustItem): RustItem[] {
  if (!item.attributes.some((a) => a.includes("BitfieldStruct"))) return [item];
  const attributes = item.attributes.map((a) => a.replace(/,\s*BitfieldStruct\b|\bBitfieldStruct,\s*/, ""));
  const methods: string[] = [];
  for (const group of item.text.matchAll(/((?:\s*#\[bitfield\([^\]]*\)\])+)\s*pub (\w+): \[u8; (\d+)\]/g)) {
    for (const f of (group[1] as string).matchAll(FIELD)) methods.push(accessors(f[1] as string, f[2] as string, Number(f[3]), Number(f[4]), group[2] as string));
  }
  const struct = { ...item, attributes, text: item.text.replace(/^\s*#\[bitfield\([^\]]*\)\]\n/gm, "") };
  if (methods.length === 0) return [struct];
  return [struct, { kind: "impl", name: item.name, attributes: [], text: `impl ${item.name} {\n${methods.join("\n")}\n}` }];
}

function accessors(name: string, type: string, low: number, high: number, storage: string): string {
  const width = high - low + 1;
  const isBool = /(?:^|_)bool(?:_\d+)?$/i.test(type);
  const read = `crate::bitfield::get::<${low}, ${width}>(&self.${storage})`;
  // Shifting up and back extends the sign where the type has one.
  const value = isBool ? `${read} != 0` : `((${read} as ${type}) << (${type}::BITS - ${width})) >> (${type}::BITS - ${width})`;
  return `    #[inline(always)]
    pub const fn ${name}(&self) -> ${type} {
        ${value}
    }
    #[inline(always)]
    pub const fn set_${name}(&mut self, value: ${type}) {
        crate::bitfield::set::<${low}, ${width}>(&mut self.${storage}, value as u64)
    }`;
}

/** The module the accessors call. */
export const BITFIELD_MODULE = `//! Bit-fields as C lays them out: little endian, within the bytes that the fields share.

/// Bits \`LOW..LOW + WIDTH\` of \`bytes\`.
#[inline(always)]
pub const fn get<const LOW: usize, const WIDTH: usize>(bytes: &[u8]) -> u64 {
    let mut value: u128 = 0;
    let mut i = LOW / 8;
    while i <= (LOW + WIDTH - 1) / 8 {
        value |= (unsafe { *bytes.as_ptr().add(i) } as u128) << (8 * (i - LOW / 8));
        i += 1;
    }
    ((value >> (LOW % 8)) & ((1u128 << WIDTH) - 1)) as u64
}

/// Sets those bits and no others.
#[inline(always)]
pub const fn set<const LOW: usize, const WIDTH: usize>(bytes: &mut [u8], value: u64) {
    let mask = ((1u128 << WIDTH) - 1) << (LOW % 8);
    let bits = ((value as u128) << (LOW % 8)) & mask;
    let mut i = LOW / 8;
    while i <= (LOW + WIDTH - 1) / 8 {
        let shift = 8 * (i - LOW / 8);
        unsafe {
            let byte = bytes.as_mut_ptr().add(i);
            *byte = (*byte & !((mask >> shift) as u8)) | ((bits >> shift) as u8);
        }
        i += 1;
    }
}
`;
