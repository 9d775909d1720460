/** A module's name is a word of a request to the guest's agent, and never more. */
import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { test } from "node:test";
import { Channel } from "../../src/stages/boot/channel.ts";

for (const word of ["x\nload /payload/0.ko", "x y", "", "x\r", "x\0", "x\u2028y"]) {
  test(`no request is sent with the word ${JSON.stringify(word)}`, async () => {
    const sent: string[] = [];
    const socket = new Duplex({ read: () => undefined, write: (chunk, _, done) => (sent.push(String(chunk)), done()) });
    const channel = new Channel(socket as unknown as Socket);
    await assert.rejects(channel.request("unload", [word], 100), /is no request of the guest's agent/);
    assert.deepEqual(sent, []);
  });
}
