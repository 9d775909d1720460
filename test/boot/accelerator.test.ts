import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { accelerator, PROBE } from "../../src/stages/boot/accelerator.ts";

test("the probe's bytes are its source's", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "kport-probe-"));
  try {
    execFileSync("gcc", ["-c", path.join(import.meta.dirname, "../../src/stages/boot/guest/kvm-probe.S"), "-o", path.join(dir, "probe.o")]);
    execFileSync("objcopy", ["-O", "binary", "-j", ".text", path.join(dir, "probe.o"), path.join(dir, "probe")]);
    assert.equal(readFileSync(path.join(dir, "probe")).toString("hex"), PROBE.toString("hex"));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("one of the two, and the same each time", async () => {
  const answer = await accelerator();
  assert.ok(answer === "kvm" || answer === "tcg");
  assert.equal(await accelerator(), answer);
});
