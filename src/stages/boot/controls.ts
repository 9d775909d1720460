/** The negative controls: tiny modules that each fail in one known way, and what must be said of each. */
import type { BootRun } from "../../report/schema.ts";
import { replaced, wrongVersion } from "./control-damage.ts";
import { concernsMachine } from "./normalise.ts";
import type { Timeouts } from "./run-plan.ts";
import { taintLetters } from "./taint.ts";

/** Milliseconds after which a control that hangs on purpose is given up. It never answers, so no slow machine makes this too short. */
const SHORT = 8_000;

/** What a module's licence is replaced by. */
export const FOREIGN_LICENCE = "license=XYZ\0";

export interface Control {
  name: string;
  /** The C file it is built from. */
  source: string;
  /** Changes the built object, for what kbuild refuses to build. */
  damage?: (ko: Buffer) => Buffer;
  /** For people. */
  expected: string;
  holds: (run: BootRun) => boolean;
  timeouts?: Partial<Timeouts>;
  /** What is done in the guest between load and unload, as a shell's command; nothing when left out. */
  use?: string;
  /** How often it is loaded; 2 when left out. */
  loads?: number;
  /** A condition on the kernel's configuration. */
  needs?: string;
}

const says = (status: BootRun["status"], message: RegExp) => (r: BootRun) =>
  r.status === status && message.test(r.message ?? "");
const reported = (r: BootRun, kind: string): boolean => r.splats?.some((s) => s.kind === kind) === true;
const clean = (r: BootRun): boolean =>
  r.status === "ok" && r.loaded && r.unloaded && r.splats === undefined && r.leftBehind === undefined;

export const CONTROLS: readonly Control[] = [
  {
    name: "good",
    source: "good",
    expected: "ok, init ran, two lines in the log for each load and nothing of another's, no taint but O and E",
    holds: (r) =>
      clean(r) &&
      r.initRan === true &&
      r.dmesg.filter((l) => /^good: (here|gone)$/.test(l)).length === 4 &&
      r.dmesg.every((l) => l.startsWith("good: ") || concernsMachine(l)) &&
      (r.taint.after & ~0x3000) === 0,
  },
  {
    name: "init returns an error",
    source: "init_error",
    expected: "init-failed with ENODEV",
    holds: says("init-failed", /-19 \(ENODEV\)/),
  },
  {
    name: "oops in init",
    source: "init_oops",
    expected: "oops in init_oops_init",
    holds: says("oops", /^in init: .*NULL pointer.* at init_oops_init \[init_oops\]/),
  },
  {
    name: "BUG in init",
    source: "init_bug",
    expected: "oops in init_bug_init",
    holds: says("oops", /^in init: kernel BUG at .* at init_bug_init \[init_bug\]/),
  },
  {
    name: "panic in init",
    source: "init_panic",
    expected: "panic with the module's words",
    holds: says("panic", /^in init: .*asked for by the control/),
  },
  {
    name: "hang in init",
    source: "init_hang",
    expected: "hang in init, at init_hang_init",
    holds: says("hang", /^in init: .*init_hang_init \[init_hang\]/),
    timeouts: { load: SHORT },
  },
  {
    name: "hang in init with interrupts off",
    source: "init_deaf",
    expected: "hang in init, at init_deaf_init",
    holds: says("hang", /^in init: .*init_deaf_init \[init_deaf\]/),
    timeouts: { load: SHORT },
  },
  {
    name: "machine reset in init",
    source: "init_reset",
    expected: "panic without the kernel's word",
    holds: says("panic", /^in init: the machine was reset/),
  },
  {
    name: "no init",
    source: "init_absent",
    expected: "ok, and init did not run",
    holds: (r) => clean(r) && r.initRan === false,
  },
  {
    name: "forged replies",
    source: "forger",
    expected: "oops in forger_init, whatever it prints",
    holds: says("oops", /^in init: .* at forger_init \[forger\]/),
  },
  {
    name: "hang in exit",
    source: "exit_hang",
    expected: "hang in exit, at exit_hang_exit",
    holds: says("hang", /^in exit: .*exit_hang_exit \[exit_hang\]/),
    timeouts: { unload: SHORT },
  },
  {
    name: "oops in exit",
    source: "exit_oops",
    expected: "oops in exit_oops_exit",
    holds: says("oops", /^in exit: .* at exit_oops_exit \[exit_oops\]/),
  },
  {
    name: "no exit",
    source: "exit_absent",
    expected: "unload-failed, no exit function",
    holds: says("unload-failed", /no exit function/),
  },
  {
    name: "reference held",
    source: "refcount_held",
    expected: "unload-failed, reference count 1",
    holds: says("unload-failed", /reference count is 1/),
  },
  {
    name: "reference given back late",
    source: "refcount_late",
    expected: "ok: it is unloaded as soon as it can be",
    holds: clean,
  },
  {
    name: "left behind in /proc",
    source: "proc_left",
    expected: "init-failed when loaded again, a warning, and the folder's name",
    holds: (r) =>
      r.leftBehind?.join() === "/proc/kport-left-behind" &&
      says("init-failed", /loaded again .*ENOMEM/)(r) &&
      r.splats?.some((s) => s.kind === "warning") === true,
  },
  {
    name: "WARN",
    source: "warns",
    expected: "ok, a warning at warns_here, taint W",
    holds: (r) =>
      r.status === "ok" &&
      r.splats?.[0]?.kind === "warning" &&
      r.splats[0].trace.includes("warns_here [warns]") &&
      (r.taint.after & (1 << 9)) !== 0,
  },
  {
    name: "silent taint",
    source: "tainter",
    expected: "ok, taint U",
    holds: (r) => clean(r) && (r.taint.after & (1 << 6)) !== 0,
  },
  {
    name: "every taint flag",
    source: "taints_all",
    expected: "ok, all flags of the kernel named by letter",
    holds: (r) => clean(r) && taintLetters(r.taint.after).startsWith("PFSRMBUDAWCIOELKXTN"),
  },
  {
    name: "left behind in /dev, /sys, sysctl and debugfs",
    source: "leaves",
    loads: 1,
    expected: "ok, and four names left behind",
    holds: (r) =>
      r.status === "ok" &&
      ["/dev/", "/sys/kernel/", "/proc/sys/", "/sys/kernel/debug/"].every((place) =>
        r.leftBehind?.some((l) => l.startsWith(`${place}kport-left-behind`)),
      ),
  },
  {
    name: "oops in use",
    source: "uses",
    use: "echo oops > /sys/module/uses/parameters/wrong",
    expected: "oops in use, at wrong",
    holds: says("oops", /^in use: .* at wrong \[uses\]/),
  },
  {
    name: "hang in use",
    source: "uses",
    use: "echo hang > /sys/module/uses/parameters/wrong",
    expected: "hang in use, at wrong",
    holds: says("hang", /^in use: .*wrong \[uses\]/),
    timeouts: { exercise: SHORT },
  },
  {
    name: "soft lockup",
    source: "uses",
    use: "echo 2 > /proc/sys/kernel/watchdog_thresh; echo lockup > /sys/module/uses/parameters/wrong",
    loads: 1,
    expected: "ok, a soft lockup, taint L",
    holds: (r) => r.status === "ok" && reported(r, "soft-lockup") && taintLetters(r.taint.after).includes("L"),
  },
  {
    name: "RCU stall",
    source: "uses",
    use: "echo 3 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout; echo stall > /sys/module/uses/parameters/wrong",
    loads: 1,
    needs: "CONFIG_PREEMPT_RCU",
    expected: "ok, an RCU stall",
    holds: (r) => r.status === "ok" && reported(r, "rcu-stall"),
  },
  {
    name: "hung task",
    source: "uses",
    // Looked for each second: a busy machine's guest has few turns in the twelve that it sleeps.
    use: "echo 1 > /proc/sys/kernel/hung_task_check_interval_secs; echo 2 > /proc/sys/kernel/hung_task_timeout_secs; echo sleep > /sys/module/uses/parameters/wrong",
    loads: 1,
    expected: "ok, a hung task",
    holds: (r) => r.status === "ok" && reported(r, "hung-task"),
  },
  {
    name: "what sanitizers say",
    source: "speaks",
    loads: 1,
    expected: "ok, and findings of KASAN, UBSAN, lockdep, kmemleak and the scheduler",
    holds: (r) =>
      r.status === "ok" &&
      ["kasan", "ubsan", "lockdep", "sleeping-in-atomic", "kmemleak"].every((kind) => reported(r, kind)),
  },
  {
    name: "asks for a module",
    source: "asks_module",
    loads: 1,
    expected: "ok, and the name of the module that is not there",
    holds: (r) =>
      clean(r) &&
      r.requests?.map((q) => q.name).join() === "kport-no-kernel-has-this" &&
      r.dmesg.includes("asks_module: not there"),
  },
  {
    name: "asks for firmware",
    source: "asks_firmware",
    loads: 1,
    timeouts: { load: 30_000 },
    expected: "ok: each request is refused at once",
    holds: (r) => clean(r) && r.dmesg.includes("asks_firmware: -2") && r.dmesg.includes("asks_firmware: not there"),
  },
  {
    name: "no signature",
    source: "good",
    use: "echo 1 > /sys/module/module/parameters/sig_enforce",
    needs: "CONFIG_MODULE_SIG",
    expected: "load-failed for want of a signature, once one is asked for",
    holds: says("load-failed", /signature: this kernel loads only modules signed/),
  },
  {
    name: "missing symbol",
    source: "symbol_missing",
    expected: "load-failed, Unknown symbol kport_no_kernel_has_this",
    holds: says("load-failed", /^Unknown symbol kport_no_kernel_has_this$/),
  },
  {
    name: "GPL-only symbol",
    source: "gpl_only",
    damage: (ko) => replaced(ko, "license=GPL\0", FOREIGN_LICENCE),
    expected: "load-failed, licence",
    holds: says("load-failed", /^licence: kernel_kobj/),
  },
  {
    name: "wrong vermagic",
    source: "good",
    damage: (ko) => replaced(ko, " SMP ", " XMP "),
    expected: "load-failed, vermagic",
    holds: says("load-failed", /^vermagic differs: .*XMP/),
  },
  {
    name: "wrong symbol version",
    source: "good",
    damage: wrongVersion,
    needs: "CONFIG_MODVERSIONS",
    expected: "load-failed, symbol version",
    holds: says("load-failed", /^symbol version \(CRC\) differs/),
  },
  {
    name: "truncated",
    source: "good",
    damage: (ko) => ko.subarray(0, ko.length - 512),
    expected: "load-failed, ENOEXEC",
    holds: says("load-failed", /^ENOEXEC/),
  },
];
