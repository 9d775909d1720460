import assert from "node:assert/strict";
import { test } from "node:test";
import { concernsMachine, normalise } from "../../src/stages/boot/normalise.ts";

const alike: [string, string, string[]][] = [
  ["buf at ffff8880060629d0", "buf at ffff88800587db88", ["addresses"]],
  ["buf at (____ptrval____)", "buf at 00000000deadbeef", ["addresses"]],
  ["in f+0x12/0x34", "in f+0x5/0xa", ["code offsets"]],
  ["calls _RNvNtCsfY9tjvoimHp_5lang35lang311lang3_start [lang3]", "calls lang3_start [lang3]", ["Rust's symbols"]],
  ["init took 12 usecs", "init took 9000 usecs", ["durations"]],
  [" -> 957163 cycles", " -> 3530 cycles", ["durations"]],
  [
    "find_next_bit:              801533 ns,  16304 times",
    "find_next_bit:             1201533 ns,  16304 times",
    ["durations"],
  ],
  ["/sys/class/bdi/1:10/max_bytes:36052992", "/sys/class/bdi/1:10/max_bytes:36073472", ["shares of free memory"]],
  [
    "/sys/class/block/nullb0/stat:       3        0       24        1        0        0        0        0        0        4        1        0        0        0        0        0        0",
    "/sys/class/block/nullb0/stat:       3        0       24       12        0        0        0       10        0        8       22        0        0        0        1        0        1",
    ["times of a block device"],
  ],
  [
    "/sys/block/a/a1/stat: 3 0 24 1 0 0 0 0 0 4 1",
    "/sys/block/a/a1/stat: 3 0 24 2 0 0 0 3 0 5 6",
    ["times of a block device"],
  ],
  ["eth0 has c6:5a:6e:16:8d:d7", "eth0 has ee:5a:6e:16:8d:00", ["hardware addresses"]],
  ["opened by pid 57", "opened by pid 103", ["process numbers"]],
];
for (const [a, b, rules] of alike) {
  test(`${a} ~ ${b}`, () => {
    assert.equal(normalise(a).text, normalise(b).text);
    assert.deepEqual(normalise(a).rules, rules);
  });
}

for (const [a, b] of [
  ["count 3", "count 4"],
  ["calls _RNvNtCsfY9tjvoimHp_5lang35lang311lang3_start", "calls lang3_stop"],
  ["_RNvNtCsfY9tjvoimHp_5lang35lang312lang3_start", "lang3_start"],
  ["MY_RNvNtCs_5lang35start", "MYstart"],
  ["got 0x1234", "got 0x1235"],
  ["bytes 1122334455667788", "bytes 1122334455667799"],
  ["state: up", "state: down"],
  ["took 3 s", "took3 s"],
  ["/sys/block/a/stat: 3 0 24 1 0 0 0 0 0 4 1 0 0 0 0 0 0", "/sys/block/a/stat: 3 0 32 1 0 0 0 0 0 4 1 0 0 0 0 0 0"],
  ["/sys/block/a/stat: 3 0 24 1 0 0 0 0 0 4 1 0 0 0 0 0 0", "/sys/block/a/stat: 3 0 24 1 0 0 0 0 0 4 1 0 0 0 0 1 0"],
  ["/sys/class/bdi/1:0/max_ratio_fine:1000000", "/sys/class/bdi/1:0/max_ratio_fine:990000"],
  ["/sys/class/bdi/1:0/max_bytes:1", "/sys/class/bdi/1:1/max_bytes:1"],
  ["/sys/class/m/max_bytes:1", "/sys/class/m/max_bytes:2"],
  ["3 ns, 16304 times", "3 ns, 16305 times"],
] as const) {
  test(`${a} is not ${b}`, () => assert.notEqual(normalise(a).text, normalise(b).text));
}

test("what the kernel says of a slow machine concerns no module", () => {
  assert.ok(
    concernsMachine(
      "clocksource: Long readout interval, skipping watchdog check: cs_nsec: 1097773125 wd_nsec: 1097762060",
    ),
  );
  assert.ok(!concernsMachine("clocksource: mine registered"));
});
