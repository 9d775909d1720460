import assert from "node:assert/strict";
import { test } from "node:test";
import { byBitfields } from "../../src/c/unnamed-records.ts";
import { StageError } from "../../src/machine/errors.ts";
import { BITFIELD_MODULE, expandBitfields } from "../../src/rust/bitfields.ts";
import { printItem } from "../../src/rust/items.ts";
import { addressPackedBitfields } from "../../src/rust/packed-bitfields.ts";
import { nameUnnamedTypes } from "../../src/rust/unnamed-types.ts";
import { ALLOW, runC, runRust, rustOf } from "./rust.ts";

const STRUCTURE = `
struct bits {
	unsigned char tag;
	unsigned int mode : 3;
	int delta : 5;
	unsigned int wide : 17;
	unsigned int high : 15;
	_Bool on : 1;
	_Bool off : 1;
	signed char small : 2;
	unsigned long long big : 41;
	long long deep : 23;
	unsigned long long whole : 64;
	unsigned short tail;
	int (*call)(struct bits *one, unsigned long long another, const char *third, void *fourth, int *fifth);
	unsigned char last : 8;
};
`;
const NONE: ReadonlySet<string> = new Set();
const FIELDS = ["mode", "delta", "wide", "high", "on", "off", "small", "big", "deep", "whole", "last"];
const VALUES = ["0", "1", "-1", "2", "5", "-3", "0x5a5a5a5a5a5a5a5a", "0xa5a5a5a5a5a5a5a5", "0x7fffffffffffffff"];

test("the accessors read and write the bytes that C reads and writes", async () => {
  const [items, c] = await Promise.all([
    rustOf(
      `${STRUCTURE}struct bits kport_keep; int f(struct bits *b) { ${FIELDS.map((f) => `b->${f} = 1;`).join(" ")} return b->mode; }\n`,
    ),
    runC(`#include <stdio.h>\n#include <string.h>\n${STRUCTURE}
static void show(struct bits *b) { for (unsigned i = 0; i < sizeof(*b); i++) printf("%02x", ((unsigned char *)b)[i]); printf("${FIELDS.map(() => " %lld").join("")}\\n", ${FIELDS.map((f) => `(long long)b->${f}`).join(", ")}); }
int main(void) { struct bits b; for (int fill = 0; fill < 256; fill += 255) {\n${FIELDS.flatMap((f) => VALUES.map((v) => `memset(&b, fill, sizeof(b)); b.${f} = (${["on", "off"].includes(f) ? `(${v}LL) & 1` : `${v}LL`}); show(&b);`)).join("\n")}\n} }\n`),
  ]);
  // Volatile by its name, and as one without a name would be.
  for (const volatile of [new Set<string>(), new Set(["bits"]), new Set([byBitfields(FIELDS)])]) {
    const structures = nameUnnamedTypes(items)
      .filter((i) => ["struct", "type", "union"].includes(i.kind))
      .flatMap((i) => expandBitfields(i, volatile));
    const text = structures.map(printItem).join("\n");
    assert.doesNotMatch(text, /bitfield\(|BitfieldStruct/);
    // One read an accessor, and one more and a write a setter.
    assert.deepEqual(
      [text.match(/read_volatile/g)?.length ?? 0, text.match(/write_volatile/g)?.length ?? 0],
      volatile.size === 0 ? [0, 0] : [2 * FIELDS.length, FIELDS.length],
    );
    const rust = await runRust(`${ALLOW}mod bitfield {\n${BITFIELD_MODULE.replace(/^\/\/!.*\n/, "")}}\n${text}
fn show(b: &bits) { let p = b as *const bits as *const u8; for i in 0..core::mem::size_of::<bits>() { print!("{:02x}", unsafe { *p.add(i) }); } println!("${FIELDS.map(() => " {}").join("")}", ${FIELDS.map((f) => `b.${f}() as i64`).join(", ")}); }
fn main() { for fill in [0u8, 255] {\n${FIELDS.flatMap((f) => VALUES.map((v) => `{ let mut b: bits = unsafe { core::mem::zeroed() }; unsafe { core::ptr::write_bytes(&mut b as *mut bits as *mut u8, fill, core::mem::size_of::<bits>()) }; b.set_${f}(${setter(f, v)}); show(&b); }`)).join("\n")}\n} }\n`);
    assert.equal(rust.exitCode, 0, rust.stderr);
    assert.equal(rust.stdout, c.stdout);
  }
  assert.equal(c.stdout.split("\n").length, 2 * FIELDS.length * VALUES.length + 1);
});

function setter(field: string, value: string): string {
  const number = `(${value.startsWith("0x") ? `${value}u64` : `${value}i64`})`;
  return field === "on" || field === "off" ? `${number} & 1 != 0` : `${number} as _`;
}

test("the accessors serve constant initialisers", async () => {
  const r = await runRust(
    `${ALLOW}mod bitfield {\n${BITFIELD_MODULE.replace(/^\/\/!.*\n/, "")}}\nconst BYTES: [u8; 2] = { let mut b = [0u8; 2]; bitfield::set::<3, 7, _>(&mut b, 0x7f); b };\nconst _: () = assert!(bitfield::get::<3, 7, _>(&BYTES) == 0x7f && bitfield::get::<0, 3, _>(&BYTES) == 0);\nfn main() { println!("{BYTES:?}"); }\n`,
  );
  assert.equal(r.stdout, "[248, 3]\n", r.stderr);
});

test("a bit that is set besides the field's is seen wherever it lies", async () => {
  // Every place of a bit, beside each of some fields, in a structure whose size is no multiple of what is looked at at once.
  const r = await runRust(`${ALLOW}mod bitfield {\n${BITFIELD_MODULE.replace(/^\/\/!.*\n/, "")}}\nfn main() {
    let mut wrong = 0;
    for (low, width) in [(0, 1), (7, 2), (127, 1), (120, 17), (128, 64), (300, 5), (327, 1)] {
        let mut own = [0u8; 41];
        for bit in low..low + width { own[bit / 8] |= 1 << (bit % 8); }
        if !bitfield::are_set(&own, low, width) { wrong += 1; }
        for bit in 0..8 * own.len() {
            let mut other = own;
            other[bit / 8] ^= 1 << (bit % 8);
            if bitfield::are_set(&other, low, width) { wrong += 1; }
        }
    }
    println!("{wrong} wrong");
}\n`);
  assert.equal(r.stdout, "0 wrong\n", r.stderr);
});

test("a structure without bit-fields stays as it is", () => {
  const item = {
    kind: "struct" as const,
    name: "S",
    attributes: ["#[repr(C)]"],
    text: "pub struct S {\n    pub a: i32,\n}",
  };
  assert.deepEqual(expandBitfields(item, NONE), [item]);
});

test("a structure whose bit-fields are all unnamed has no accessors", () => {
  const item = {
    kind: "struct" as const,
    name: "S",
    attributes: ["#[derive(Copy, Clone, BitfieldStruct)]"],
    text: "pub struct S {}",
  };
  assert.deepEqual(expandBitfields(item, NONE), [{ ...item, attributes: ["#[derive(Copy, Clone)]"] }]);
});

test("bytes that do not add up are a failure, not a guess", () => {
  const item = {
    kind: "struct" as const,
    name: "S",
    attributes: ["#[derive(Copy, Clone, BitfieldStruct)]"],
    text: 'pub struct S {\n    #[bitfield(name = "a", ty = "u32", bits = "24..=40")]\n    pub a: [u8; 4],\n}',
  };
  assert.throws(
    () => expandBitfields(item, NONE),
    (e) => e instanceof StageError && /bit-fields of S/.test(e.message),
  );
});

test("bit-fields of a structure without a name that a packed one holds are reached by an address", async () => {
  const c = `struct outer { unsigned char tag; union { unsigned short word; struct { unsigned short a : 3, b : 10; }; }; } __attribute__((packed));
struct plain { struct { unsigned short d : 3; }; };
int f(struct outer *list, int n, struct plain *p) { list->a = list[n + 1].b; p->d = 2; if (n) { n++; } (*list).b += 2; return list[n].a; }
`;
  const texts = (rule: typeof addressPackedBitfields): Promise<string> =>
    rustOf(c).then((items) => rule(items).map(printItem).join("\n"));
  const [before, after] = await Promise.all([texts((items) => [...items]), texts(addressPackedBitfields)]);
  assert.doesNotMatch(before, /\(\*\(&raw/);
  const reached = [...after.matchAll(/\(\*\(&raw (mut|const) [^;{}]*?\)\)\s*\.(\w+)\(/g)].map((m) => `${m[1]} ${m[2]}`);
  assert.deepEqual(reached.sort(), ["const a", "const b", "const b", "mut set_a", "mut set_b"].sort());
  // What nothing packs, and what c2rust packs itself, stays.
  assert.match(after, /[^)]\s*\.set_d\(/);
});
