/** matrix.json: what a scheduled run over modules × kernels × c2rust × rustc came to. Additions are free, renames are not. */
import { z } from "zod";

/** The things that move under a module, and the module itself. */
export const AXES = ["kernel", "c2rust", "rustc", "source"] as const;
export const axis = z.enum(AXES);
export type Axis = z.infer<typeof axis>;

/** What kport.yml says (`newest`) and what it meant when the run was planned (`6.12.95+deb12-amd64`). */
export const axisValue = z.object({ asked: z.string(), resolved: z.string(), /** Of a program or folder that is named by its path: two of one name may differ. */ content: z.string().optional() });
export type AxisValue = z.infer<typeof axisValue>;

/** The versions a cell ran with; `source` is a hash of the module's files. */
export const values = z.object({ kernel: z.string(), c2rust: z.string(), rustc: z.string(), source: z.string() });
export type Values = z.infer<typeof values>;

/** Of which run a result is. `sequence` grows from run to run; times are for people, for clocks differ. */
export const runStamp = z.object({ id: z.string(), sequence: z.number(), at: z.string(), commit: z.string().optional(), url: z.string().optional() });
export type RunStamp = z.infer<typeof runStamp>;

/** What a search for the cause found, and how. */
export const culprit = z.object({
  /** `axis`: one alone. `together`: going back on any one of several cures it. `each`: any one of several brings it about. `outside`: the last good versions fail too. `unclear`: probes gave no result. */
  kind: z.enum(["axis", "together", "each", "outside", "unclear"]),
  axes: z.array(z.object({ axis, lastGood: z.string(), firstBad: z.string(), /** Versions between the two that gave no result. */ untold: z.array(z.string()) })),
  probes: z.array(z.object({ values, answer: z.enum(["shows", "gone", "unknown"]) })),
});
export type Culprit = z.infer<typeof culprit>;

/** What one cell came to in one run. */
export const result = z.object({
  run: runStamp,
  /** `unknown`: the machine failed, which says nothing of the module. `flaky`: failed, and passed when it was run again. */
  outcome: z.enum(["pass", "fail", "flaky", "unknown"]),
  values,
  /** Over everything the outcome depends on: the same key needs no second run. */
  key: z.string(),
  seconds: z.number(),
  /** Of a pass: why the modules were built and not run, where they were not. */
  notRun: z.string().optional(),
  /** The same failure has the same one in each run, and in each module that it shows in. */
  fingerprint: z.string().optional(),
  stage: z.string().optional(),
  message: z.string().optional(),
  /** Of a failure whose cause was looked for, in this run or an earlier one. */
  culprit: culprit.optional(),
});
export type Result = z.infer<typeof result>;

/** One combination of kport.yml. */
export const cell = z.object({
  id: z.string(),
  /** The module's folder, and the modules of it where not all are meant. */
  module: z.object({ folder: z.string(), names: z.array(z.string()).optional(), make: z.string().optional() }),
  kernel: axisValue,
  c2rust: axisValue,
  rustc: axisValue,
  allowFailure: z.boolean(),
  boot: z.boolean(),
  headers: z.enum(["helpers", "translate"]),
  /** Hash of the module's files, and the content-addressed name of the cell's result. */
  source: z.string(),
  key: z.string(),
});
export type Cell = z.infer<typeof cell>;

export const state = z.enum(["pass", "new-failure", "still-failing", "fixed", "flaky", "unknown", "left-out"]);
export type State = z.infer<typeof state>;

export const judgedCell = z.object({
  cell,
  state,
  /** Absent where nothing is known of the cell yet. */
  result: result.optional(),
  /** How the result came about: run now, taken from an earlier run with the same key, or not at all (why is in `note`). */
  origin: z.enum(["run", "reused", "none"]),
  note: z.string().optional(),
  culprit: culprit.optional(),
  /** The command that shows the result again. */
  reproduce: z.string(),
  /** Earlier outcomes, oldest first, for the strip in the picture. */
  past: z.array(z.object({ outcome: result.shape.outcome, sequence: z.number(), at: z.string(), values, fingerprint: z.string().optional() })),
});
export type JudgedCell = z.infer<typeof judgedCell>;

export const matrixReport = z.object({
  schemaVersion: z.literal(1),
  run: runStamp,
  kport: z.string(),
  verdict: z.enum(["pass", "fail", "error"]),
  cells: z.array(judgedCell),
  /** Reports that could not be read, by name. */
  broken: z.array(z.object({ file: z.string(), message: z.string() })),
  /** What its reader should know besides. */
  notes: z.array(z.string()),
});
export type MatrixReport = z.infer<typeof matrixReport>;
