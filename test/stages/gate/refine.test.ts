/** Rewrites of a whole crate, compiled by this machine's rustc: what changes nothing is taken, everything else is not. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { TARGET } from "../../../src/stages/assemble/kbuild-files.ts";
import { refine, type Rewrite } from "../../../src/stages/gate/refine.ts";
import { ownCache, tools } from "./crate.ts";

const ROOT =
  "#![no_std]\n#![allow(unused)]\nmod unit;\n#[panic_handler]\nfn panic(_: &core::panic::PanicInfo<'_>) -> ! {\n    loop {}\n}\n";
const UNIT = `#[repr(C)]
pub struct ops { pub number: u32, pub call: Option<unsafe extern "C" fn() -> u32> }
unsafe impl Sync for ops {}
pub const UNUSED: u32 = 7;
#[unsafe(no_mangle)]
static mut COUNT: [u32; 3] = [1, 2, 0];
#[unsafe(no_mangle)]
static OPS: ops = ops { number: 4, call: Some(get) };
#[unsafe(no_mangle)]
pub unsafe extern "C" fn get() -> u32 {
    COUNT[1] += 1;
    COUNT[0]
}
`;

const change = (name: string, from: string, to: string): Rewrite => ({
  name,
  apply: (files) => new Map([...files, ["src/unit.rs", (files.get("src/unit.rs") as string).replace(from, to)]]),
});

async function refined(rewrites: readonly Rewrite[]): Promise<{ reasons: Map<string, string>; text: string }> {
  const { rustc, kernel } = await tools();
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-refine-test-"));
  try {
    await mkdir(path.join(dir, "port/src"), { recursive: true });
    await writeFile(path.join(dir, "port/target.json"), `${JSON.stringify(TARGET, null, 2)}\n`);
    await writeFile(path.join(dir, "port/src/lib.rs"), ROOT);
    await writeFile(path.join(dir, "port/src/unit.rs"), UNIT);
    const reasons = await refine({
      dir: path.join(dir, "port"),
      module: "unit",
      kernel,
      rustc,
      scratch: dir,
      rewrites,
    });
    return { reasons, text: await readFile(path.join(dir, "port/src/unit.rs"), "utf8") };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

let cache: AsyncDisposable;
before(async () => {
  cache = await ownCache();
});
after(() => cache[Symbol.asyncDispose]());

test("what leaves the code and the data as they are is taken, and nothing else is", async () => {
  const { reasons, text } = await refined([
    change("unused", "pub const UNUSED: u32 = 7;\n", ""),
    change("value", "[1, 2, 0]", "[1, 3, 0]"),
    change("size", "static mut COUNT: [u32; 3] = [1, 2, 0]", "static mut COUNT: [u32; 4] = [1, 2, 0, 0]"),
    change(
      "section",
      "#[unsafe(no_mangle)]\nstatic OPS",
      '#[unsafe(no_mangle)]\n#[unsafe(link_section = ".init.data")]\nstatic OPS',
    ),
    change("alignment", "#[repr(C)]", "#[repr(C, align(64))]"),
    change("pointer", "Some(get)", "None"),
    change("linkage", "#[unsafe(no_mangle)]\nstatic OPS", '#[unsafe(export_name = "SPO")]\nstatic OPS'),
    change("code", "COUNT[1] += 1;", "COUNT[1] += 2;"),
    change("error", "COUNT[0]\n", "COUNTER[0]\n"),
    change("spelling", "number: 4", "number: 0x4"),
    {
      name: "fails",
      apply: () => {
        throw new Error("on purpose");
      },
    },
  ]);
  assert.deepEqual([...reasons.keys()].sort(), [
    "alignment",
    "code",
    "error",
    "fails",
    "linkage",
    "pointer",
    "section",
    "size",
    "value",
  ]);
  assert.match(reasons.get("error") ?? "", /does not compile: .*COUNTER.*\(src\/unit\.rs:\d+\)/);
  assert.match(reasons.get("fails") ?? "", /on purpose/);
  assert.doesNotMatch(text, /UNUSED|COUNTER/);
  assert.match(text, /number: 0x4/);
});

test("where all are as they should be they are taken at once", async () => {
  const { reasons, text } = await refined([
    change("unused", "pub const UNUSED: u32 = 7;\n", ""),
    change("order", "static mut COUNT: [u32; 3] = [1, 2, 0];\n", "static mut COUNT: [u32; 3] = [1, 1 + 1, 0];\n"),
  ]);
  assert.equal(reasons.size, 0);
  assert.match(text, /1 \+ 1/);
});
