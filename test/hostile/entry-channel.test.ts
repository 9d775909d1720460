/** What passes between this machine and a guest: a module's name is a word of a request and never more, and what a guest says has an end. */
import assert from "node:assert/strict";
import { open } from "node:fs/promises";
import { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { test } from "node:test";
import { Channel } from "../../src/stages/boot/channel.ts";
import { ExecutionTrace } from "../../src/stages/boot/execution.ts";
import { softDependencies } from "../../src/stages/boot/dependencies.ts";
import { KmsgLog } from "../../src/stages/boot/kmsg.ts";
import { globMatcher } from "../../src/stages/boot/module-index.ts";
import { listOf } from "../../src/stages/fuzz/calls.ts";
import { NOTHING } from "../../src/stages/fuzz/dictionary.ts";
import { readOffers } from "../../src/stages/fuzz/offers.ts";
import { Rounds } from "../../src/stages/fuzz/rounds.ts";
import { targetsOf } from "../../src/stages/fuzz/targets/index.ts";

/** A guest that speaks for its agent: it has read the token out of the agent's memory. */
async function takenOver(): Promise<{ channel: Channel; say: (text: string, times?: number) => Promise<void> }> {
  const sent: string[] = [];
  const socket = new Duplex({ read: () => undefined, write: (chunk, _, done) => (sent.push(String(chunk)), done()) });
  const channel = new Channel(socket as unknown as Socket);
  const greeted = channel.greet(10_000);
  const token = sent[0]?.trim();
  const say = async (text: string, times = 1): Promise<void> => {
    socket.push(`${token} ${text}\n`.repeat(times));
    await new Promise((resolve) => setImmediate(resolve));
  };
  await say("hello 6.1.0 0");
  await greeted;
  return { channel, say };
}

for (const word of ["x\nload /payload/0.ko", "x y", "", "x\r", "x\0", "x\u2028y"]) {
  test(`no request is sent with the word ${JSON.stringify(word)}`, async () => {
    const sent: string[] = [];
    const socket = new Duplex({ read: () => undefined, write: (chunk, _, done) => (sent.push(String(chunk)), done()) });
    const channel = new Channel(socket as unknown as Socket);
    await assert.rejects(channel.request("unload", [word], 100), /is no request of the guest's agent/);
    assert.deepEqual(sent, []);
  });
}

test("a guest that has read its token and answers without end is not kept", async () => {
  const { channel, say } = await takenOver();
  await say("said x", 60_000);
  await say("done 0", 60_000);
  const kept = channel.partial("said").length + channel.partial("done").length;
  assert.ok(kept > 0 && kept <= 20_001, `${kept} lines`);
});

test("a guest that has read its token and answers in long lines is not kept", async () => {
  const { channel, say } = await takenOver();
  for (let i = 0; i < 40; i++) await say(`said ${"x".repeat(60_000)}`, 64);
  const kept = channel.partial("said").reduce((sum, line) => sum + line.length, 0);
  assert.ok(kept > 0 && kept <= 64 * 1024 * 1024, `${kept} characters`);
});

test("a module that prints records of many lines is kept no more lines of than one that prints many records", () => {
  const log = new KmsgLog();
  for (let i = 0; i < 1000; i++) log.take(`4,${i + 1},1,-;${"WARNING: x\\x0a".repeat(90)}`);
  const lines = log.records.flatMap((r) => r.text.split("\n")).length;
  assert.ok(lines > 19_000 && lines <= 20_000, `${lines} lines`);
  assert.equal(log.lost, 1000 - log.records.length);
});

for (const number of ["NaN", "1e999", "Infinity", "-", "0x10", "9".repeat(400)]) {
  test(`a guest that answers with the number ${JSON.stringify(number.slice(0, 20))} answers with one that a report can hold`, async () => {
    const { channel, say } = await takenOver();
    const asked = channel.request("state", ["m"], 10_000);
    await say(`done ${number}`);
    assert.equal((await asked).status, 0);
  });
}

test("a guest that offers things without end is not believed all of them", () => {
  const offers = Array.from({ length: 100_000 }, (_, i) => `character 438 c${i} /dev/${"x".repeat(i % 2000)}${i}`);
  const targets = targetsOf(readOffers(offers), {
    ...NOTHING,
    ioctls: Array.from({ length: 400 }, (_, i) => BigInt(i)),
  });
  assert.ok(targets.length > 0 && targets.length < 1000, `${targets.length} things`);
  assert.ok(listOf(new Rounds(targets, NOTHING, 1).next()).length < 16 * 1024 * 1024);
});

test("a call that reaches eighty thousand blocks takes its time in proportion", { timeout: 60_000 }, async () => {
  await using trace = await ExecutionTrace.open();
  await using log = await open(`/proc/self/fd/${trace.file.fd}`, "w");
  const blocks = Array.from({ length: 80_000 }, (_, i) => `0x${(0xffffffffc0000000n + BigInt(2 * i)).toString(16)}:\n`);
  await log.write(`0x0000000200000010:\n${blocks.join("")}`);
  trace.lies([".text 0xffffffffc0000000"]);
  const started = performance.now();
  await trace.settle();
  assert.ok(performance.now() - started < 5000, `${performance.now() - started} ms`);
  assert.equal(trace.byCalls.places.get(1)?.length, 80_000);
});

test("an alias is found in time, whatever is asked for", { timeout: 20_000 }, () => {
  const started = performance.now();
  for (const pattern of ["pci:v00008086d*sv*sd*bc*sc*i*", "of:N*T*Cacme,x*y*z*", "dmi*:svn*:pn*:pvr*:rvn*:rn*:x"]) {
    const matches = globMatcher(pattern);
    for (const unit of ["svsdbcsc", "TCxyz", ":svn:pn:pvr:rvn:rn", "*", "d"])
      matches(`${pattern.slice(0, pattern.indexOf("*"))}${unit.repeat(8000)}\n`);
  }
  assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
});

test("a module that wishes for others without end gets some of them", () => {
  const wishes = Array.from({ length: 100_000 }, (_, i) => `x${i}`).join(" ");
  const { pre, post } = softDependencies({
    modinfo: new Map([["softdep", [`pre: a b post: c`, `pre: ${wishes}`, `post: ${wishes}`]]]),
  });
  assert.deepEqual([pre.slice(0, 2), post.slice(0, 1)], [["a", "b"], ["c"]]);
  assert.ok(pre.length <= 1000 && post.length <= 1000, `${pre.length} and ${post.length}`);
});
