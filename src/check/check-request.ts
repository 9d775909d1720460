/** What the doors ask of the pipeline: check one folder of modules against one kernel. */
import type { Report } from "../report/schema.ts";

export interface CheckRequest {
  /** The folder that holds the makefile. Absolute. */
  dir: string;
  /** How far up the module may reach with `../` and links. Absolute; the git repository that holds `dir`, else `dir` alone, when absent. */
  root?: string;
  /** The modules to check where the folder builds several; all of them when absent. */
  modules?: string[];
  /** A version prefix or a build folder; the first usable kernel when absent. */
  kernel?: string;
  /** A version, or a program's path; the one kport is made for when absent. */
  c2rust?: string;
  /** A version prefix, or a program's path; the first fit one when absent. */
  rustc?: string;
  boot: boolean;
  /** Build and boot the lowered C too, also where nothing differs. */
  threeWay?: boolean;
  /** The least share of functions, in percent, that has to be the same code or proved. */
  requireProof?: number;
  /** Generate calls for so long, the same ones for the same seed. */
  fuzz?: { seconds: number; seed: number };
  headers: "helpers" | "translate";
  /** The command that builds the C module, where the folder's own makefile does not do. */
  make?: string;
  /** Where `report.json`, `port/` and the rest go: directly for one module, a folder a module for several. Absolute. */
  out: string;
  signal?: AbortSignal;
}

/** Resolves with one report a module, also when a module fails; rejects with UserError or EnvironmentError only. */
export type Check = (request: CheckRequest) => Promise<Report[]>;
