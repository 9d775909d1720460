import assert from "node:assert/strict";
import { test } from "node:test";
import type { BootRun } from "../../src/report/schema.ts";
import { compareRuns } from "../../src/stages/boot/compare.ts";
import { isSameReport } from "../../src/stages/boot/same-report.ts";
import { findSplats } from "../../src/stages/boot/splat.ts";
import { findTraces, mayBeInlined } from "../../src/stages/boot/trace.ts";

/** As dump_stack() prints it on 6.1, with the frames given and what lay on the stack besides. */
function dumped(
  own: string[],
  more: { kernel?: string[]; doubtful?: string[]; pid?: number; rax?: string } = {},
): string[] {
  return [
    `CPU: 0 PID: ${more.pid ?? 83} Comm: insmod Tainted: G           OE      6.1.0-56-amd64 #1  Debian 6.1.192-2`,
    "Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-debian-1.16.2-1 04/01/2014",
    "Call Trace:",
    " <TASK>",
    " dump_stack_lvl+0x44/0x5c",
    ...(more.doubtful ?? []).map((f) => ` ? ${f}+0x69/0xb0`),
    ...own.map((f) => ` ${f}+0x${(f.length * 3).toString(16)}/0x1000 [t]`),
    ...(more.kernel ?? ["do_one_initcall", "do_init_module"]).map((f) => ` ${f}+0x59/0x220`),
    "RIP: 0033:0x40149b",
    "Code: 28 bf 60 96 42 00 e8 22 15 00 00 <48> 83 c4 40",
    "RSP: 002b:00007ffe6bb5a0e0 EFLAGS: 00000246 ORIG_RAX: 00000000000000af",
    `RAX: ${more.rax ?? "ffffffffffffffda"} RBX: 000000000042a865 RCX: 000000000040149b`,
    "R13: 00000000004031b1 R14: 0000000000000000 R15: 0000000000000000",
    " </TASK>",
  ];
}

function run(...dmesg: string[]): BootRun {
  return {
    status: "ok",
    loaded: true,
    unloaded: true,
    initRan: true,
    seconds: 1,
    taint: { before: 0, after: 0 },
    dmesg,
  };
}

const told = (c: string[], rust: string[]): string[] =>
  compareRuns(run("t: up", ...c, "t: 4"), run("t: up", ...rust, "t: 4")).map(
    (f) => `${f.check} ${f.severity}: ${f.message}`,
  );

test("a trace is one thing: doubtful frames, user registers and offsets are no evidence", () => {
  const c = dumped(["t_init"], { doubtful: ["do_syscall_64"], rax: "0000000000000001" });
  const rust = dumped(["t_init"], { doubtful: ["vfs_fstat", "handle_mm_fault", "do_syscall_64"], pid: 91 });
  assert.deepEqual(told(c, rust), []);
  assert.deepEqual(findTraces(["a", ...c, "b"]), [
    {
      kernel: ["dump_stack_lvl", "do_one_initcall", "do_init_module"],
      own: ["t_init [t]"],
      line: 1,
      end: c.length + 1,
    },
  ]);
});

test("the module's own functions in it are a note where they differ", () => {
  const found = told(dumped(["inner", "t_init"]), dumped(["t_init"]));
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^boot-dmesg note: .*1 stack trace differs in the module's own functions only/);
});

test("a trace of another path in the kernel, one more, and a line beside one are errors", () => {
  assert.match(
    told(dumped(["t_init"]), dumped(["t_init"], { kernel: ["kthread", "ret_from_fork"] })).join(),
    /^boot-dmesg error/,
  );
  assert.match(told(dumped(["t_init"]), [...dumped(["t_init"]), ...dumped(["t_init"])]).join(), /^boot-dmesg error/);
  assert.match(
    told(dumped(["t_init"]), [...dumped(["t_init"]), "t: oh"]).join(),
    /^boot-dmesg error: .*0 lines only with the C module, 1 only/,
  );
});

test("what an interrupt came upon is no evidence, what it did is", () => {
  const interrupted = (by: string, upon: string): string[] => [
    "CPU: 0 PID: 1 Comm: x Not tainted 6.1",
    "Call Trace:",
    " <IRQ>",
    ` ${by}+0x1/0x2`,
    " </IRQ>",
    " <TASK>",
    ` ${upon}+0x1/0x2`,
    " </TASK>",
  ];
  assert.deepEqual(told(interrupted("timer", "one"), interrupted("timer", "two")), []);
  assert.match(told(interrupted("timer", "one"), interrupted("other", "one")).join(), /^boot-dmesg error/);
});

test("one that is cut off ends where it does; a line that only looks like a head is none", () => {
  const cut = dumped(["t_init"]).slice(0, 8);
  assert.equal(findTraces([...cut, "t: more"])[0]?.end, 8);
  assert.deepEqual(findTraces(["CPU: 0 PID: 1 Comm: x Not tainted", "t: no calls"]), []);
});

test("a WARN in a function that one compiler has inlined is one of the same line; another line's is another", () => {
  const warned = (within: string, line: number, own: string[]): string[] => [
    "------------[ cut here ]------------",
    `WARNING: CPU: 0 PID: 1 at /w/t.c:${line} ${within}+0x5/0x10 [t]`,
    `RIP: 0010:${within}+0x5/0x10 [t]`,
    "Call Trace:",
    " <TASK>",
    ...own.map((f) => ` ${f}+0x1/0x9 [t]`),
    " do_one_initcall+0x59/0x220",
    " </TASK>",
    "---[ end trace 0000000000000000 ]---",
  ];
  const [c, rust, other] = [warned("check", 9, ["t_init"]), warned("t_init", 9, []), warned("t_init", 12, [])].map(
    (lines) => ({ ...run(...lines), splats: findSplats(lines) }),
  );
  assert.ok(c && rust && other);
  assert.deepEqual(
    compareRuns(c, rust).filter((f) => f.severity !== "note"),
    [],
  );
  assert.ok(compareRuns(c, other).some((f) => f.severity === "error"));
});

test("two crashes are one where inlining alone tells their functions apart", () => {
  const crash = (own: string[], kernel = ["do_one_initcall"]) => ({
    kind: "oops",
    title: "BUG: kernel NULL pointer dereference, address: 0x0",
    trace: [...own.map((f) => `${f} [t]`), ...kernel],
    fingerprint: own.join(),
  });
  assert.ok(isSameReport(crash(["bad", "t_init"]), crash(["t_init"])));
  assert.ok(!isSameReport(crash(["bad", "t_init"]), crash(["worse", "t_init"])));
  assert.ok(!isSameReport(crash(["t_init"]), crash(["t_init", "t_more"], ["kthread"])));
  const died = (at: string, own: string[]): BootRun => ({
    ...run(),
    status: "oops",
    message: `in init: BUG: kernel NULL pointer dereference, address: 0x0 at ${at} [t]`,
    splats: [crash(own)],
  });
  assert.deepEqual(
    compareRuns(died("bad", ["bad", "t_init"]), died("t_init", ["t_init"]))
      .map((f) => f.severity)
      .sort(),
    ["note", "warning"],
  );
  assert.ok(
    compareRuns(died("bad", ["bad", "t_init"]), died("worse", ["worse", "t_init"])).some(
      (f) => f.check === "boot-status" && f.severity === "error",
    ),
  );
  assert.ok(mayBeInlined(["a", "c"], ["a", "b", "c"]) && !mayBeInlined(["c", "a"], ["a", "b", "c"]));
});
