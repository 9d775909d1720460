/** The negative controls of the gate's comparison: what it must see, and what it must pass over, in code that rustc makes. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { readAssembly } from "../../../src/stages/gate/symbol-code.ts";
import { volatileAccesses } from "../../../src/stages/gate/volatile-accesses.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";

const CRATE = `#![no_std]
#![allow(unused)]
unsafe extern "C" {
    fn _printk(format: *const i8, ...) -> i32;
    fn first(x: i32) -> i32;
    fn second(x: i32);
}
#[repr(C)]
pub struct Pair { a: i32, b: i32, next: *mut Pair }
static mut COUNT: i32 = 3;
static mut LIMITS: [u16; 3] = [1, 20, 300];
static NAME: &[u8; 6] = b"ring0\\0";
pub mod ring {
    use super::*;
    #[inline(never)]
    pub unsafe extern "C" fn put(p: *mut Pair, value: i32) -> i32 {
        if value > 40 {
            return -22;
        }
        (*p).a = value;
        (*p).b = COUNT;
        _printk(b"put %d\\n\\0".as_ptr() as *const i8, value);
        second(value);
        first((*p).b)
    }
    #[inline(never)]
    pub unsafe extern "C" fn poll(register: *mut u32) -> u32 {
        register.write_volatile(1);
        register.read_volatile()
    }
    #[inline(never)]
    pub unsafe extern "C" fn divide(a: i32, b: i32) -> i32 {
        a / b
    }
    pub unsafe extern "C" fn sum(p: *const Pair) -> i32 {
        let mut total = 0;
        let mut p = p;
        while !p.is_null() {
            total += (*p).a;
            p = (*p).next;
        }
        total
    }
    static mut KEY: i32 = 0;
}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn entry(p: *mut Pair, r: *mut u32, n: i32) -> i32 {
    ring::put(p, n) + ring::poll(r) as i32 + ring::divide(n, 7 - n) + ring::sum(p) + LIMITS[(n & 1) as usize] as i32 + NAME[(n & 3) as usize] as i32
}
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
`;

/** Each must be seen, in the function or object named. */
const SEEN: readonly { change: string; from: string; to: string; within: string }[] = [
  { change: "a constant", from: "value > 40", to: "value > 41", within: "put" },
  { change: "an errno", from: "return -22", to: "return -12", within: "put" },
  { change: "a string", from: "put %d", to: "pot %d", within: "put" },
  { change: "a string's length", from: "put %d\\n\\0", to: "put %d\\n\\0\\0", within: "put" },
  {
    change: "the order of stores",
    from: "(*p).a = value;\n        (*p).b = COUNT;",
    to: "(*p).b = COUNT;\n        (*p).a = value;",
    within: "put",
  },
  { change: "a dropped call", from: "second(value);", to: "", within: "put" },
  { change: "another function called", from: "first((*p).b)", to: "first((*p).b + 0); first((*p).b)", within: "put" },
  { change: "a dropped volatile read", from: "register.read_volatile()", to: "register.read()", within: "poll" },
  { change: "a dropped volatile write", from: "register.write_volatile(1);", to: "*register = 1;", within: "poll" },
  { change: "a member", from: "total += (*p).a", to: "total += (*p).b", within: "entry" },
  { change: "a variable's value", from: "[1, 20, 300]", to: "[1, 21, 300]", within: "LIMITS" },
  { change: "a constant variable's contents", from: "ring0", to: "ring1", within: "entry" },
  {
    change: "another section",
    from: "#[unsafe(no_mangle)]\npub unsafe",
    to: '#[unsafe(no_mangle)]\n#[unsafe(link_section = ".init.text")]\npub unsafe',
    within: "entry",
  },
  {
    change: "a function gone",
    from: '#[inline(never)]\n    pub unsafe extern "C" fn divide',
    to: '#[inline(always)]\n    pub unsafe extern "C" fn divide',
    within: "divide",
  },
];

const NEUTRAL: readonly { change: string; from: string; to: string }[] = [
  {
    change: "a renamed local",
    from: "let mut total = 0;\n        let mut p = p;\n        while !p.is_null() {\n            total += (*p).a;\n            p = (*p).next;\n        }\n        total",
    to: "let mut all = 0;\n        let mut at = p;\n        while !at.is_null() {\n            all += (*at).a;\n            at = (*at).next;\n        }\n        all",
  },
  { change: "lines and columns of panics", from: "        a / b", to: "\n\n            a / b" },
  { change: "a function that has moved", from: "#[panic_handler]", to: "// much later\n\n#[panic_handler]" },
  {
    change: "a loop instead of a while",
    from: "while !p.is_null() {\n            total += (*p).a;\n            p = (*p).next;\n        }",
    to: "loop {\n            if p.is_null() {\n                break;\n            }\n            total += (*p).a;\n            p = (*p).next;\n        }",
  },
  { change: "a mask in two steps", from: "(n & 3) as usize", to: "(n & 7) as u8 as usize & 3" },
  { change: "a cast that changes nothing", from: "first((*p).b)", to: "first((*p).b as i32)" },
];

/** By symbol: code or data, and the count of volatile accesses. */
type Compared = Map<string, string>;

describe("the comparison of two builds", () => {
  let dir: string;
  let reference: Compared;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "kport-gate-test-"));
    reference = await compile(CRATE);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function compile(text: string): Promise<Compared> {
    const { rustc } = await requireTools(["rustc"]);
    await writeFile(path.join(dir, "lib.rs"), text);
    const [assembly, ir] = [path.join(dir, "crate.s"), path.join(dir, "crate.ll")];
    await run(rustc.path, [
      "--edition=2021",
      "-Copt-level=2",
      "-Cpanic=abort",
      "-Crelocation-model=static",
      "-Cforce-unwind-tables=no",
      "-Ccodegen-units=1",
      "-Csymbol-mangling-version=v0",
      "--crate-name=my",
      "--crate-type=staticlib",
      `--emit=asm=${assembly},llvm-ir=${ir}`,
      path.join(dir, "lib.rs"),
    ]);
    const compared = [
      ...readAssembly(await readFile(assembly, "utf8")),
      ...[...volatileAccesses(await readFile(ir, "utf8"))].map(
        ([symbol, count]) => [`volatile accesses of ${symbol}`, String(count)] as const,
      ),
    ];
    return new Map(compared);
  }
  const changed = (from: string, to: string): string => {
    assert.equal(CRATE.split(from).length, 2, `${from} stands once`);
    return CRATE.replace(from, () => to);
  };
  const differing = (other: Compared): string[] =>
    [...new Set([...reference.keys(), ...other.keys()])].filter((s) => reference.get(s) !== other.get(s));

  test("a crate's functions and variables are there to be compared", () => {
    for (const name of ["entry", "put", "poll", "divide", "LIMITS"])
      assert.ok(
        [...reference.keys()].some((s) => s.endsWith(name)),
        [...reference.keys()].join(),
      );
  });

  for (const { change, from, to, within } of SEEN) {
    test(`${change} is seen`, async () => {
      const found = differing(await compile(changed(from, to)));
      assert.ok(
        found.some((s) => s.endsWith(within)),
        found.join(),
      );
    });
  }

  for (const { change, from, to } of NEUTRAL) {
    test(`${change} is no difference`, async () => assert.deepEqual(differing(await compile(changed(from, to))), []));
  }
});
