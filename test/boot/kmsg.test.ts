import assert from "node:assert/strict";
import { test } from "node:test";
import { KmsgLog, parseKmsg } from "../../src/stages/boot/kmsg.ts";

test("a kernel record", () => {
  assert.deepEqual(parseKmsg("4,339,5140900,-;mod: text; with 1,2,3"), { sequence: 339, level: 4, fromKernel: true, text: "mod: text; with 1,2,3" });
});

test("what user space writes is told from what the kernel says", () => {
  assert.equal(parseKmsg("12,340,5140901,-;kport-mark-0")?.fromKernel, false);
});

test("caller information and escaped bytes", () => {
  assert.equal(parseKmsg("6,1,2,-,caller=T1;gr\\xc3\\xbc\\xc3\\x9fe\\x5cn\\x0asecond")?.text, "grüße\\n\nsecond");
});

test("what is no record", () => {
  for (const line of ["", " SUBSYSTEM=pci", "noise", "6;text", "x,1,2,-;text"]) assert.equal(parseKmsg(line), undefined);
});

test("records read again are taken once, overwritten ones are counted", () => {
  const log = new KmsgLog();
  for (const line of ["6,1,0,-;a", "6,2,0,-;b", "6,1,0,-;a", "6,2,0,-;b", "6,5,0,-;e"]) assert.equal(log.take(line), true);
  assert.deepEqual(log.records.map((r) => r.text), ["a", "b", "e"]);
  assert.equal(log.lost, 2);
});

test("a module that prints without end does not fill our memory, and marks still come through", () => {
  const log = new KmsgLog();
  for (let i = 0; i < 30_000; i++) log.take(`6,${i},0,-;again`);
  log.take("12,30000,0,-;kport-mark-1");
  assert.equal(log.records.length, 20_001);
  assert.equal(log.lost, 10_000);
  assert.equal(log.records.at(-1)?.text, "kport-mark-1");
});
