import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Functions, ownCache, settled } from "./crate.ts";

/** As c2rust prints them. `small` is a part of its callers, `apart` is not; `left` is no candidate. */
const FUNCTIONS: Functions = {
  constant:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn constant(mut a: u32) -> u32 {\n    return a.wrapping_add(40 as u32);\n}',
  stores:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn stores(mut p: *mut u32, mut q: *mut u32) {\n    *p = 1 as u32;\n    *q = 2 as u32;\n}',
  reads:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn reads(mut p: *const u32) -> u32 {\n    return ::core::ptr::read_volatile(p);\n}',
  small: '#[inline(always)]\nunsafe extern "C" fn small(mut a: u32) -> u32 {\n    return a.wrapping_mul(3 as u32);\n}',
  first: '#[unsafe(no_mangle)]\npub unsafe extern "C" fn first(mut a: u32) -> u32 {\n    return outside(small(a));\n}',
  second:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn second(mut a: u32) -> u32 {\n    return outside(small(outside(a)));\n}',
  left: '#[unsafe(no_mangle)]\npub unsafe extern "C" fn left(mut a: u32) -> u32 {\n    return small(a).wrapping_sub(1 as u32);\n}',
  text: '#[unsafe(no_mangle)]\npub unsafe extern "C" fn text() -> *const ::core::ffi::c_char {\n    return b"one\\0" as *const u8 as *const ::core::ffi::c_char;\n}',
};

/** Readable, and the same. */
const READABLE: Record<string, string> = {
  constant: '#[unsafe(no_mangle)]\npub extern "C" fn constant(a: u32) -> u32 {\n    a + 40\n}',
  stores:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn stores(p: *mut u32, q: *mut u32) {\n    *p = 1;\n    *q = 2;\n}',
  reads: '#[unsafe(no_mangle)]\npub unsafe extern "C" fn reads(p: *const u32) -> u32 {\n    p.read_volatile()\n}',
  small: '#[inline(always)]\nunsafe extern "C" fn small(a: u32) -> u32 {\n    a * 3\n}',
  first: '#[unsafe(no_mangle)]\npub unsafe extern "C" fn first(a: u32) -> u32 {\n    outside(small(a))\n}',
  second: '#[unsafe(no_mangle)]\npub unsafe extern "C" fn second(a: u32) -> u32 {\n    outside(small(outside(a)))\n}',
  text: '#[unsafe(no_mangle)]\npub extern "C" fn text() -> *const ::core::ffi::c_char {\n    c"one".as_ptr()\n}',
};

const forms = (changed: Record<string, readonly string[]> = {}): Record<string, readonly string[]> => ({
  ...Object.fromEntries(Object.entries(READABLE).map(([name, text]) => [name, [text]])),
  ...changed,
});

/** What was taken and what was not, by name; the form where it is not the first. */
async function outcome(
  changed: Record<string, readonly string[]>,
  macros = "",
  limit: { attempts?: number } = {},
): Promise<{ other: Record<string, unknown>; compilations: number }> {
  const { settled: all, compilations } = await settled(FUNCTIONS, forms(changed), macros, limit);
  assert.equal(all.size, Object.keys(READABLE).length);
  return {
    other: Object.fromEntries(
      [...all]
        .filter(([, s]) => !("form" in s) || s.form > 0)
        .map(([key, s]) => [key, "form" in s ? s.form : s.reason]),
    ),
    compilations,
  };
}

let cache: AsyncDisposable;
before(async () => {
  cache = await ownCache();
});
after(() => cache[Symbol.asyncDispose]());

test("readable texts of the same machine code are all taken, in two compilations; the second time in none", async () => {
  assert.deepEqual(await outcome({}), { other: {}, compilations: 2 });
  assert.deepEqual(await outcome({}), { other: {}, compilations: 0 });
});

test("a changed constant is found, and only it", async () => {
  const { other, compilations } = await outcome({ constant: [READABLE["constant"]!.replace("40", "41")] });
  assert.deepEqual(other, { "src/unit.rs constant": "other machine code" });
  assert.ok(compilations <= 4, `${compilations} compilations`);
});

test("stores in another order are found, and only they", async () => {
  const swapped = READABLE["stores"]!.replace("    *p = 1;\n    *q = 2;", "    *q = 2;\n    *p = 1;");
  assert.deepEqual((await outcome({ stores: [swapped] })).other, { "src/unit.rs stores": "other machine code" });
});

test("a dropped volatile is found, though the machine code is the same", async () => {
  const { other } = await outcome({ reads: [READABLE["reads"]!.replace("p.read_volatile()", "*p")] });
  assert.deepEqual(other, { "src/unit.rs reads": "volatile accesses: 1, 0" });
});

test("a changed string is found", async () => {
  assert.deepEqual((await outcome({ text: [READABLE["text"]!.replace("one", "two")] })).other, {
    "src/unit.rs text": "other machine code",
  });
});

test("what does not compile is found with its code, and only it", async () => {
  const { other, compilations } = await outcome({ first: [READABLE["first"]!.replace("small(a)", "small(a as u64)")] });
  assert.match(String(other["src/unit.rs first"]), /^does not compile: .* \(E0308\)$/);
  assert.deepEqual(Object.keys(other), ["src/unit.rs first"]);
  assert.ok(compilations <= 3, `${compilations} compilations`);
});

test("what does not parse is found, and only it", async () => {
  const { other } = await outcome({
    second: [READABLE["second"]!.replace("outside(small(outside(a)))", "outside small")],
  });
  assert.match(String(other["src/unit.rs second"]), /^does not compile: .+/);
  assert.deepEqual(Object.keys(other), ["src/unit.rs second"]);
});

test("a text that would swallow the next one is not even tried", async () => {
  const { other } = await outcome({ first: [READABLE["first"]!.replace("small(a))", "small(a)")] });
  assert.deepEqual(other, { "src/unit.rs first": "does not compile: its brackets do not match" });
});

test("an error outside of all printed functions is the fault of those without which there is none", async () => {
  const macros =
    "pub const fn check(a: u32) -> u32 {\n    assert!(a != 41);\n    a\n}\npub struct Checked<const A: u32>;\nimpl<const A: u32> Checked<A> {\n    pub const VALUE: u32 = check(A);\n}\n";
  const { other } = await outcome(
    {
      constant: [READABLE["constant"]!.replace("40", "crate::macros::Checked::<41>::VALUE")],
      text: [READABLE["text"]!.replace("    c", "    let _ = crate::macros::Checked::<40>::VALUE;\n    c")],
    },
    macros,
  );
  assert.match(String(other["src/unit.rs constant"]), /^does not compile: .*\(E0080\)/);
  assert.deepEqual(Object.keys(other), ["src/unit.rs constant"]);
});

test("an error in a macro is the fault of who uses it", async () => {
  const macros = 'macro_rules! tripled {\n    ($a:expr) => {\n        $a.wrapping_mul("3")\n    };\n}\n';
  const { other } = await outcome({ constant: [READABLE["constant"]!.replace("a + 40", "tripled!(a)")] }, macros);
  assert.match(String(other["src/unit.rs constant"]), /^does not compile: .*\(E0308\)/);
  assert.deepEqual(Object.keys(other), ["src/unit.rs constant"]);
});

test("a difference that only shows in callers is its cause's fault: they stay printed", async () => {
  const { other, compilations } = await outcome({ small: [READABLE["small"]!.replace("a * 3", "a * 5")] });
  assert.deepEqual(other, { "src/unit.rs small": "other machine code" });
  assert.ok(compilations <= 6, `${compilations} compilations`);
});

test("a cause in a caller and one in what is a part of it are told apart from the innocent caller", async () => {
  const { other } = await outcome({
    small: [READABLE["small"]!.replace("a * 3", "a * 5")],
    second: [READABLE["second"]!.replace("small(outside(a))", "small(outside(a)) + 1")],
  });
  assert.deepEqual(Object.keys(other).sort(), ["src/unit.rs second", "src/unit.rs small"]);
});

test("mistakes in callers of one part are told by the callers' own code, without taking them apart one by one", async () => {
  const { other, compilations } = await outcome({
    first: [READABLE["first"]!.replace("small(a)", "small(a) + 1")],
    second: [READABLE["second"]!.replace("small(outside(a))", "small(outside(a)) + 1")],
  });
  assert.deepEqual(other, { "src/unit.rs first": "other machine code", "src/unit.rs second": "other machine code" });
  assert.ok(compilations <= 5, `${compilations} compilations`);
});

test("a table that names functions is no reason to suspect each of them of what another does", async () => {
  const functions: Functions = {
    small: FUNCTIONS["small"]!,
    first: FUNCTIONS["first"]!.replace("outside(", "outside(*(&raw const table).cast::<u32>() ^ "),
    second: FUNCTIONS["second"]!.replace("outside(small(", "outside(*(&raw const table).cast::<u32>() ^ small("),
    table: '#[unsafe(no_mangle)]\npub static mut table: [unsafe extern "C" fn(u32) -> u32; 2] = [first, second];',
  };
  const mistake = (name: string): string => functions[name]!.replace("return ", "return 1 + ");
  const { settled: all, compilations } = await settled(functions, {
    small: [READABLE["small"]!],
    first: [mistake("first")],
    second: [mistake("second")],
  });
  assert.deepEqual(Object.fromEntries(all), {
    "src/unit.rs small": { form: 0, by: "same-machine-code" },
    "src/unit.rs first": { reason: "other machine code" },
    "src/unit.rs second": { reason: "other machine code" },
  });
  assert.ok(compilations <= 5, `${compilations} compilations`);
});

test("where the best form is another function, the next one is tried", async () => {
  const { other } = await outcome({
    constant: [
      READABLE["constant"]!.replace("40", "41"),
      READABLE["constant"]!.replace("a + 40", "a.wrapping_add(40)"),
    ],
  });
  assert.deepEqual(other, { "src/unit.rs constant": 1 });
});

const MISTAKES = {
  constant: [READABLE["constant"]!.replace("40", "41")],
  reads: [READABLE["reads"]!.replace("p.read_volatile()", "*p")],
  small: [READABLE["small"]!.replace("a * 3", "a * 5")],
  first: [READABLE["first"]!.replace("small(a)", "small(a as u64)")],
};

test("all mistakes at once: each is found, and nothing else", async () => {
  const { other } = await outcome(MISTAKES);
  assert.deepEqual(Object.keys(other).sort(), [
    "src/unit.rs constant",
    "src/unit.rs first",
    "src/unit.rs reads",
    "src/unit.rs small",
  ]);
});

test("where a crate may not be compiled often, no mistake is taken, and the search ends", async () => {
  for (const attempts of [0, 1, 2]) {
    const { other, compilations } = await outcome(MISTAKES, "", { attempts });
    for (const name of ["constant", "first", "reads", "small"])
      assert.equal(typeof other[`src/unit.rs ${name}`], "string", `${name} with ${attempts} attempts`);
    assert.ok(compilations <= 8, `${compilations} compilations`);
  }
});

test("a variable is a candidate as a function is: its bytes, references, section and alignment count", async () => {
  const variables: Functions = {
    numbers: "#[unsafe(no_mangle)]\npub static mut numbers: [u32; 3] = [1 as u32, 2 as u32, 0 as u32];",
    where_: '#[unsafe(no_mangle)]\n#[unsafe(link_section = ".init.data")]\npub static mut where_: u64 = 5 as u64;',
    call: '#[unsafe(no_mangle)]\npub static mut call: Option<unsafe extern "C" fn(u32) -> u32> = Some(outside as unsafe extern "C" fn(u32) -> u32);',
    wide: "#[repr(C, align(32))]\npub struct Wide(u8);\n#[unsafe(no_mangle)]\npub static mut wide: Wide = Wide(1 as u8);",
  };
  const good = {
    numbers: variables["numbers"]!.replaceAll(" as u32", ""),
    where_: variables["where_"]!.replace(" as u64", ""),
    call: variables["call"]!.replace(/ as unsafe.*;/, ");"),
    wide: variables["wide"]!.replace(" as u8", ""),
  };
  const taken = await settled(
    variables,
    Object.fromEntries(Object.entries(good).map(([name, text]) => [name, [text]])),
  );
  assert.deepEqual(
    [...taken.settled.values()],
    Object.values(good).map(() => ({ form: 0, by: "same-machine-code" })),
  );
  const bad = {
    numbers: good.numbers.replace("[1, 2", "[2, 1"),
    where_: good.where_.replace(".init.data", ".exit.data"),
    call: good.call.replace("Some(outside)", "None"),
    wide: good.wide.replace("align(32)", "align(16)"),
  };
  const refused = await settled(
    variables,
    Object.fromEntries(Object.entries(bad).map(([name, text]) => [name, [text]])),
  );
  assert.deepEqual(
    [...refused.settled.values()],
    Object.values(bad).map(() => ({ reason: "other machine code" })),
  );
});

test("a function whose name plain objects have is compared like others", async () => {
  const adds = (n: number): string =>
    `#[no_mangle]\npub extern "C" fn __proto__(a: u32) -> u32 {\n    a.wrapping_add(${n})\n}`;
  const { settled: all } = await settled({ ["__proto__"]: adds(1) }, { ["__proto__"]: [adds(2)] });
  assert.deepEqual(
    [...all].map(([key, s]) => [key, "reason" in s]),
    [["src/unit.rs __proto__", true]],
  );
});
