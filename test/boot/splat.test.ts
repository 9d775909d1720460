import assert from "node:assert/strict";
import { test } from "node:test";
import { findSplats, foldSplats, withoutAddresses } from "../../src/stages/boot/splat.ts";

const oops = (offset: string, pid: number): string[] => [
  "BUG: kernel NULL pointer dereference, address: 0000000000000018",
  "#PF: supervisor read access in kernel mode",
  "Oops: 0000 [#1] PREEMPT SMP NOPTI",
  `CPU: 0 PID: ${pid} Comm: insmod Tainted: G           OE      6.1.0-56-amd64 #1`,
  `RIP: 0010:inner+0x${offset}/0x20 [m]`,
  "RSP: 0018:ffffc900005b3aa8 EFLAGS: 00000286",
  "Call Trace:",
  " <TASK>",
  ` outer.constprop.0+0x${offset}/0x40 [m]`,
  " ? not_reliable+0x1/0x2 [m]",
  " do_one_initcall+0x59/0x220",
  " </TASK>",
  "Modules linked in: m(OE+)",
  "---[ end trace 0000000000000000 ]---",
  `RIP: 0010:inner+0x${offset}/0x20 [m]`,
  "Kernel panic - not syncing: Fatal exception",
];
const warning = [
  "------------[ cut here ]------------",
  "WARNING: CPU: 0 PID: 98 at /build/x/w.c:7 warns+0x5/0xc [w]",
  "RIP: 0010:warns+0x5/0xc [w]",
  "Call Trace:",
  " <TASK>",
  " w_init+0xa/0x1000 [w]",
  " </TASK>",
  "---[ end trace 0000000000000000 ]---",
];

test("an oops with oops=panic is one report, of three heads", () => {
  const found = findSplats(["before", ...oops("5", 57)]);
  assert.equal(found.length, 1);
  assert.equal(found[0]?.kind, "oops");
  assert.equal(found[0]?.title, "BUG: kernel NULL pointer dereference, address: 0x18");
  assert.deepEqual(found[0]?.trace, ["inner [m]", "outer [m]", "do_one_initcall"]);
});

test("6.12 names an oops otherwise", () => {
  assert.equal(findSplats(["Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI"])[0]?.kind, "oops");
  assert.equal(
    findSplats([
      "Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP",
    ])[0]?.kind,
    "oops",
  );
});

test("the same bug has the same fingerprint, another has another", () => {
  const [a, b] = [findSplats(oops("5", 57))[0], findSplats(oops("f", 99))[0]];
  assert.equal(a?.fingerprint, b?.fingerprint);
  const other = findSplats(oops("5", 57).map((l) => l.replace("inner", "elsewhere")))[0];
  assert.notEqual(a?.fingerprint, other?.fingerprint);
});

test("a panic after an oops that is over is its own; one without an oops is no oops", () => {
  assert.deepEqual(
    findSplats(["Kernel panic - not syncing: hm"]).map((s) => s.kind),
    ["panic"],
  );
  assert.deepEqual(
    findSplats([...oops("5", 1).slice(0, -1), "Kernel panic - not syncing: hm"]).map((s) => s.kind),
    ["oops", "panic"],
  );
});

test("a warning, and two in a row", () => {
  const found = findSplats([...warning, ...warning]);
  assert.deepEqual(
    found.map((s) => s.kind),
    ["warning", "warning"],
  );
  assert.deepEqual(found[0]?.trace, ["warns [w]", "w_init [w]"]);
  assert.equal(found[0]?.title, "WARNING: CPU PID at w.c:7 warns [w]");
});

test("folding leaves the lines around a report and puts one in its place", () => {
  const folded = foldSplats(["a", ...warning, "b"]);
  assert.equal(folded.length, 3);
  assert.match(folded[1]?.text ?? "", /^\(warning [0-9a-f]{16}: WARNING: CPU PID at w\.c:7 warns \[w\]\)$/);
  assert.deepEqual(folded[1]?.frames, ["warns [w]", "w_init [w]"]);
});

test("ordinary lines that mention trouble are no reports", () => {
  assert.deepEqual(
    findSplats([
      "mod: no BUG: here",
      "mod: WARNING: low battery",
      "x: Kernel panic - not syncing is what I never say",
      "mod: oops",
    ]),
    [],
  );
});

test("a fault address near zero stays: it is the member's offset", () => {
  assert.equal(withoutAddresses("address: 0000000000000018 at ffffffffc0200fdb"), "address: 0x18 at ADDRESS");
});
