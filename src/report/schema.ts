/** report.json, the product: the contract of DESIGN.md as a zod schema. Additions are free, renames are not. */
import { z } from "zod";
import { line, list, name, table, text } from "./bounds.ts";
import { fuzzed, observed, proofs } from "./evidence-schema.ts";
import { cell, runStamp } from "./matrix/schema.ts";

const severity = z.enum(["error", "warning", "note"]);

export const objectFacts = z.object({
  /** Sizes in bytes; text, data and bss as `size` counts them (alloc+exec or read-only, alloc+write, nobits). */
  bytes: z.number(),
  text: z.number(),
  data: z.number(),
  bss: z.number(),
  /** Keys that occur several times (alias, parm, parmtype, firmware) hold every value, one a line. */
  modinfo: table(text),
  /** Undefined symbols. */
  imports: list(name),
  /** Names of `__ksymtab` entries. */
  exports: list(name),
  sections: table(z.object({ size: z.number(), entries: z.number().optional() })),
});
export type ObjectFacts = z.infer<typeof objectFacts>;

export const bootStatus = z.enum([
  "ok",
  "load-failed",
  "init-failed",
  "panic",
  "oops",
  "hang",
  "unload-failed",
  "harness-error",
]);

export const bootRun = z.object({
  status: bootStatus,
  /** One line for people: which symbol is unknown, which errno init returned, which phase hung. */
  message: text.optional(),
  loaded: z.boolean(),
  unloaded: z.boolean(),
  /** Wall time from QEMU's start to its end. */
  seconds: z.number(),
  /** /proc/sys/kernel/tainted. */
  taint: z.object({ before: z.number(), after: z.number() }),
  /** The kernel's log from just before the module was loaded, one entry a line, without time stamps. */
  dmesg: list(line),
  /** What the exercise printed, one entry a line. */
  exercise: z
    .object({
      exitCode: z.number().nullable(),
      output: list(line),
      /** kport's own, for a module that brings none. */ default: z.boolean().optional(),
    })
    .optional(),
  /** Stable over boots: the same crash has the same fingerprint. */
  fingerprint: name.optional(),
  /** Whether there is proof that the module's init function was entered. */
  initRan: z.boolean().optional(),
  /** What the kernel reported in its log during the run, in order: oopses, panics, warnings, lockups, sanitizer findings. */
  splats: list(z.object({ kind: name, title: line, trace: list(line), fingerprint: name })).optional(),
  /** Names in /proc, /sys and /dev (and lines of the kernel's own lists) that were there after the unload and not before the load. */
  leftBehind: list(line).optional(),
  /** What the kernel asked modprobe for, by request_module(): names and aliases, and the modules that were loaded for it. */
  requests: list(z.object({ name: name, loaded: list(name) })).optional(),
  /** Devices that the guest had for the module, by QEMU's names. */
  devices: list(name).optional(),
  /** How the guest was started: a boot from nothing, or a saved booted guest restored. */
  start: z.enum(["cold", "warm"]).optional(),
});
export type BootRun = z.infer<typeof bootRun>;

export const boot = z.object({
  accelerator: z.enum(["kvm", "tcg"]),
  c: bootRun,
  rust: bootRun,
  /** The lowered C compiled as C, where it was asked which stage made a difference. */
  lowered: bootRun.optional(),
});

export const finding = z.object({
  /** The check's name: `missing-unit`, `modinfo`, `imports`, `init-ran`, `boot-differs`, … */
  check: name,
  severity,
  /** What is wrong, and what to do about it. */
  message: text,
  /** The module's own source, relative to the module's folder. */
  file: name.optional(),
  line: z.number().int().positive().optional(),
  /** The two sides where the check compared something. */
  c: text.optional(),
  rust: text.optional(),
  /** Which stage made the difference: `lower` where the lowered C, compiled as C, shows it too; `transpile` (c2rust and what mends its Rust) where it does not; `both` where it shows another one. */
  stage: z.enum(["lower", "transpile", "both"]).optional(),
});
export type Finding = z.infer<typeof finding>;

export const stageName = z.enum([
  "capture",
  "lower",
  "transpile",
  "assemble",
  "print",
  "build",
  "inspect",
  "compare",
  "prove",
  "boot",
  "fuzz",
  "lowered",
]);
export const stage = z.object({
  name: stageName,
  status: z.enum(["ok", "failed", "skipped"]),
  seconds: z.number(),
  cached: z.boolean(),
  /** When the result was computed, where that was in an earlier run. */
  reused: z.iso.datetime().optional(),
  message: text.optional(),
});
export type StageResult = z.infer<typeof stage>;

export const unit = z.object({
  /** The C file, relative to the module's folder (`../common/ring.c` where it lies outside). */
  file: name,
  status: z.enum(["ok", "failed"]),
  cLines: z.number(),
  rustLines: z.number(),
  functions: z.number(),
  unsafe: z.object({
    blocks: z.number(),
    functions: z.number(),
    rawPointerDerefs: z.number(),
    staticMut: z.number(),
    asm: z.number(),
  }),
  /** `as` in expressions. Absent in older reports. */
  casts: z.number().optional(),
  /** What stayed in C, behind a helper, and why. */
  keptInC: list(z.object({ name: name, reason: text })),
  seconds: z.number(),
});
export type UnitReport = z.infer<typeof unit>;

/** What changed in the numbers since an earlier report on the same module (`src/report/delta.ts` makes it). */
export const delta = z.object({
  /** What was compared with: a commit, a branch, a folder. */
  base: name,
  verdict: z.object({ base: z.enum(["pass", "fail", "error"]), head: z.enum(["pass", "fail", "error"]) }),
  /** Only what both reports hold; `unit` is bytes, seconds or a count of things. */
  metrics: list(
    z.object({ name: name, unit: z.enum(["bytes", "seconds", "count"]), base: z.number(), head: z.number() }),
  ),
  /** Imports of the Rust module. */
  imports: z.object({ added: list(name), removed: list(name) }),
  exports: z.object({ added: list(name), removed: list(name) }),
  findings: z.object({ added: list(finding), fixed: list(finding) }),
  /** Functions of both that are no longer proved, or are by now. Absent in older reports, and where one has no proofs. */
  proofs: z.object({ lost: list(name), gained: list(name) }).optional(),
});
export type Delta = z.infer<typeof delta>;

/** How far both modules were taken, and so what was compared. */
export const compared = z.object({
  /**
   * `run`: both were loaded, and their init ran to its end. `load`: both were loaded, and have no init. `objects`: both were built, and at
   * least one of them was not run. `nothing`: one was not built.
   */
  extent: z.enum(["nothing", "objects", "load", "run"]),
  /** Why it is not more; one line. */
  reason: line.optional(),
});
export type Compared = z.infer<typeof compared>;

export const report = z.object({
  schemaVersion: z.literal(1),
  /**
   * `pass`: nothing that was compared differs, and every stage that was to run did. What was compared `compared` says: readers that know
   * it show a pass as one where `extent` is `run` or `load` only, else as "built, not run" (`outcomeOf` in compared.ts).
   */
  verdict: z.enum(["pass", "fail", "error"]),
  /** Absent in older reports, whose boots say it. */
  compared: compared.optional(),
  module: z.object({ name: name, dir: name, commit: name.optional() }),
  kernel: z.object({ release: name, arch: name, compiler: name }),
  tools: z.object({ clang: name, bear: name, c2rust: text, rustc: text, qemu: name, kport: name }),
  stages: list(stage),
  units: list(unit),
  /** Absent sides: the stage that makes them was not reached. */
  objects: z.object({
    c: objectFacts.optional(),
    rust: objectFacts.optional(),
    /** The lowered C compiled as C. */ lowered: objectFacts.optional(),
  }),
  findings: list(finding),
  boot: boot.partial({ c: true, rust: true }).optional(),
  /** What changed in the Rust against `base`; `patch` is a unified diff. */
  diff: z
    .object({
      base: name,
      files: list(z.object({ file: name, added: z.number(), removed: z.number(), patch: text })),
      added: z.number(),
      removed: z.number(),
    })
    .optional(),
  delta: delta.optional(),
  /** Own functions that the port has as they read in C; the others keep what c2rust made of them, each with its reason. Comments and macro invocations are those of the printed functions. */
  printed: z
    .object({
      functions: z.number(),
      kept: list(z.object({ file: name, name: name, reason: text })),
      /** By what the printed functions passed: the same machine code as c2rust's text, or compared with the lowered C as in `proofs`. Absent in older reports. */
      passed: z.object({ sameMachineCode: z.number(), sameCode: z.number(), proved: z.number() }).optional(),
      comments: z.object({ kept: z.number(), all: z.number() }),
      macros: z.object({ named: z.number(), expanded: z.number() }),
      /** Of the module's own variables: those that read as in C, and those that keep c2rust's text. Absent in older reports. */
      items: z
        .object({ printed: z.number(), kept: list(z.object({ file: name, name: name, reason: text })) })
        .optional(),
      /** Of the inline functions of the kernel's headers that are Rust, a unit each: those that are printed from clang's facts, and those that keep c2rust's text. Absent in older reports. */
      headers: z
        .object({ printed: z.number(), kept: list(z.object({ file: name, name: name, reason: text })) })
        .optional(),
      /** Of the rewrites of the crate as a whole: those that left the machine code as it was, and those that did not. */
      rewrites: z.object({ taken: z.number(), refused: list(z.object({ name: name, reason: text })) }).optional(),
    })
    .optional(),
  /** Function by function, the strongest reason there is to believe that the Rust does what the C does. */
  proofs: proofs.optional(),
  /** Function by function, how much of it ran in the C boot and in the Rust boot. Absent in older reports, and where nothing was booted. */
  observed: observed.optional(),
  /** Where calls were generated (`--fuzz`). */
  fuzz: fuzzed.optional(),
  /** C and Rust side by side, a function each, for the HTML report. */
  functions: list(z.object({ name: name, file: name, line: z.number(), c: text, rust: text })).optional(),
  /** The cell of a matrix that this was, and in which run. */
  cell: z
    .object({ cell, run: runStamp, /** Of the whole cell, waiting for tools included. */ seconds: z.number() })
    .optional(),
});
export type Report = z.infer<typeof report>;
