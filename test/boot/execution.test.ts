/** What ran in real guests, against modules of which it is known. */
import assert from "node:assert/strict";
import { open } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { buildControls } from "../../src/stages/boot/control-run.ts";
import { type Executed, ExecutionTrace } from "../../src/stages/boot/execution.ts";
import { type BootOptions, bootModule } from "../../src/stages/boot/index.ts";
import { inspect } from "../../src/stages/inspect/index.ts";
import { Observed, type Ran } from "../../src/stages/observed/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const dir = await buildControls(kernel);

async function ran(module: string, options: BootOptions = {}): Promise<(f: string) => Ran | undefined> {
  let executed: Executed | undefined;
  const ko = path.join(dir, `${module}.ko`);
  await bootModule({ ko }, kernel, {
    loads: 2,
    exercise: "none",
    emulated: true,
    ...options,
    onExecuted: (e) => (executed = e),
  });
  assert.ok(executed, "a guest that is emulated says what ran");
  const { llvmReadelf } = await requireTools(["llvmReadelf"]);
  const observed = new Observed(await inspect(ko, llvmReadelf.path), executed);
  return (f) => observed.of({ names: [f], file: `${module}.c`, unit: module }, "c");
}

for (const start of [{}, { start: "cold" as const }]) {
  test(`init and exit ran whole, in a ${start.start ?? "restored"} guest`, async () => {
    const of = await ran("good", start);
    for (const f of ["init_module", "cleanup_module"]) {
      const seen = of(f);
      assert.ok(seen && seen.blocks > 0, `${f} is there`);
      assert.equal(seen.ran, seen.blocks, f);
    }
    assert.equal(of("nobody"), undefined);
  });
}

test("the ways that init did not go are not among what ran", async () => {
  const init = (await ran("leaves"))("init_module");
  assert.ok(init && init.ran > 0 && init.ran < init.blocks, JSON.stringify(init));
});

test("what ran before a crash is known", async () => {
  const of = await ran("exit_oops");
  assert.ok((of("cleanup_module")?.ran ?? 0) > 0);
});

test("what lies elsewhere is nobody's, and each load is read where it lay", async () => {
  await using trace = await ExecutionTrace.open();
  const file = await open(`/proc/self/fd/${trace.file.fd}`, "w");
  await file.write("IN: \n0xffffffffc0000004:  90  nop\nnoise 0xffffffffc0000005:\n0xffffffffbf000000:  90  nop\n");
  trace.lies([".text 0xffffffffc0000000", "__param 0x0000000000000000", ".bad zero"]);
  await trace.settle();
  await file.write("0xffffffffc0001008:  90  nop\n0xffffffffc00000");
  trace.lies([".text 0xffffffffc0001000"]);
  await trace.settle();
  await file.write("10:  90  nop\n");
  await trace.settle();
  await file.close();
  assert.deepEqual(trace.executed[".text"], [4, 8]);
});
