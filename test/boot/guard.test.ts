/** A guest in which a control is not named rightly must not be believed. */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { buildControls } from "../../src/stages/boot/control-run.ts";
import { CONTROLS, type Control } from "../../src/stages/boot/controls.ts";
import { bootModule } from "../../src/stages/boot/index.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const ko = path.join(await buildControls(kernel), "good.ko");
const oops = CONTROLS.find((c) => c.name === "oops in init") as Control;

test("a control that passes where it should fail makes a real run a harness error, by the control's name", async () => {
  const passing: Control = { ...oops, source: "good" };
  const run = await bootModule({ ko }, kernel, { loads: 1, exercise: "none", guards: [passing] });
  assert.equal(run.status, "harness-error");
  assert.equal(run.loaded, false);
  assert.match(
    run.message ?? "",
    /^this guest cannot be believed: the control "oops in init" should be oops in init_oops_init; it is ok$/,
  );
});

test("with the same control as it is, the run is believed", async () => {
  assert.equal((await bootModule({ ko }, kernel, { loads: 1, exercise: "none", guards: [oops] })).status, "ok");
});

test("what guards a run by itself holds", async () => {
  assert.equal((await bootModule({ ko }, kernel, { loads: 1, exercise: "none" })).status, "ok");
});
