/** Modules that nobody wrote for kport: Debian's packages, unmodified, checked like any other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchDkms } from "../corpus/dkms.ts";
import { checkOne, complaints, folder } from "./pipeline.ts";

for (const name of ["acpi-call-dkms", "bbswitch-dkms", "vpoll-dkms"]) {
  test(`${name} passes as it is`, async () => {
    await using out = await folder();
    const { dir } = await fetchDkms(name);
    const report = await checkOne(dir, out.dir);
    assert.equal(report.verdict, "pass", complaints(report));
    assert.ok(!report.findings.some((f) => f.severity === "error"));
    // Where init refuses the virtual machine (no such hardware), both must refuse it in the same way.
    assert.equal(report.boot?.rust?.status, report.boot?.c?.status);
    assert.ok(["ok", "init-failed"].includes(report.boot?.c?.status ?? ""), report.boot?.c?.status);
  });
}
