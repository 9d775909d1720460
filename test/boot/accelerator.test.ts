import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { accelerator, hasFailed, kvmFailed, PROBE } from "../../src/stages/boot/accelerator.ts";

test("the probe's bytes are its source's", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "kport-probe-"));
  try {
    execFileSync("gcc", [
      "-c",
      path.join(import.meta.dirname, "../../src/stages/boot/guest/kvm-probe.S"),
      "-o",
      path.join(dir, "probe.o"),
    ]);
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

test("a KVM that did not boot a kernel is remembered by later processes, in this cache alone", async () => {
  const given = process.env["KPORT_CACHE_DIR"];
  const cache = mkdtempSync(path.join(os.tmpdir(), "kport-probe-"));
  process.env["KPORT_CACHE_DIR"] = cache;
  try {
    assert.equal(await hasFailed(), false);
    const believed = await accelerator();
    await kvmFailed("a test says so");
    assert.equal(await accelerator(), "tcg");
    // Where KVM was not believed in, there is nothing to remember.
    assert.equal(await hasFailed(), believed === "kvm");
  } finally {
    if (given === undefined) delete process.env["KPORT_CACHE_DIR"];
    else process.env["KPORT_CACHE_DIR"] = given;
    rmSync(cache, { recursive: true });
  }
});
