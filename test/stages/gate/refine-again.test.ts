/** A rewrite that makes a function of what was a part of others is asked once more, and told of it. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { TARGET } from "../../../src/stages/assemble/kbuild-files.ts";
import { CrateCompiler } from "../../../src/stages/gate/compiled-crate.ts";
import { refine, type Rewrite } from "../../../src/stages/gate/refine.ts";
import { symbolPath } from "../../../src/stages/gate/symbol-path.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { prepareKernel } from "../../../src/toolchain/kernel-packages.ts";

const ROOT =
  "#![no_std]\n#![allow(unused)]\nmod unit;\n#[panic_handler]\nfn panic(_: &core::panic::PanicInfo<'_>) -> ! {\n    loop {}\n}\n";
const UNIT =
  'unsafe fn part(x: u32) -> u32 {\n    x * 3\n}\n#[unsafe(no_mangle)]\npub unsafe extern "C" fn get(x: u32) -> u32 {\n    part(x)\n}\n';

/** @param heeds whether it leaves a function alone that the symbols have */
function outlining(heeds: boolean): Rewrite {
  return {
    name: "outlined",
    apply: (files, symbols) => {
      const known = heeds && symbols.some((s) => symbolPath(s)?.at(-1) === "part");
      return new Map([
        ...files,
        ["src/unit.rs", `${known ? "// left alone\n" : "#[inline(never)]\n"}${files.get("src/unit.rs")}`],
      ]);
    },
  };
}

async function refined(rewrite: Rewrite): Promise<{ reasons: string[]; text: string }> {
  const [{ rustc }, kernel] = [await requireTools(["rustc"]), await prepareKernel("6.1")];
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-refine-again-"));
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
      rewrites: [rewrite],
    });
    return { reasons: [...reasons.values()], text: await readFile(path.join(dir, "port/src/unit.rs"), "utf8") };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test("one that heeds it is taken, without that function", async () => {
  const { reasons, text } = await refined(outlining(true));
  assert.deepEqual(reasons, []);
  assert.equal(text, `// left alone\n${UNIT}`);
});

test("one that does not is refused, and the text stays", async () => {
  const { reasons, text } = await refined(outlining(false));
  assert.match(reasons.join(), /^another /);
  assert.equal(text, UNIT);
});

/** Changes what `get` is, unless it is told to spare it. @param spares whether it knows how */
function changing(spares: boolean, spared: readonly string[] = []): Rewrite {
  return {
    name: "changed",
    apply: (files) =>
      new Map([
        ...files,
        [
          "src/unit.rs",
          spared.includes("get") ? `// spared\n${UNIT}` : (files.get("src/unit.rs") ?? "").replace("x * 3", "x * 5"),
        ],
      ]),
    ...(spares
      ? { sparing: (s: string) => changing(!spared.includes(s), [...spared, symbolPath(s)?.at(-1) ?? s]) }
      : {}),
  };
}

test("one that knows a more careful way with a function that it changed is taken in that", async () => {
  const { reasons, text } = await refined(changing(true));
  assert.deepEqual(reasons, []);
  assert.equal(text, `// spared\n${UNIT}`);
});

test("one that knows none is refused", async () => {
  const { reasons, text } = await refined(changing(false));
  assert.deepEqual(reasons, ["another get"]);
  assert.equal(text, UNIT);
});

test("what is known of the crate is told from the first try on", async () => {
  const [{ rustc }, kernel] = [await requireTools(["rustc"]), await prepareKernel("6.1")];
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-refine-again-"));
  try {
    const told: number[] = [];
    const unheeded: Rewrite = { name: "none", apply: (files, symbols) => (told.push(symbols.length), files) };
    await mkdir(path.join(dir, "port/src"), { recursive: true });
    await writeFile(path.join(dir, "port/target.json"), `${JSON.stringify(TARGET, null, 2)}\n`);
    await writeFile(path.join(dir, "port/src/lib.rs"), ROOT);
    await writeFile(path.join(dir, "port/src/unit.rs"), UNIT);
    const tools = { module: "unit", kernel, rustc, scratch: dir };
    const before = await (await CrateCompiler.for(tools)).compile(path.join(dir, "port"));
    assert.deepEqual([...before.code.keys()].includes("get"), true);
    await refine({ ...tools, dir: path.join(dir, "port"), before, rewrites: [unheeded] });
    assert.deepEqual(told, [before.code.size]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
