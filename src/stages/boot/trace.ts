/**
 * Stack traces in the kernel's log (arch/x86/kernel/dumpstack.c). One is a single thing, however many lines it has: which of them are
 * evidence of what the module did is decided here. Frames marked `?` are what lay on the stack and may be of earlier calls, and what is
 * printed of user space (its registers and code) is the program's that made the system call: none is evidence.
 */

import { symbolPath } from "../gate/symbol-path.ts";

/** `func+0x12/0x34 [module]`, at the end of a `RIP:` line or as a frame of a call trace. */
export const FRAME = /^([A-Za-z_$.][\w.$:<>]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[([\w-]+)(?: [0-9a-f]+)?\])?/;

/** A frame's function by C's name, without what a compiler appends to a clone of one; `name [module]` where it is a module's. */
export function frameName(frame: RegExpExecArray): string {
  const symbol = (frame[1] ?? "").replace(/\.(?:isra|constprop|part|cold|llvm|lto_priv)(?:\.\d+)*/g, "");
  const name = symbolPath(symbol)?.at(-1) ?? symbol;
  return frame[2] === undefined ? name : `${name} [${frame[2]}]`;
}

export const isOfModule = (frame: string): boolean => frame.endsWith("]");

export interface Trace {
  /** The kernel's functions, from the innermost outwards: what the module called, and what called the module. */
  kernel: string[];
  /** Those of modules. Which of them are there inlining decides. */
  own: string[];
  /** Indices of its first line and of the line after its last. */
  line: number;
  end: number;
}

/** dump_stack_print_info() begins with the processor and the process (lib/dump_stack.c). */
const HEAD = /^CPU: \d+ (?:UID: \d+ )?PID: \d+ Comm: /;
const CALLS = "Call Trace:";
/** Lines between the head and the calls: taints, hardware, work queue. */
const MOST_BEFORE = 8;
const MOST_LINES = 200;
/** What belongs to a trace that has no end mark: frames, stacks, registers, code. */
const PART = /^(?:\? |<\/?[A-Z]+>$|RIP: |RSP: |R[A-Z0-9]{2}: |Code: )/;

/** Every trace in the log that is there for its own sake; those of oopses and warnings are parts of these (splat.ts). */
export function findTraces(lines: readonly string[]): Trace[] {
  const found: Trace[] = [];
  for (let i = 0; i < lines.length; i++) {
    const at = (n: number): string => (lines[n] ?? "").trim();
    if (!HEAD.test(at(i)) && at(i) !== CALLS) continue;
    let calls = i;
    while (calls < Math.min(lines.length, i + MOST_BEFORE) && at(calls) !== CALLS) calls++;
    if (at(calls) !== CALLS) continue;
    const trace: Trace = { kernel: [], own: [], line: i, end: calls + 1 };
    // What an interrupt came upon is chance.
    let interrupted = false;
    for (let n = calls + 1; n < Math.min(lines.length, i + MOST_LINES); n++) {
      const frame = FRAME.exec(at(n));
      if (frame === null && !PART.test(at(n))) break;
      trace.end = n + 1;
      if (frame !== null && !interrupted) (frame[2] === undefined ? trace.kernel : trace.own).push(frameName(frame));
      if (/^<\/(?:IRQ|NMI|SOFTIRQ)>$/.test(at(n))) interrupted = true;
      if (at(n) === "</TASK>") break;
    }
    found.push(trace);
    i = trace.end - 1;
  }
  return found;
}

/** Whether two lists of functions may be of one call chain that two compilers inlined differently: one lacks what the other has, in its order. */
export function mayBeInlined(one: readonly string[], other: readonly string[]): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  let at = 0;
  for (const f of long) if (f === short[at]) at++;
  return at === short.length;
}
