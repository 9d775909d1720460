/** Verdicts of an earlier search: used where nothing changed that they can depend on, and nowhere else. */
import assert from "node:assert/strict";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { useKeptResults } from "../../../src/machine/result-store.ts";
import type { Candidate, Settled } from "../../../src/stages/gate/candidate.ts";
import { Verdicts } from "../../../src/stages/gate/verdicts.ts";
import { temporaryFolder } from "../../toolchain/fakes.ts";
import { type Functions, ownCache, settled } from "./crate.ts";

let cache: AsyncDisposable;
before(async () => {
  cache = await ownCache();
});
after(() => cache[Symbol.asyncDispose]());

const KEY = "src/ring.rs put";
const VERDICT = { form: 1, reason: "other machine code" };

/** All that a verdict on `put` is found by. */
interface Crate {
  files: Record<string, string>;
  candidates: Candidate[];
  macros: Record<string, string>;
  compiler: string;
}

const crate = (): Crate => ({
  files: {
    "lib.rs": "#![no_std]\nmod bindings;\nmod ring;\nmod other;\n",
    "bindings.rs":
      'pub struct slot { pub a: u32 }\npub type number = u32;\nextern "C" {\n    pub fn outside(x: u32) -> u32;\n    pub fn elsewhere(x: u32) -> u32;\n}\n',
    "ring.rs":
      "use crate::bindings::*;\nfn part(x: number) -> number { x * 3 }\nfn put(s: slot) -> u32 { outside(part(s.a)) }\nfn caller(s: slot) -> u32 { put(s) + 1 }\nfn apart(x: u32) -> u32 { x }\n",
    "other.rs": "use crate::bindings::*;\nfn part(x: u32) -> u32 { elsewhere(x) }\nimpl u { fn f() {} }\n",
  },
  candidates: [
    {
      unit: "src/ring.rs",
      name: "put",
      texts: ["fn put(s: slot) -> u32 { tripled!(s.a) }", "fn put(s: slot) -> u32 { outside(part(s.a)) } // put"],
    },
    { unit: "src/ring.rs", name: "caller", texts: ["fn caller(s: slot) -> u32 { 1 + put(s) }"] },
    { unit: "src/ring.rs", name: "apart", texts: ["fn apart(x: u32) -> u32 { x }"] },
    { unit: "src/other.rs", name: "part", texts: ["fn part(x: u32) -> u32 { elsewhere(x) }"] },
  ],
  macros: {
    tripled: "macro_rules! tripled { ($a:expr) => { times!($a, 3) } }",
    times: "macro_rules! times { ($a:expr, $b:expr) => { $a * $b } }",
  },
  compiler: "rustc 1",
});

/** Whether a verdict of `crate()` is used for it after a change. */
async function known(t: TestContext, change: (c: Crate) => unknown): Promise<boolean> {
  const verdicts = async (c: Crate): Promise<Verdicts> => {
    const dir = await temporaryFolder(t);
    await mkdir(path.join(dir, "src"));
    for (const [name, text] of Object.entries(c.files)) await writeFile(path.join(dir, "src", name), text);
    return Verdicts.of(c.compiler, dir, c.candidates, (name) => c.macros[name]);
  };
  await (await verdicts(crate())).keep(new Map([[KEY, VERDICT]]));
  assert.deepEqual((await (await verdicts(crate())).known()).get(KEY), VERDICT, "the control");
  const changed = crate();
  await change(changed);
  return (await (await verdicts(changed)).known()).has(KEY);
}

const edit =
  (file: string, from: string, to: string) =>
  (c: Crate): void => {
    assert.ok(c.files[file]?.includes(from));
    c.files[file] = c.files[file]?.replace(from, to) ?? "";
  };
const print =
  (at: number, text: string, form = 0) =>
  (c: Crate): void => {
    const before = c.candidates[at] as Candidate;
    c.candidates[at] = { ...before, texts: before.texts.with(form, text) };
  };

describe("a verdict is not used after a change of", () => {
  const FAULTS: Record<string, (c: Crate) => void> = {
    "c2rust's text": edit("ring.rs", "outside(part(s.a))", "outside(part(s.a) + 1)"),
    "a printed text": print(0, "fn put(s: slot) -> u32 { tripled!(s.a + 1) }"),
    "the form that was taken": print(0, "fn put(s: slot) -> u32 { part(outside(s.a)) }", 1),
    "whether a text is whole": print(0, "fn put(s: slot) -> u32 { tripled!(s.a) } /*"),
    "what it calls": edit("ring.rs", "x * 3", "x * 4"),
    "the type of what it calls": edit("bindings.rs", "number = u32", "number = u64"),
    "a structure": edit("bindings.rs", "pub a: u32", "pub a: u64"),
    "a declaration": edit("bindings.rs", "outside(x: u32) -> u32", "outside(x: u32) -> u64"),
    "what calls it": edit("ring.rs", "put(s) + 1", "put(s) + 2"),
    "what calls it, as it is printed": print(1, "fn caller(s: slot) -> u32 { 2 + put(s) }"),
    "a macro": (c) => void (c.macros["tripled"] = "macro_rules! tripled { ($a:expr) => { times!(3, $a) } }"),
    "a macro's macro": (c) => void (c.macros["times"] = "macro_rules! times { ($a:expr, $b:expr) => { $b * $a } }"),
    "an attribute of the crate's other files": edit(
      "lib.rs",
      "mod other;\n",
      'mod other;\n#[global_allocator]\nasm!("");\n',
    ),
    "what is implemented in its own file": edit("ring.rs", "fn apart", "impl slot { fn f() {} }\nfn apart"),
    "the compiler, its flags or the kernel": (c) => void (c.compiler = "rustc 2"),
  };
  for (const [what, change] of Object.entries(FAULTS))
    test(what, async (t) => assert.equal(await known(t, change), false));
});

test("a damaged verdict is none", async (t) => {
  const damage = async (): Promise<void> => {
    const folder = path.join(process.env["KPORT_CACHE_DIR"] as string, "verdict");
    for (const name of await readdir(folder)) await writeFile(path.join(folder, name, "verdict.json"), '{"form":');
  };
  t.after(() => rm(path.join(process.env["KPORT_CACHE_DIR"] as string, "verdict"), { recursive: true }));
  assert.equal(await known(t, damage), false);
});

describe("a verdict is used after a change of", () => {
  const NOTHING: Record<string, (c: Crate) => void> = {
    "comments and lines": (c) => {
      edit("ring.rs", "fn put(s: slot) -> u32 {", "// Puts.\nfn put(s: slot) -> u32 {\n   ")(c);
      print(0, "fn put(s: slot) -> u32 { outside(part(s.a)) } // puts", 1)(c);
    },
    "a function that has no part in it": edit(
      "ring.rs",
      "fn apart(x: u32) -> u32 { x }",
      "fn apart(x: u32) -> u32 { x + 1 }",
    ),
    "a function of another unit that has the name of one that it calls": print(
      3,
      "fn part(x: u32) -> u32 { elsewhere(x + 1) }",
    ),
    "what is implemented in another unit": edit("other.rs", "fn f() {}", "fn g() {}"),
  };
  for (const [what, change] of Object.entries(NOTHING))
    test(what, async (t) => assert.equal(await known(t, change), true));
});

const FUNCTIONS: Functions = {
  constant:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn constant(mut a: u32) -> u32 {\n    return a.wrapping_add(40 as u32);\n}',
  apart:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn apart(mut a: u32) -> u32 {\n    return a.wrapping_mul(3 as u32);\n}',
};
const WRONG = '#[unsafe(no_mangle)]\npub extern "C" fn constant(a: u32) -> u32 {\n    a + 41\n}';
const RIGHT = WRONG.replace("41", "40");

const taken = (form: number): Settled => ({ form, by: "same-machine-code" });

/** With a function beside it that is another each time. */
async function search(factor: number): Promise<{ form: unknown; compilations: number }> {
  const apart = `${FUNCTIONS["apart"]}`.replace("(3 as", `(${factor} as`);
  const { settled: all, compilations } = await settled(
    { ...FUNCTIONS, apart },
    { constant: [WRONG, RIGHT], apart: [apart.replace("return ", "").replace(";\n}", "\n}")] },
  );
  assert.deepEqual(all.get("src/unit.rs apart"), taken(0));
  return { form: all.get("src/unit.rs constant"), compilations };
}

test("a search begins with what is known, and compiles the crate once as it is and once as it is to be", async (t) => {
  assert.deepEqual(await search(5), { form: taken(1), compilations: 3 });
  assert.deepEqual(await search(7), { form: taken(1), compilations: 2 });
  useKeptResults(false);
  t.after(() => useKeptResults(true));
  assert.deepEqual(await search(9), { form: taken(1), compilations: 3 }, "--no-cache knows nothing of before");
});

test("a false verdict is found out, and then the search is as it is without any", async () => {
  const real = Verdicts.prototype.known;
  Verdicts.prototype.known = async () => new Map([["src/unit.rs constant", { form: 0, reason: "made up" }]]);
  try {
    assert.deepEqual(await search(11), { form: taken(1), compilations: 3 });
  } finally {
    Verdicts.prototype.known = real;
  }
});

test("a store that was copied is as good as the first one: no key has the place of anything", async (t) => {
  await search(13);
  const [own, copy] = [process.env["KPORT_CACHE_DIR"] as string, path.join(await temporaryFolder(t), "home/elsewhere")];
  await cp(own, copy, { recursive: true });
  process.env["KPORT_CACHE_DIR"] = copy;
  t.after(() => void (process.env["KPORT_CACHE_DIR"] = own));
  assert.deepEqual(await search(13), { form: taken(1), compilations: 0 });
  assert.deepEqual(await search(15), { form: taken(1), compilations: 2 });
});
