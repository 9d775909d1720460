/**
 * What the kernel reports of itself in its log: oopses, panics, warnings, lockups, sanitizer findings. Read from lines without time
 * stamps. The texts are those of 6.1 to 7.2; where they come from is named beside each.
 */
import { contentKey } from "../../machine/cache.ts";
import { SplatNames } from "./same-report.ts";
import { FRAME, findTraces, frameName, isOfModule } from "./trace.ts";

export type SplatKind =
  | "oops"
  | "panic"
  | "warning"
  | "soft-lockup"
  | "hard-lockup"
  | "hung-task"
  | "rcu-stall"
  | "lockdep"
  | "sleeping-in-atomic"
  | "kasan"
  | "ubsan"
  | "kmemleak"
  | "list-corruption";

export interface Splat {
  kind: SplatKind;
  /** The line that names it, without addresses. */
  title: string;
  /** Functions from the innermost outwards, `name [module]`, without offsets; unreliable (`?`) frames left out. */
  trace: string[];
  /** The same bug has the same fingerprint in each boot and on each kernel. */
  fingerprint: string;
  /** Indices of its first line and of the line after its last. */
  line: number;
  end: number;
}

/** Heads of reports, most specific first. */
const HEADS: readonly [SplatKind, RegExp][] = [
  // kernel/panic.c
  ["panic", /^Kernel panic - not syncing: /],
  // mm/kasan/report.c, lib/ubsan.c
  ["kasan", /^BUG: KASAN: /],
  ["ubsan", /^UBSAN: /],
  // kernel/watchdog.c
  ["soft-lockup", /^watchdog: BUG: soft lockup - /],
  ["hard-lockup", /^(?:NMI )?watchdog: (?:CPU\d+: )?Watchdog detected hard LOCKUP|^watchdog: BUG: hard lockup/],
  // kernel/hung_task.c, kernel/rcu/tree_stall.h
  ["hung-task", /^INFO: task .+ blocked (?:in I\/O wait )?for more than \d+ seconds/],
  [
    "rcu-stall",
    /^rcu: INFO: \w+ (?:self-)?detected (?:expedited )?stalls?|^rcu: INFO: \w+ detected (?:expedited )?stalls/,
  ],
  // kernel/locking/lockdep.c
  [
    "lockdep",
    /^WARNING: (?:possible |inconsistent |suspicious RCU|bad unlock|held lock freed|lock held when|nested lock)/,
  ],
  // kernel/sched/core.c
  [
    "sleeping-in-atomic",
    /^BUG: (?:sleeping function called from invalid context|scheduling while atomic|Invalid wait context)/,
  ],
  // lib/list_debug.c: the words before the BUG or WARN of the same event
  ["list-corruption", /^list_(?:add|del) corruption/],
  // mm/kmemleak.c
  ["kmemleak", /^kmemleak: \d+ new suspected memory leaks/],
  // arch/x86/mm/fault.c, lib/bug.c, arch/x86/kernel/{traps,dumpstack}.c
  [
    "oops",
    /^BUG: (?:kernel NULL pointer dereference|unable to handle|stack guard page|TASK stack guard|IRQ stack guard)|^kernel BUG at |^(?:Oops: )?(?:general protection fault|stack segment|invalid opcode|divide error|double fault|segment not present|alignment check|int3|control protection fault|invalid TSS|bounds)\b.*\[#\d+\]|^Oops: |^unable to handle kernel|^kernel tried to execute NX|^traps: PANIC: double fault/,
  ],
  // lib/bug.c
  ["warning", /^WARNING: /],
];

/** Every report in the log, in order. The lines of one oops (its BUG line, its Oops line, the panic it ends in) are one report. */
export function findSplats(lines: readonly string[]): Splat[] {
  const found: Splat[] = [];
  // Where the last end mark is: a log may be heads of one report from its first line to its last.
  let lastEnd = -1;
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? "").trim();
    if (END_MARK.test(line)) lastEnd = i;
    const kind = HEADS.find(([, head]) => head.test(line))?.[0];
    if (kind === undefined) continue;
    const last = found.at(-1);
    if (last !== undefined && continues(last, kind, line, i, lastEnd >= last.line)) {
      if (last.kind === "list-corruption") last.kind = kind;
      last.end = Math.max(last.end, i + 1);
      continue;
    }
    const { trace, end } = traceAfter(lines, i);
    found.push({
      kind,
      title: withoutAddresses(line),
      trace,
      fingerprint: fingerprintOf(kind, line, trace),
      line: i,
      end,
    });
  }
  return found;
}

/** Whether a head belongs to the report before it: an oops names itself up to three times, and ends in a panic with oops=panic. */
function continues(last: Splat, kind: SplatKind, line: string, i: number, ended: boolean): boolean {
  if (kind === "panic") return last.kind === "oops" && /Fatal exception/.test(line);
  if (kind === "oops")
    return (last.kind === "oops" || last.kind === "list-corruption" || last.kind === "hard-lockup") && !ended;
  if (kind === "warning") return last.kind === "list-corruption" && !ended && i - last.line <= 3;
  return false;
}

/** A line of the log, or all those of a report or trace as one. */
export interface LogLine {
  text: string;
  /** The modules' functions in the trace; which of them are there is the compiler's choice, so that they are no part of the text. */
  frames?: string[];
}

const CUT = /^-+\[ cut here \]-+$/;
const END_MARK = /^---\[ end trace /;

/** The log with each report and each trace folded into one line: registers, stack contents and the path of a trace differ between compilers. */
export function foldSplats(lines: readonly string[], names = new SplatNames()): LogLine[] {
  const out: LogLine[] = [];
  const plain = (some: readonly string[]): void => {
    let next = 0;
    for (const trace of findTraces(some)) {
      out.push(...some.slice(next, trace.line).map((text) => ({ text })), {
        text: `(stack trace: ${trace.kernel.join(" < ")})`,
        frames: trace.own,
      });
      next = trace.end;
    }
    out.push(...some.slice(next).map((text) => ({ text })));
  };
  let next = 0;
  for (const splat of findSplats(lines)) {
    const before = lines.slice(next, splat.line);
    if (CUT.test((before.at(-1) ?? "").trim())) before.pop();
    plain(before);
    out.push({ text: `(${names.of(splat)})`, frames: splat.trace.filter(isOfModule) });
    next = splat.end;
  }
  plain(lines.slice(next));
  return out;
}

/** Functions that print a report or lead to it; they are on the stack of every report and say nothing of its cause. */
const MESSENGERS = new Set([
  "dump_stack",
  "dump_stack_lvl",
  "__dump_stack",
  "show_stack",
  "panic",
  "vpanic",
  "panic.cold",
  "print_report",
  "kasan_report",
  "__warn",
  "report_bug",
  "handle_bug",
  "exc_invalid_op",
  "asm_exc_invalid_op",
  "ubsan_epilogue",
]);

/** Functions of the first register dump and call trace after line `from`, and where the report ends. */
function traceAfter(lines: readonly string[], from: number): { trace: string[]; end: number } {
  const trace: string[] = [];
  let inTrace = false;
  let end = from + 1;
  for (let i = from; i < Math.min(lines.length, from + 200); i++) {
    const line = (lines[i] ?? "").trim();
    if (i > from && /^---\[ end /.test(line)) {
      end = i + 1;
      break;
    }
    if (i > from && CUT.test(line)) break;
    const at = /^(?:RIP: [0-9a-f]{4}:|WARNING: .*? at \S+ )(.*)$/.exec(line)?.[1];
    const frame = FRAME.exec(at ?? (inTrace ? line : ""));
    if (frame !== null) {
      const name = frameName(frame);
      if (trace.at(-1) !== name && !MESSENGERS.has(name)) trace.push(name);
      end = i + 1;
    }
    if (/^<\/TASK>$/.test(line)) inTrace = false;
    if (/^Call Trace:$/.test(line)) inTrace = true;
  }
  return { trace, end };
}

/** Numbers that differ from boot to boot are taken out of a title: addresses, CPU, pid, error codes stay. */
export function withoutAddresses(text: string): string {
  return (
    text
      // A fault close to zero is a member's offset from a null pointer: that is the bug's own.
      .replace(/\b0{12}([0-9a-f]{4})\b/g, (_, offset: string) => `0x${Number.parseInt(offset, 16).toString(16)}`)
      .replace(/\b(?:0x)?[0-9a-f]{16}\b/g, "ADDRESS")
      // Out-of-tree modules are compiled under their absolute paths.
      .replace(/(?<![^\s:])[^\s:]+:\d+/g, withoutFolders)
      .replace(/\bCPU[:#]? ?\d+/g, "CPU")
      .replace(/\bPID: \d+/g, "PID")
      .replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/g, "")
      .replace(/ stuck for \d+s!.*/, "")
      .replace(/\[#\d+\]/, "")
      .trim()
  );
}

/** `/home/u/m/a.c:12` as `a.c:12`, and what stands in front of the path as it is. */
function withoutFolders(place: string): string {
  const [first, last] = [place.indexOf("/"), place.lastIndexOf("/")];
  return first === last || place[last + 1] === ":" ? place : place.slice(0, first) + place.slice(last + 1);
}

/**
 * A fingerprint is made of the kind and the module's own frames (at most five); where the module is not on the stack, of the three innermost
 * functions. The kernel's own frames differ from one version to the next.
 */
function fingerprintOf(kind: SplatKind, line: string, trace: readonly string[]): string {
  const own = trace.filter((f) => f.endsWith("]")).slice(0, 5);
  const frames = own.length > 0 ? own : trace.slice(0, 3);
  const words = kind === "panic" || frames.length === 0 ? withoutAddresses(line) : "";
  return contentKey([kind, words, ...frames]).slice(0, 16);
}

/** The first call trace in the answer of a hung kernel that the module is in; else the first one at all. */
export function traceOf(lines: readonly string[], module: string): string[] {
  const starts = lines.flatMap((l, i) => (/^(?:RIP: |Call Trace:|NMI backtrace|task:)/.test(l.trim()) ? [i] : []));
  const traces = starts.map((i) => traceAfter(lines, i).trace).filter((t) => t.length > 0);
  return traces.find((t) => t.some((f) => f.endsWith(` [${module}]`))) ?? traces[0] ?? [];
}
