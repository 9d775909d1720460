/** What is to be done with a module in a guest. */
import type { Dependency } from "./dependencies.ts";
import type { ModuleFile } from "./module-file.ts";

export type Phase = "boot" | "load" | "exercise" | "unload";

/** Milliseconds each phase may take; every load and every unload has its own. */
export interface Timeouts {
  boot: number;
  load: number;
  exercise: number;
  unload: number;
}

/** What is done in the guest. Paths are the guest's. */
export interface Plan {
  module: ModuleFile;
  /** Modules loaded before it, in order. */
  dependencies: readonly Dependency[];
  /** `default` when the module brings none of its own. */
  exercise: "own" | "default" | "none";
  /** How often it is loaded and unloaded in all. */
  loads: number;
  timeouts: Timeouts;
  kernel: { release: string; buildDir: string };
  /** Is told what the module offers to user space, once it is loaded (guest/offers.h). */
  onOffers?: (offers: readonly string[]) => void;
}

/** Where the module, and each dependency, lies in the guest. */
export const SUBJECT = "/payload/subject.ko";
export const dependencyPath = (i: number): string => `/payload/${i}.ko`;

/** What the two ways to start a guest do differently. Timeouts in milliseconds. */
export interface Start {
  /** Returns when the guest's agent awaits the token. */
  awake(timeout: number): Promise<void>;
  /** Brings this run's files in, where they are not there from the start. */
  handIn(timeout: number): Promise<void>;
}
