/**
 * What may differ between two boots of the same behaviour. Each rule says why; `compare.ts` lists every rule that was needed to make
 * two lines equal, so nothing is dropped silently.
 */

import { plainName } from "../inspect/code.ts";

export interface KnownDifference {
  name: string;
  /** For people: why this may differ. */
  why: string;
  pattern: RegExp;
  stand: string | ((found: string) => string);
}

/** In the order they are applied. None is tried at each character of what it has just read: the lines are a stranger's. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: "Rust's symbols",
    why: "%ps and its kind print a symbol, which of a function that C keeps to its file is the path to it in Rust, with its name at the end",
    pattern: /(?<!\w)_R[A-Z]\w+/g,
    stand: plainName,
  },
  {
    name: "code offsets",
    why: "where in a function the code was depends on the compiler",
    pattern: /\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?/g,
    stand: "+OFFSET",
  },
  // The kernel's own addresses begin with ffff, a user's and a hash with 0000: other numbers of sixteen digits are data.
  {
    name: "addresses",
    why: "memory is laid out anew in each boot, and %p is hashed with a key drawn at boot",
    pattern: /\(____ptrval____\)|\(ptrval\)|\b(?:0x)?(?:ffff|0000)[0-9a-f]{12}\b/g,
    stand: "ADDRESS",
  },
  {
    name: "process numbers",
    why: "a process gets the next free number",
    pattern: /\b(pid|PID|tgid|comm pid|task)([ =:]+)\d+/g,
    stand: "$1$2PID",
  },
  {
    name: "durations",
    why: "time passes differently in each boot",
    pattern:
      /(?<! ) *\b\d+(?:\.\d+)?( ?)(ns|nsecs?|nanoseconds?|us|usecs?|microseconds?|ms|msecs?|milliseconds?|s|secs?|seconds?|jiffies|cycles)\b/g,
    stand: " TIME$1$2",
  },
  {
    name: "processors",
    why: "which processor runs a thread is the scheduler's choice",
    pattern: /\b(CPU)([ #:]*)\d+/g,
    stand: "$1$2N",
  },
  {
    name: "hardware addresses",
    why: "a virtual device draws its address at random",
    pattern: /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g,
    stand: "MAC",
  },
  {
    name: "shares of free memory",
    why: "a block device's limit in bytes is its ratio, which is compared beside it, of the memory that is free just then (bdi_get_bytes in mm/page-writeback.c)",
    pattern: /(\/bdi\/\d+:\d+\/(?:max|min)_bytes:)\d+$/g,
    stand: "$1BYTES",
  },
  {
    name: "times of a block device",
    why: "of its statistics the 4th, 8th, 10th, 11th, 15th and 17th number are milliseconds (Documentation/block/stat.rst)",
    pattern:
      /(\/block\/[^\s/]+(?:\/[^\s/]+)?\/stat:(?:\s+\d+){3})\s+\d+((?:\s+\d+){3})\s+\d+(\s+\d+)\s+\d+\s+\d+(?:((?:\s+\d+){3})\s+\d+)?(?:(\s+\d+)\s+\d+)?$/g,
    stand: "$1 MS$2 MS$3 MS MS$4 MS$5 MS",
  },
  {
    name: "module sizes",
    why: "code of two compilers has two sizes",
    pattern: /\b(module|Module)( size:? )\d+/g,
    stand: "$1$2SIZE",
  },
];

/** What a kernel says of the machine it runs on whatever module is loaded: a slow host makes its clocks look unsteady. */
const OF_THE_MACHINE =
  /^tsc: |^clocksource: (?:tsc: |Switched to clocksource tsc|Long readout interval|timekeeping watchdog)|^hrtimer: interrupt took \d+ ns/;

export function concernsMachine(line: string): boolean {
  return OF_THE_MACHINE.test(line);
}

/** A line with everything that may differ replaced, and the names of the rules that replaced something. */
export function normalise(line: string): { text: string; rules: string[] } {
  let text = line.trimEnd();
  const rules: string[] = [];
  for (const rule of KNOWN_DIFFERENCES) {
    const { pattern, stand } = rule;
    const replaced = typeof stand === "string" ? text.replace(pattern, stand) : text.replace(pattern, stand);
    if (replaced !== text) rules.push(rule.name);
    text = replaced;
  }
  return { text, rules };
}
