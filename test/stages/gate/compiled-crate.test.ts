/** What is kept of compilations of a crate, and what is not. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test, type TestContext } from "node:test";
import { TARGET } from "../../../src/stages/assemble/kbuild-files.ts";
import { CrateCompiler } from "../../../src/stages/gate/compiled-crate.ts";
import { put, temporaryFolder } from "../../toolchain/fakes.ts";
import { ownCache, tools } from "./crate.ts";

let cache: AsyncDisposable;
before(async () => {
  cache = await ownCache();
});
after(() => cache[Symbol.asyncDispose]());

const RIGHT =
  '#![no_std]\n#[panic_handler]\nfn panic(_: &core::panic::PanicInfo<\'_>) -> ! {\n    loop {}\n}\n#[unsafe(no_mangle)]\npub extern "C" fn f(a: u32) -> u32 {\n    a ^ 5\n}\n';

/** How often a text is compiled that was compiled before, and what is wrong with it. */
async function again(
  t: TestContext,
  text: string,
  then = text,
  target = `${JSON.stringify(TARGET, null, 2)}\n`,
): Promise<{ compilations: number; errors: string[] }> {
  const scratch = await temporaryFolder(t);
  await put(path.join(scratch, "port/src/lib.rs"), text);
  await put(path.join(scratch, "port/target.json"), target);
  const compiler = await CrateCompiler.for({ module: "unit", ...(await tools()), scratch });
  await compiler.compile(path.join(scratch, "port"));
  assert.equal(compiler.compilations, 1);
  await writeFile(path.join(scratch, "port/src/lib.rs"), then);
  const { errors } = await compiler.compile(path.join(scratch, "port"));
  return { compilations: compiler.compilations - 1, errors: errors.map((e) => e.message) };
}

test("a crate is compiled once, also with other comments", async (t) => {
  assert.deepEqual(
    await again(t, RIGHT, RIGHT.replace("#[unsafe(no_mangle)]", "// Flips bits.\n#[unsafe(no_mangle)]")),
    { compilations: 0, errors: [] },
  );
  assert.equal((await again(t, RIGHT.replace("5", "6"), RIGHT.replace("5", "7"))).compilations, 1);
});

test("an error is kept with its place: of another line it is found anew", async (t) => {
  const wrong = RIGHT.replace("a ^ 5", "a ^ 5u64");
  assert.equal((await again(t, wrong)).compilations, 0);
  assert.equal(
    (
      await again(
        t,
        wrong.replace("5u64", "6u64"),
        wrong.replace("5u64", "6u64").replace("#[unsafe(no_mangle)]", "\n#[unsafe(no_mangle)]"),
      )
    ).compilations,
    1,
  );
});

test("what fails at no place of the text may be this machine's fault, and is not kept", async (t) => {
  const { compilations, errors } = await again(t, RIGHT.replace("5", "8"), undefined, "{}");
  assert.equal(compilations, 1);
  assert.match(errors.join("\n"), /target/);
});

test("what is kept has every symbol, also one whose name plain objects have", async (t) => {
  const scratch = await temporaryFolder(t);
  await put(path.join(scratch, "port/src/lib.rs"), RIGHT.replace("fn f(", "fn __proto__("));
  await put(path.join(scratch, "port/target.json"), `${JSON.stringify(TARGET, null, 2)}\n`);
  const compiler = await CrateCompiler.for({ module: "unit", ...(await tools()), scratch });
  const [made, kept] = [
    await compiler.compile(path.join(scratch, "port")),
    await compiler.compile(path.join(scratch, "port")),
  ];
  assert.equal(compiler.compilations, 1);
  assert.ok([...made.code.keys()].some((symbol) => symbol.includes("__proto__")));
  assert.deepEqual(kept, made);
});
