/** matrix.json: what a scheduled run over modules × kernels × c2rust × rustc came to. Additions are free, renames are not. */
import { z } from "zod";
import { list, name, text } from "../bounds.ts";

/** The things that move under a module, and the module itself. */
export const AXES = ["kernel", "c2rust", "rustc", "source"] as const;
export const axis = z.enum(AXES);
export type Axis = z.infer<typeof axis>;

/** What kport.yml says (`newest`) and what it meant when the run was planned (`6.12.95+deb12-amd64`). */
export const axisValue = z.object({
  asked: name,
  resolved: name,
  /** Of a program or folder that is named by its path: two of one name may differ. */ content: name.optional(),
});
export type AxisValue = z.infer<typeof axisValue>;

/** The versions a cell ran with; `source` is a hash of the module's files. */
export const values = z.object({ kernel: name, c2rust: name, rustc: name, source: name });
export type Values = z.infer<typeof values>;

/** Of which run a result is. `sequence` grows from run to run; times are for people, for clocks differ. */
export const runStamp = z.object({
  id: name,
  sequence: z.number(),
  at: name,
  commit: name.optional(),
  url: name.optional(),
});
export type RunStamp = z.infer<typeof runStamp>;

/** What a search for the cause found, and how. */
export const culprit = z.object({
  /** `axis`: one alone. `together`: going back on any one of several cures it. `each`: any one of several brings it about. `outside`: the last good versions fail too. `unclear`: probes gave no result. */
  kind: z.enum(["axis", "together", "each", "outside", "unclear"]),
  axes: list(
    z.object({
      axis,
      lastGood: name,
      firstBad: name,
      /** Versions between the two that gave no result. */ untold: list(name),
    }),
  ),
  probes: list(z.object({ values, answer: z.enum(["shows", "gone", "unknown"]) })),
});
export type Culprit = z.infer<typeof culprit>;

/** What one cell came to in one run. */
export const result = z.object({
  run: runStamp,
  /** `unknown`: the machine failed, which says nothing of the module. `flaky`: failed, and passed when it was run again. */
  outcome: z.enum(["pass", "fail", "flaky", "unknown"]),
  values,
  /** Over everything the outcome depends on: the same key needs no second run. */
  key: name,
  seconds: z.number(),
  /** Of a pass: why the modules were built and not run, where they were not. */
  notRun: text.optional(),
  /** The same failure has the same one in each run, and in each module that it shows in. */
  fingerprint: name.optional(),
  stage: name.optional(),
  message: text.optional(),
  /** Of a failure whose cause was looked for, in this run or an earlier one. */
  culprit: culprit.optional(),
});
export type Result = z.infer<typeof result>;

/** One combination of kport.yml. */
export const cell = z.object({
  id: name,
  /** The module's folder, and the modules of it where not all are meant. */
  module: z.object({ folder: name, names: list(name).optional(), make: name.optional() }),
  kernel: axisValue,
  c2rust: axisValue,
  rustc: axisValue,
  allowFailure: z.boolean(),
  boot: z.boolean(),
  headers: z.enum(["helpers", "translate"]),
  /** Hash of the module's files, and the content-addressed name of the cell's result. */
  source: name,
  key: name,
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
  note: text.optional(),
  culprit: culprit.optional(),
  /** The command that shows the result again. */
  reproduce: text,
  /** Earlier outcomes, oldest first, for the strip in the picture. */
  past: list(
    z.object({ outcome: result.shape.outcome, sequence: z.number(), at: name, values, fingerprint: name.optional() }),
  ),
});
export type JudgedCell = z.infer<typeof judgedCell>;

export const matrixReport = z.object({
  schemaVersion: z.literal(1),
  run: runStamp,
  kport: name,
  verdict: z.enum(["pass", "fail", "error"]),
  cells: list(judgedCell),
  /** Reports that could not be read, by name. */
  broken: list(z.object({ file: name, message: text })),
  /** What its reader should know besides. */
  notes: list(text),
});
export type MatrixReport = z.infer<typeof matrixReport>;
