/**
 * Replaces `#[derive(BitfieldStruct)]` by plain accessors, so that a port needs no crate but core. c2rust prints one attribute a
 * bit-field on the bytes it shares with its neighbours: `#[bitfield(name = "mode", ty = "__u32", bits = "0..=2")]`.
 */
import { byBitfields } from "../c/unnamed-records.ts";
import { StageError } from "../machine/errors.ts";
import type { RustItem } from "./items.ts";
import { follows, type RustToken } from "./lexer.ts";
import { attributeValue, membersOf } from "./members.ts";

/**
 * Expand the bit-fields of a structure: the structure without attributes, and the accessors.
 * c2rust puts the bytes that a group skips inside (`u8 a : 3; u32 b : 30;`) before the group, where they displace it, and numbers the bits
 * as if they were in it: such padding goes behind the group's bytes, and its accessors take both for one.
 * @param volatile the structures whose bit-fields are volatile (src/stages/lower/volatile-bitfields.ts)
 * @throws StageError("assemble") where the bytes do not add up
 */
export function expandBitfields(item: RustItem, volatile: ReadonlySet<string>): RustItem[] {
  if (!item.attributes.some((a) => a.includes("BitfieldStruct"))) return [item];
  const attributes = item.attributes.map((a) => a.replace(/,\s*BitfieldStruct\b|\bBitfieldStruct,\s*/, ""));
  const fieldsOf = membersOf(item).flatMap((m) => m.attributes.flatMap(fieldOf));
  const isVolatile = [item.tag ?? item.name, byBitfields(fieldsOf.map((f) => f.name))].some((n) => volatile.has(n));
  const methods: string[] = [];
  const members: { name: string; type: string; padding: number }[] = [];
  for (const { name, type, attributes: marks } of membersOf(item)) {
    const own = Number(/^\[u8; (\d+)\]$/.exec(type)?.[1] ?? 0);
    const fields = marks.flatMap(fieldOf);
    const bytes = Math.max(own, ...fields.map((f) => Math.floor(f.high / 8) + 1));
    const skipped: typeof members = [];
    for (let missing = bytes - own; fields.length > 0 && missing > 0; missing -= skipped[0]?.padding ?? 0) {
      const before = members.pop();
      if (before === undefined || before.padding === 0 || before.padding > missing)
        throw new StageError("assemble", `c2rust's layout of the bit-fields of ${item.name} does not add up`);
      skipped.unshift(before);
    }
    members.push(
      { name, type, padding: marks.some((m) => follows(m, 0, "bitfield", "(", "padding", ")")) ? own : 0 },
      ...skipped.map((s) => ({ ...s, padding: 0 })),
    );
    const spread = bytes > own ? bytes : undefined;
    const storage = isVolatile ? volatileStorage(name, bytes) : plainStorage(name, spread);
    for (const f of fields) methods.push(accessors(f.name, f.type, f.low, f.high, storage));
  }
  const struct = {
    ...item,
    attributes,
    text:
      members.length === 0
        ? item.text
        : `${item.text.slice(0, item.text.indexOf("{"))}{\n${members.map((m) => `    pub ${m.name}: ${m.type},\n`).join("")}}`,
  };
  if (methods.length === 0) return [struct];
  return [
    struct,
    { kind: "impl", name: item.name, attributes: [], text: `impl ${item.name} {\n${methods.join("\n")}\n}` },
  ];
}

/** `bitfield(name = "mode", ty = "__u32", bits = "0..=2")`. */
function fieldOf(attribute: readonly RustToken[]): { name: string; type: string; low: number; high: number }[] {
  const [name, type, bits] = ["name", "ty", "bits"].map((key) => attributeValue(attribute, key));
  if (attribute[0]?.text !== "bitfield" || name === undefined || type === undefined || bits === undefined) return [];
  const [low, high] = bits.split("..=").map(Number);
  return [{ name, type, low: low ?? 0, high: high ?? 0 }];
}

/** How accessors get at the bytes that a group of bit-fields shares. */
interface Storage {
  read: (get: string) => string;
  write: (set: string) => string;
  /** Whether constants can be made of it. */
  constant: boolean;
}

/** @param spread the bytes from `storage` on that hold the group, where it is more than that member */
function plainStorage(storage: string, spread: number | undefined): Storage {
  const bytes = (mut: boolean): string => {
    if (spread === undefined) return `&${mut ? "mut " : ""}self.${storage}`;
    const at = `(&raw ${mut ? "mut" : "const"} *self).cast::<u8>().add(::core::mem::offset_of!(Self, ${storage}))`;
    return `unsafe { &${mut ? "mut " : ""}*${at}.cast::<[u8; ${spread}]>() }`;
  };
  return {
    read: (get) => `${get}(${bytes(false)})`,
    write: (set) => `${set}(${bytes(true)}, value as u64)`,
    constant: true,
  };
}

/** One access to all of the group's bytes, where a register is as wide, and no access that the compiler leaves out. */
function volatileStorage(storage: string, bytes: number): Storage {
  const whole = [1, 2, 4, 8].includes(bytes);
  const at = (mut: boolean): string =>
    `(&raw ${mut ? "mut" : "const"} *self).cast::<u8>().add(::core::mem::offset_of!(Self, ${storage})).cast::<${whole ? `u${bytes * 8}` : `[u8; ${bytes}]`}>()`;
  const read = `unsafe { ${at(false)}.read_volatile()${whole ? ".to_ne_bytes()" : ""} }`;
  return {
    read: (get) => `${get}(&${read})`,
    write: (set) =>
      `let mut bytes = ${read};\n        ${set}(&mut bytes, value as u64);\n        unsafe { ${at(true)}.write_volatile(${whole ? `u${bytes * 8}::from_ne_bytes(bytes)` : "bytes"}) }`,
    constant: false,
  };
}

function accessors(name: string, type: string, low: number, high: number, storage: Storage): string {
  const width = high - low + 1;
  const isBool = /(?:^|_)bool(?:_\d+)?$/i.test(type);
  const read = storage.read(`crate::bitfield::get::<${low}, ${width}, _>`);
  // Shifting up and back extends the sign where the type has one.
  const value = isBool
    ? `${read} != 0`
    : `((${read} as ${type}) << (${type}::BITS - ${width})) >> (${type}::BITS - ${width})`;
  const fn = storage.constant ? "pub const fn" : "pub fn";
  return `    #[inline(always)]
    ${fn} ${name}(&self) -> ${type} {
        ${value}
    }
    #[inline(always)]
    ${fn} set_${name}(&mut self, value: ${type}) {
        ${storage.write(`crate::bitfield::set::<${low}, ${width}, _>`)}
    }`;
}

/** The module the accessors call. */
export const BITFIELD_MODULE = `//! Bit-fields as C lays them out: little endian, within the bytes that the fields share.

/// \`get\` and \`set\` of each field: \`ring.bytes { mode set_mode: u32 = 0, 3; }\` is bits 0 to 2 of those bytes. All fields are told, named or not.
macro_rules! accessors {
    ($($record:ident.$bytes:ident { $($rest:tt)* })*) => { $(#[allow(dead_code)] impl $record { crate::bitfield::accessors!(@$bytes $($rest)*); })* };
    (@$bytes:ident) => {};
    (@$bytes:ident $get:ident $set:ident: bool = $low:literal, $width:literal; $($rest:tt)*) => {
        #[inline(always)]
        pub(crate) const fn $get(&self) -> bool {
            crate::bitfield::get::<$low, $width, _>(&self.$bytes) != 0
        }
        #[inline(always)]
        pub(crate) const fn $set(&mut self, value: bool) {
            crate::bitfield::set::<$low, $width, _>(&mut self.$bytes, value as u64)
        }
        crate::bitfield::accessors!(@$bytes $($rest)*);
    };
    (@$bytes:ident $get:ident $set:ident: $t:ty = $low:literal, $width:literal; $($rest:tt)*) => {
        #[inline(always)]
        pub(crate) const fn $get(&self) -> $t {
            ((crate::bitfield::get::<$low, $width, _>(&self.$bytes) as $t) << (<$t>::BITS - $width)) >> (<$t>::BITS - $width)
        }
        #[inline(always)]
        pub(crate) const fn $set(&mut self, value: $t) {
            crate::bitfield::set::<$low, $width, _>(&mut self.$bytes, value as u64)
        }
        crate::bitfield::accessors!(@$bytes $($rest)*);
    };
}
pub(crate) use accessors;

/// The size of the narrowest word that holds all of a field and lies within its group of \`bytes\` bytes: one access, as C's compilers
/// make it. 0 where there is none (a group of three bytes): then byte by byte.
const fn word(low: usize, width: usize, bytes: usize) -> usize {
    let mut size = 1;
    while size <= 8 {
        let end = low / 8 / size * size + size;
        if end <= bytes && low + width <= 8 * end {
            return size;
        }
        size *= 2;
    }
    0
}

/// The byte that the word of a byte begins at.
const fn word_start(byte: usize, size: usize) -> usize {
    byte / size * size
}

/// Bits \`LOW..LOW + WIDTH\` of \`bytes\`.
#[inline(always)]
pub(crate) const fn get<const LOW: usize, const WIDTH: usize, const BYTES: usize>(bytes: &[u8; BYTES]) -> u64 {
    let size = const { word(LOW, WIDTH, BYTES) };
    if size > 0 {
        let first = word_start(LOW / 8, size);
        let at = unsafe { bytes.as_ptr().add(first) };
        let value = match size {
            1 => unsafe { *at as u64 },
            2 => unsafe { at.cast::<u16>().read_unaligned() as u64 },
            4 => unsafe { at.cast::<u32>().read_unaligned() as u64 },
            _ => unsafe { at.cast::<u64>().read_unaligned() },
        };
        return (value >> (LOW - 8 * first)) & (u64::MAX >> (64 - WIDTH));
    }
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
pub(crate) const fn set<const LOW: usize, const WIDTH: usize, const BYTES: usize>(bytes: &mut [u8; BYTES], value: u64) {
    let size = const { word(LOW, WIDTH, BYTES) };
    if size > 0 {
        let first = word_start(LOW / 8, size);
        let at = unsafe { bytes.as_mut_ptr().add(first) };
        let mask = (u64::MAX >> (64 - WIDTH)) << (LOW - 8 * first);
        let bits = (value << (LOW - 8 * first)) & mask;
        match size {
            1 => unsafe { *at = (*at & !(mask as u8)) | bits as u8 },
            2 => unsafe { at.cast::<u16>().write_unaligned((at.cast::<u16>().read_unaligned() & !(mask as u16)) | bits as u16) },
            4 => unsafe { at.cast::<u32>().write_unaligned((at.cast::<u32>().read_unaligned() & !(mask as u32)) | bits as u32) },
            _ => unsafe { at.cast::<u64>().write_unaligned((at.cast::<u64>().read_unaligned() & !mask) | bits) },
        }
        return;
    }
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

/// Whether those bits of \`bytes\` are set, and no others.
pub(crate) const fn are_set(bytes: &[u8], low: usize, width: usize) -> bool {
    let mut i = 0;
    while i < bytes.len() {
        // Where no bit is wanted: rustc executes each step for each bit-field, and a structure may be as large as task_struct.
        if i + 16 <= bytes.len() && (8 * (i + 16) <= low || low + width <= 8 * i) {
            if unsafe { bytes.as_ptr().add(i).cast::<u128>().read_unaligned() } != 0 {
                return false;
            }
            i += 16;
            continue;
        }
        let mut bit = 0;
        let mut wanted = 0;
        while bit < 8 {
            if 8 * i + bit >= low && 8 * i + bit < low + width {
                wanted |= 1 << bit;
            }
            bit += 1;
        }
        if bytes[i] != wanted {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether a setter, given a value of all bits, sets those bits of a structure that C's bit-field has.
macro_rules! is_at {
    ($type:ty, $($setter:ident).+, $all:expr, $low:expr, $width:expr) => {{
        #[repr(align(4096))]
        struct Zeros([u8; ::core::mem::size_of::<$type>()]);
        let mut object = Zeros([0; ::core::mem::size_of::<$type>()]);
        unsafe { (*(&raw mut object).cast::<$type>()).$($setter).+($all) };
        crate::bitfield::are_set(&object.0, $low, $width)
    }};
}
pub(crate) use is_at;
`;
