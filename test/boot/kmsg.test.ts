import assert from "node:assert/strict";
import { test } from "node:test";
import { KmsgLog, parseKmsg } from "../../src/stages/boot/kmsg.ts";

test("a kernel record", () => {
  assert.deepEqual(parseKmsg("4,339,5140900,-;mod: text; with 1,2,3"), {
    sequence: 339,
    level: 4,
    fromKernel: true,
    text: "mod: text; with 1,2,3",
  });
});

test("what user space writes is told from what the kernel says", () => {
  assert.equal(parseKmsg("12,340,5140901,-;kport-mark-0")?.fromKernel, false);
});

test("caller information and escaped bytes", () => {
  assert.equal(parseKmsg("6,1,2,-,caller=T1;gr\\xc3\\xbc\\xc3\\x9fe\\x5cn\\x0asecond")?.text, "grüße\\n\nsecond");
});

test("what is no record", () => {
  for (const line of ["", " SUBSYSTEM=pci", "noise", "6;text", "x,1,2,-;text"])
    assert.equal(parseKmsg(line), undefined);
});

test("records read again are taken once, overwritten ones are counted", () => {
  const log = new KmsgLog();
  for (const line of ["6,1,0,-;a", "6,2,0,-;b", "6,1,0,-;a", "6,2,0,-;b", "6,5,0,-;e"])
    assert.equal(log.take(line), true);
  assert.deepEqual(
    log.records.map((r) => r.text),
    ["a", "b", "e"],
  );
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

test("a program that writes to /dev/kmsg without end does not fill it either, nor crowd the kernel out", () => {
  const log = new KmsgLog();
  for (let i = 0; i < 30_000; i++) log.take(`12,${i},0,-;noise`);
  for (let i = 0; i < 2000; i++) log.take(`12,${30_000 + i},0,-;kport-mark-${i}`);
  for (let i = 0; i < 10; i++) log.take(`6,${40_000 + i},0,-;kernel`);
  assert.deepEqual([log.records.length, log.records.filter((r) => r.fromKernel).length], [20_000 + 1000 + 10, 10]);
});

test("long records are kept up to a size together", () => {
  const log = new KmsgLog();
  const text = "x".repeat(60_000);
  for (let i = 0; i < 2000; i++) log.take(`12,${i},0,-;${text}`);
  for (let i = 0; i < 2000; i++) log.take(`6,${2000 + i},0,-;${text}`);
  assert.ok(log.records.reduce((n, r) => n + r.text.length, 0) <= 64 * 1024 * 1024);
  assert.ok(log.records.some((r) => r.fromKernel));
});

test("a sequence beyond all counting is no record: it would have all that come after it be old", () => {
  const log = new KmsgLog();
  assert.equal(log.take(`6,${"9".repeat(400)},0,-;x`), false);
  assert.equal(log.take("6,1,0,-;y"), true);
  assert.deepEqual([log.records.length, log.lost], [1, 0]);
});
