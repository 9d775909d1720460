/** The module that is checked, as all its stages know it. */
import path from "node:path";
import type { ModuleProofs } from "./prove-module.ts";
import type { StageRecorder } from "./stage-recorder.ts";
import type { Work } from "./work.ts";
import type { Captured } from "../stages/capture/index.ts";
import type { CapturedModule } from "../stages/capture/captured-modules.ts";
import type { AsWritten } from "../stages/prove/as-written.ts";
import type { UnitIr } from "../stages/prove/unit-ir.ts";

export interface Subject {
  work: Work;
  captured: Captured;
  module: CapturedModule;
  /** The names of its units, as Rust's modules have them; in the order of its objects. */
  names: readonly string[];
  recorder: StageRecorder;
  /** A folder for this module's files. */
  scratch: string;
  /** LLVM IR of its units. */
  ir: UnitIr;
  /** What is shown of them before there is any Rust. */
  asWritten: AsWritten;
  proofs: ModuleProofs;
}

/** A file of the working copy, as the module's folder names it. */
export function relativeIn(captured: Captured, file: string): string {
  return path.relative(captured.copy.dir, file);
}

/** The folder that the module is built in, as the user has it, and the one that was asked for. */
export function ownFolders({ work, captured, module }: Subject): [string, string] {
  const { dir } = work.request;
  const within = relativeIn(captured, module.builtIn);
  return [within.startsWith("..") ? dir : path.join(dir, within), dir];
}
