/** What passes between this machine and a guest: a module's name is a word of a request and never more, and what a guest says has an end. */
import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { test } from "node:test";
import { Channel } from "../../src/stages/boot/channel.ts";
import { globMatcher } from "../../src/stages/boot/module-index.ts";

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
  const sent: string[] = [];
  const socket = new Duplex({ read: () => undefined, write: (chunk, _, done) => (sent.push(String(chunk)), done()) });
  const channel = new Channel(socket as unknown as Socket);
  const greeted = channel.greet(10_000);
  const token = sent[0]?.trim();
  socket.push(`${token} hello 6.1.0 0\n`);
  await greeted;
  socket.push(`${token} said x\n${token} done 0\n`.repeat(60_000));
  socket.push(`${token} done 0\n`.repeat(60_000));
  await new Promise((resolve) => setImmediate(resolve));
  const kept = channel.partial("said").length + channel.partial("done").length;
  assert.ok(kept > 0 && kept <= 20_001, `${kept} lines`);
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
